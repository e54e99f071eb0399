/* The big clock: the server's time, carried on by the time that passes here. */
const root = document.querySelector("[data-projector-clock]");
const text = root.querySelector("[data-clock-text]");
const base = Date.parse(root.dataset.serverTime) - performance.now();
const format = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
  timeZone: "Asia/Ho_Chi_Minh",
});

function tick() {
  text.textContent = format.format(new Date(base + performance.now()));
}

tick();
setInterval(tick, 1000);
