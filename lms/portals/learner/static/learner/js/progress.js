/* Keeps the place in a lesson and the time really spent with it in view.

   Position is the share of the text's blocks above the lower third of the screen, so that it means the same on a
   phone and on a wide screen. Both figures go to the server as totals, so a repeat does no harm; while there is no
   network they wait on the device and are sent when it is back. */

const EVERY = 15;
const article = document.querySelector("[data-reading]");
const state = document.querySelector("[data-reading-state]");

if (article) start();

function start() {
  const { url } = article.dataset;
  const key = `sen-place:${url}`;
  const blocks = [...article.querySelector("[data-reading-text]").children];
  const known = waiting(key);
  let seconds = Math.max(Number(article.dataset.seconds), known?.seconds ?? 0);
  let sentSeconds = Number(article.dataset.seconds);
  let sentPosition = Number(article.dataset.position);
  let busy = false;

  restore(known?.position ?? sentPosition);

  function position() {
    if (!blocks.length) return 1;
    const line = window.innerHeight * 0.66;
    const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
    if (atEnd) return 1;
    let passed = 0;
    for (const block of blocks) {
      const box = block.getBoundingClientRect();
      if (box.bottom <= line) passed += 1;
      else {
        if (box.top < line) passed += (line - box.top) / box.height;
        break;
      }
    }
    return Math.min(1, passed / blocks.length);
  }

  function restore(place) {
    if (location.hash || place < 0.03 || place > 0.97 || !blocks.length) return;
    const index = Math.min(blocks.length - 1, Math.floor(place * blocks.length));
    const block = blocks[index];
    const inside = place * blocks.length - index;
    const top = block.getBoundingClientRect().top + window.scrollY + inside * block.offsetHeight;
    window.scrollTo({ top: Math.max(0, top - window.innerHeight * 0.66), behavior: "instant" });
  }

  async function send({ keepalive = false } = {}) {
    const place = position();
    if (Math.abs(place - sentPosition) < 0.005 && seconds - sentSeconds < 5) return;
    const body = { position: Number(place.toFixed(4)), seconds, completed: false };
    keep(key, body); // first on the device: leaving while an earlier report is under way loses nothing
    if (busy && !keepalive) return;
    busy = true;
    show("waiting");
    try {
      const answer = await fetch(url, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify(body),
        keepalive,
      });
      if (answer.ok) {
        sentPosition = place;
        sentSeconds = body.seconds;
        forget(key, body);
        show("saved");
      } else if ([400, 404, 409].includes(answer.status)) {
        forget(key, body); // the class takes no more reports: asking again would not help
        show("");
      } else {
        show("waiting"); // signed out or a fault of the server: sent when the page is next opened
      }
    } catch (error) {
      console.info("place not sent", error);
      show("offline");
    } finally {
      busy = false;
    }
  }

  let tick = 0;
  setInterval(() => {
    if (document.visibilityState !== "visible") return;
    seconds += 1;
    tick += 1;
    if (tick % EVERY === 0) send();
  }, 1000);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send({ keepalive: true });
  });
  window.addEventListener("pagehide", () => send({ keepalive: true }));
  window.addEventListener("online", () => send());
  if (known) send();
}

function show(name) {
  if (!state) return;
  const words = { saved: state.dataset.saved, waiting: state.dataset.waiting, offline: state.dataset.offline };
  state.dataset.state = name === "offline" ? "waiting" : name;
  if (state.textContent !== (words[name] ?? "")) state.textContent = words[name] ?? "";
}

function token() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value
    ?? document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ?? "";
}

function waiting(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch (error) {
    console.warn("place", error);
    return null;
  }
}

function keep(key, body) {
  try {
    localStorage.setItem(key, JSON.stringify(body));
  } catch (error) {
    console.warn("place", error);
  }
}

function forget(key, body) {
  const kept = waiting(key);
  if (kept?.position === body.position && kept?.seconds === body.seconds) localStorage.removeItem(key);
}
