/* Rows stay chosen from page to page of a list: [data-selection="key"] keeps their ids for this tab. */
import { text } from "../../sen/js/text.js";

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
    for (const box of boxes()) box.checked ? ids.add(box.value) : ids.delete(box.value);
    setTimeout(show); // after the design system's own count
  });
  scope.addEventListener("click", (event) => {
    if (!event.target.closest("[data-bulk-clear]")) return;
    ids.clear();
    setTimeout(show);
  });
  scope.addEventListener("submit", () => sessionStorage.removeItem(key));
  for (const box of boxes().slice(0, 1)) box.dispatchEvent(new Event("change", { bubbles: true }));
  setTimeout(show);
}
