/* Forms: sent once ([data-once] is the default for POST), [data-unsaved] warns before leaving, [data-submit-on-change]
   filters at once, [data-focus] takes the focus after an error, [data-count] shows the length of a text. */
import { text } from "./text.js";

const changed = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  changed.delete(form);
  if (form.method !== "post" || form.hasAttribute("data-many")) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  // After the handlers: one of them (htmx, a confirmation) may have stopped this submit.
  setTimeout(() => {
    if (event.defaultPrevented) return;
    form.dataset.sent = "";
    event.submitter?.setAttribute("aria-busy", "true");
  });
});

// Enter in a picker's search looks for people; it must not send the whole form half filled in.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !field.matches?.(".picker input[type=search][hx-get]")) return;
  event.preventDefault();
  field.dispatchEvent(new Event("search"));
});

// Coming back with the browser's button must find a form that works.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-unsaved]");
  if (form) changed.add(form);
  const counter = event.target.dataset?.count && document.getElementById(event.target.dataset.count);
  if (counter) counter.textContent = [...event.target.value].length.toLocaleString(document.documentElement.lang);
});

window.addEventListener("beforeunload", (event) => {
  const open = [...document.querySelectorAll("form[data-unsaved]")].some((form) => changed.has(form));
  if (!open) return;
  event.preventDefault();
  event.returnValue = text("leave");
});

document.addEventListener("sen:saved", (event) => changed.delete(event.target.closest("form")));

document.addEventListener("change", (event) => {
  event.target.closest("form[data-submit-on-change]")?.requestSubmit();
});

function focus(root) {
  root.querySelector("[data-focus]")?.focus();
}

focus(document);
document.addEventListener("htmx:load", (event) => focus(event.target));
