// The matrix of a blueprint while it is being edited: totals at once, and what the bank has a moment later.
// Without this module the button "Add up and check" does the same.

import { csrfToken } from "../../sen/js/requests.js";

const form = document.querySelector("[data-matrix]");
const format = new Intl.NumberFormat(document.documentElement.lang || "vi", { maximumFractionDigits: 2 });
const number = (text) => {
  const value = Number.parseFloat(String(text ?? "").trim().replace(",", "."));
  return Number.isFinite(value) && value > 0 ? value : 0;
};

/** Return the points of one slot: its own, else those of its kind and level. */
function pointsOf(name) {
  const own = form.elements[`q-${name}`];
  const [, level, kind] = name.match(/^\d+-([^-]*)-(.*)$/);
  return number(own ? own.value : form.elements[`p-${level}-${kind}`]?.value);
}

/** Add up rows, columns and everything. */
function addUp() {
  const rows = [...form.querySelectorAll("[data-matrix-row]")];
  const columns = [...form.querySelectorAll("[data-level-total]")].map(() => ({ count: 0, points: 0 }));
  const all = { count: 0, points: 0 };
  for (const row of rows) {
    const own = { count: 0, points: 0 };
    [...row.querySelectorAll(":scope > td")].slice(0, columns.length).forEach((cell, index) => {
      for (const field of cell.querySelectorAll("[data-count-field]")) {
        const count = Math.floor(number(field.value));
        const points = count * pointsOf(field.name.slice(2));
        for (const total of [own, columns[index], all]) {
          total.count += count;
          total.points += points;
        }
      }
    });
    row.querySelector("[data-row-count]").textContent = format.format(own.count);
    row.querySelector("[data-row-points]").textContent = format.format(own.points);
  }
  form.querySelectorAll("[data-level-total]").forEach((cell, index) => {
    const share = all.points ? (100 * columns[index].points) / all.points : 0;
    cell.querySelector("[data-level-count]").textContent = format.format(columns[index].count);
    cell.querySelector("[data-level-percent]").textContent = `${format.format(Math.round(share * 10) / 10)} %`;
  });
  form.querySelector("[data-all-count]").textContent = format.format(all.count);
  form.querySelector("[data-all-points]").textContent = format.format(all.points);
}

let asked = 0;
/** Ask what the bank has for what stands in the form now. */
async function check() {
  const turn = ++asked;
  const response = await fetch(form.dataset.matrix, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken() },
    body: new URLSearchParams(new FormData(form)),
  }).catch(() => null);
  if (!response?.ok || turn !== asked) return;
  const found = await response.json();
  for (const slot of form.querySelectorAll("[data-slot]")) {
    const one = found.slots[slot.dataset.slot];
    const note = slot.querySelector("[data-stock]");
    note.textContent = one ? one.text : "";
    note.classList.toggle("text-warn", Boolean(one?.short));
    note.classList.toggle("muted", !one?.short);
  }
  showProblems(found.problems);
  const status = form.querySelector("[data-matrix-status]");
  const wrong = Object.keys(found.problems).length > 0;
  const short = Object.values(found.slots).some((one) => one.short) || found.conflicts.length > 0;
  if (wrong) status.textContent = status.dataset.wrongText;
  else if (short) status.textContent = [status.dataset.short, ...found.conflicts].join(" ");
  else status.textContent = Object.keys(found.slots).length ? status.dataset.enough : "";
  status.className = wrong ? "text-danger" : short ? "text-warn" : "text-good";
}

/** Say beside each field what is wrong with it; a slot has one place for its count and its points. */
function showProblems(problems) {
  for (const field of form.querySelectorAll("input[name^='n-'], input[name^='q-'], input[name^='p-']")) {
    field.toggleAttribute("aria-invalid", field.name in problems);
    if (field.name in problems) field.setAttribute("aria-invalid", "true");
  }
  for (const place of form.querySelectorAll("[data-wrong]")) {
    const name = place.id.slice(2);
    place.textContent = problems[`n-${name}`] ?? problems[`q-${name}`] ?? problems[name] ?? "";
    const field = form.elements[`n-${name}`] ?? form.elements[name];
    field?.setAttribute("aria-describedby", place.id);
  }
}

if (form) {
  let timer;
  form.addEventListener("input", (event) => {
    if (!event.target.matches("input")) return;
    addUp();
    clearTimeout(timer);
    timer = setTimeout(check, 400);
  });
  // Arrows walk through the table as in a spreadsheet.
  form.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-count-field]") || !["ArrowUp", "ArrowDown", "Enter"].includes(event.key)) return;
    const fields = [...form.querySelectorAll("[data-count-field]")];
    const column = (field) => field.name.replace(/^n-\d+-/, "");
    const same = fields.filter((field) => column(field) === column(event.target));
    const step = event.key === "ArrowUp" ? -1 : 1;
    const next = same[same.indexOf(event.target) + step];
    event.preventDefault();
    next?.focus();
    next?.select();
  });
}
