// One save at a time in the editor, with everything that was typed. Wagtail saves a draft by itself half a second after the
// last key; a press of the button at that moment would send the form a second time: as a second page with the same address,
// which is refused. And a rich text hands its words to the form a quarter of a second after the last key. So a press waits
// for the words and for the save under way, and no other save begins after it.

const WORDS_ARRIVE = 400;
const LONGEST_WAIT = 10_000;
const saving = new WeakSet();
const waiting = new WeakMap();
const leaving = new WeakSet();
let typed = 0;

function hold(form, milliseconds) {
  waiting.set(form, window.setTimeout(() => release(form), milliseconds));
}

function release(form) {
  saving.delete(form);
  if (!waiting.has(form)) return;
  window.clearTimeout(waiting.get(form));
  waiting.delete(form);
  form.requestSubmit();
}

function keepName(form, button) {
  // The button may be locked by the time the form goes out, so its name travels in a field of its own.
  if (!button?.name) return;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: button.name, value: button.value });
  form.append(field);
}

document.addEventListener("w-autosave:save", (event) => {
  if (leaving.has(event.target)) event.preventDefault();
  else saving.add(event.target);
});
document.addEventListener("w-autosave:success", (event) => release(event.target));
document.addEventListener("w-autosave:error", (event) => release(event.target));
document.addEventListener("input", (event) => {
  if (event.target.isContentEditable) typed = Date.now();
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("[data-controller~='w-autosave']")) return;
    const words = typed + WORDS_ARRIVE - Date.now();
    if (!saving.has(form) && !waiting.has(form) && words <= 0) {
      leaving.add(form);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    keepName(form, event.submitter);
    if (!waiting.has(form)) hold(form, saving.has(form) ? LONGEST_WAIT : words);
  },
  true,
);
// A page that comes back from the browser's memory may save again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) leaving.delete(form);
});
