/* The attendance sheet: "everybody is present" fills in the choices for a look before saving, and the figures follow. */
const form = document.querySelector("[data-attendance]");

function count() {
  const figures = new Map();
  const rows = form.querySelectorAll("fieldset");
  for (const row of rows) {
    const value = row.querySelector("input:checked")?.value ?? "";
    figures.set(value, (figures.get(value) ?? 0) + 1);
  }
  for (const place of form.querySelectorAll("[data-presence-count]")) {
    place.textContent = (figures.get(place.dataset.presenceCount) ?? 0).toLocaleString(document.documentElement.lang);
  }
}

form?.addEventListener("change", count);

form?.querySelector("[data-mark-all]")?.addEventListener("click", (event) => {
  event.preventDefault();
  for (const choice of form.querySelectorAll(`input[value="${event.currentTarget.dataset.markAll}"]`)) choice.checked = true;
  form.dispatchEvent(new Event("input", { bubbles: true }));
  count();
});
