/* Says whether the answers are saved: in words, by a picture, and with the way to a file while they are not. */
const LOOKS = { saved: "saved", waiting: "waiting", offline: "waiting" };
const ICONS = { saved: "cloud-check", waiting: "refresh" };
const NEED_A_FILE = ["offline", "failed", "signed-out", "stranger"];

export function showSaving(state, text, { box, words, file }) {
  box.dataset.state = LOOKS[state] ?? "failed";
  words.textContent = text;
  file.hidden = !NEED_A_FILE.includes(state);
  const use = box.querySelector("use");
  use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${ICONS[state] ?? "offline"}`);
}
