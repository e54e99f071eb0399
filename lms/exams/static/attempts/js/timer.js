/* The time left, by the server's clock: shown every second, said aloud at 10, 5 and 1 minutes. */
const SAID = [10, 5, 1];
const LOW = 5 * 60000;
const LAST = 60000;
const DAY = 86400000;

function digits(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":");
}

/** Start the timer on `root` ([data-timer]); `onEnd` is called once when the time is up. */
export function startTimer(root, { clock, deadline, say, onEnd }) {
  const text = root.querySelector("[data-timer-text]");
  let due = Date.parse(deadline);
  let ended = false;
  let minutes = Infinity;

  function tick() {
    const left = due - clock.now();
    // Days are said by the server ("20 days 5 hours"): four hundred hours tell nobody anything.
    if (left < DAY) {
      text.textContent = digits(left);
      root.classList.remove("timer-long");
    }
    root.classList.toggle("timer-low", left <= LOW && left > LAST);
    root.classList.toggle("timer-last", left <= LAST);
    const now = Math.ceil(left / 60000);
    const passed = SAID.filter((mark) => minutes > mark && now <= mark);
    if (passed.length && left > 0 && minutes !== Infinity) say(passed.at(-1));
    minutes = now;
    if (left <= 0 && !ended) {
      ended = true;
      onEnd();
    }
  }

  tick();
  setInterval(tick, 1000);
  return {
    get due() {
      return due;
    },
    /** Move the end: the server may give more time. */
    move(iso) {
      if (!iso || Date.parse(iso) === due) return;
      due = Date.parse(iso);
      ended = false;
      tick();
    },
  };
}
