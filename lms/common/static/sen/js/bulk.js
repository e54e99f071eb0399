/* Choosing rows: a [data-bulk] holds [data-bulk-row] boxes, one [data-bulk-all], a [data-bulk-bar] with [data-bulk-count]. */
import { text } from "./text.js";

function update(scope) {
  const rows = [...scope.querySelectorAll("[data-bulk-row]")];
  const chosen = rows.filter((row) => row.checked);
  const all = scope.querySelector("[data-bulk-all]");
  if (all) {
    all.checked = rows.length > 0 && chosen.length === rows.length;
    all.indeterminate = chosen.length > 0 && chosen.length < rows.length;
  }
  for (const row of rows) row.closest("tr")?.setAttribute("aria-selected", String(row.checked));
  const bar = scope.querySelector("[data-bulk-bar]");
  if (bar) bar.hidden = chosen.length === 0;
  const count = scope.querySelector("[data-bulk-count]");
  if (count) count.textContent = text("selected", { count: chosen.length.toLocaleString(document.documentElement.lang) });
}

document.addEventListener("change", (event) => {
  const scope = event.target.closest("[data-bulk]");
  if (!scope) return;
  if (event.target.matches("[data-bulk-all]")) {
    for (const row of scope.querySelectorAll("[data-bulk-row]:not(:disabled)")) row.checked = event.target.checked;
  }
  if (event.target.matches("[data-bulk-all], [data-bulk-row]")) update(scope);
});

document.addEventListener("click", (event) => {
  const clear = event.target.closest("[data-bulk-clear]");
  if (!clear) return;
  const scope = clear.closest("[data-bulk]");
  for (const row of scope.querySelectorAll("[data-bulk-row]")) row.checked = false;
  update(scope);
});

for (const scope of document.querySelectorAll("[data-bulk]")) update(scope);
