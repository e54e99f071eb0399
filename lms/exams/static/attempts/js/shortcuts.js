/* The keys of the test page: 1-9 choose, N and P move, F flags, Ctrl+Enter hands in; one box turns them off. */
const KEPT = "sen-exam-keys";
// where letters and arrows are meant for the field itself
const TAKES_KEYS = "input[type=text], textarea, select, [data-own-keys]";

/** Bind the keys: `box` turns those without Ctrl on and off, the rest do what they say, `flag` and
 * `choose` only where a question is shown: then they answer true, else the key keeps its own meaning. */
export function bindShortcuts(box, { finish, move, flag, choose }) {
  box.checked = localStorage.getItem(KEPT) !== "off";
  box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));

  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog:modal") || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.ctrlKey) {
      if (event.key === "Enter") finish();
      return;
    }
    if (!box.checked || event.shiftKey || event.target.matches(TAKES_KEYS)) return;
    const choosing = event.target.matches("input[type=radio]");
    const key = event.key.toLowerCase();
    if (key === "n" || (key === "arrowright" && !choosing)) move(1);
    else if (key === "p" || (key === "arrowleft" && !choosing)) move(-1);
    else if (key === "f") {
      if (!flag()) return;
    } else if (!/^[1-9]$/.test(key) || !choose(Number(key))) return;
    event.preventDefault();
  });
}
