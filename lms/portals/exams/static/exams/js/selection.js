/* Rows stay chosen from page to page of a list: [data-selection="key"] keeps their ids for this tab until the page
   that says what was done, [data-selection-done="key"]. Whoever cancels finds the choice as it was. */
import { text } from "../../sen/js/text.js";

for (const done of document.querySelectorAll("[data-selection-done]")) {
  sessionStorage.removeItem(`sen-selection-${done.dataset.selectionDone}`);
}
for (const scope of document.querySelectorAll("[data-selection]")) {
  const key = `sen-selection-${scope.dataset.selection}`;
  const ids = new Set(JSON.parse(sessionStorage.getItem(key) ?? "[]"));
  const boxes = () => [...scope.querySelectorAll("[data-bulk-row]")];
  const show = () => {
    const bar = scope.querySelector("[data-bulk-bar]");
    const count = scope.querySelector("[data-bulk-count]");
    if (bar) bar.hidden = ids.size === 0;
    if (count) count.textContent = text("selected", { count: ids.size.toLocaleString(document.documentElement.lang) });
    const elsewhere = scope.querySelector("[data-selection-elsewhere]");
    const here = new Set(boxes().map((box) => box.value));
    elsewhere.replaceChildren(
      ...[...ids].filter((id) => !here.has(id)).map((id) => {
        const input = document.createElement("input");
        input.type = "hidden";
        input.name = "item";
        input.value = id;
        return input;
      }),
    );
    sessionStorage.setItem(key, JSON.stringify([...ids]));
  };
  for (const box of boxes()) box.checked = ids.has(box.value);
  scope.addEventListener("change", (event) => {
    if (!event.target.matches("[data-bulk-all], [data-bulk-row]")) return;
    setTimeout(() => { // after the design system has ticked all rows and counted them
      for (const box of boxes()) box.checked ? ids.add(box.value) : ids.delete(box.value);
      show();
    });
  });
  scope.addEventListener("click", (event) => {
    if (!event.target.closest("[data-bulk-clear]")) return;
    ids.clear();
    setTimeout(show);
  });
  for (const box of boxes().slice(0, 1)) box.dispatchEvent(new Event("change", { bubbles: true }));
  setTimeout(show);
}
