// The key grid: type letters, the cursor moves on by itself; arrows and Enter walk as in a spreadsheet.
// Without this module the grid is a plain form.

const grid = document.querySelector("[data-key-grid]");

if (grid) {
  const rows = [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input")]);
  const placeOf = (field) => {
    const row = rows.findIndex((fields) => fields.includes(field));
    return [row, rows[row].indexOf(field)];
  };
  const go = (row, column) => {
    const field = rows[row]?.[column];
    field?.focus();
    field?.select();
  };
  /** Move to the next field, or to the code of the next candidate who can be entered. */
  const next = (field) => {
    const [row, column] = placeOf(field);
    if (column + 1 < rows[row].length) return go(row, column + 1);
    const following = rows.findIndex((fields, index) => index > row && fields.length > 0);
    if (following > 0) go(following, 0);
    else grid.querySelector("button.btn-primary")?.focus();
  };

  grid.addEventListener("input", (event) => {
    const field = event.target;
    const letters = field.dataset?.letters;
    if (!letters) return;
    const typed = field.value.trim().toUpperCase();
    field.value = letters.includes(typed) ? typed : "";
    field.toggleAttribute("aria-invalid", false);
    if (field.value) next(field);
  });
  grid.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches("tbody input")) return;
    const [row, column] = placeOf(field);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      for (let index = row + step; index >= 0 && index < rows.length; index += step) {
        if (rows[index].length) return go(index, column);
      }
    } else if (event.key === "Enter" && !event.ctrlKey) {
      event.preventDefault();
      next(field);
    } else if (event.key === " " && field.dataset.letters) {
      event.preventDefault(); // the space bar leaves a question out
      field.value = "-";
      next(field);
    } else if (event.key === "ArrowRight" && field.selectionStart === field.value.length && column + 1 < rows[row].length) {
      event.preventDefault();
      go(row, column + 1);
    } else if (event.key === "ArrowLeft" && field.selectionEnd === 0 && column > 0) {
      event.preventDefault();
      go(row, column - 1);
    }
  });
}
