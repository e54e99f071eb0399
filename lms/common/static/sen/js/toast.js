/* Short words at the edge of the screen. The server may send one with HX-Trigger: {"toast": {"text": …}}. */
import { text } from "./text.js";

const PAUSE = 6000;

/** Show `message`; with `action` (a function) also a button `label` that runs it. Returns the toast's element. */
export function toast(message, { kind = "", action = null, label = "", stay = false } = {}) {
  const place = document.querySelector("[data-toasts]");
  const box = document.createElement("div");
  box.className = kind ? `toast toast-${kind}` : "toast";
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = message;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = action ? label : text("close");
  button.addEventListener("click", () => {
    box.remove();
    action?.();
  });
  box.append(words, button);
  place.append(box);
  if (!stay) {
    // A person who reads it, by pointer or by keyboard, keeps it as long as they need.
    let timer = setTimeout(() => box.remove(), PAUSE);
    const hold = () => clearTimeout(timer);
    const release = () => {
      hold();
      timer = setTimeout(() => box.remove(), PAUSE);
    };
    for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, hold);
    for (const name of ["pointerleave", "focusout"]) box.addEventListener(name, release);
  }
  return box;
}

document.addEventListener("toast", (event) => {
  const { text: words, kind, undo } = event.detail ?? {};
  if (!words) return;
  const action = undo
    ? () => window.htmx?.ajax("POST", undo, { target: "body", swap: "none" })
    : null;
  toast(words, { kind, action, label: text("undo") });
});
