/* A point on a picture: pressed, moved with the arrow keys, or typed as percentages. */
const STEP = 0.01;
const LARGE = 0.05;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const WAIT = 400;
const places = new WeakMap();

const round = (share) => Math.round(Math.min(1, Math.max(0, share)) * 10000) / 10000;
const percent = (share) => String(Math.round(share * 10000) / 100).replace(".", ",");
const axis = (box, name) => box.querySelector(`[data-axis=${name}]`);

function show(box, answer) {
  const spot = box.querySelector("[data-spot]");
  const marker = box.querySelector("[data-marker]");
  places.set(box, answer ?? null);
  if (!answer) {
    marker.setAttribute("visibility", "hidden");
    return;
  }
  marker.removeAttribute("visibility");
  marker.setAttribute("transform", `translate(${answer.x * spot.dataset.width} ${answer.y * spot.dataset.height})`);
}

function type(box, answer) {
  for (const name of ["x", "y"]) {
    const value = answer ? percent(answer[name]) : "";
    if (axis(box, name).value !== value) axis(box, name).value = value;
  }
}

function typed(box) {
  const [x, y] = ["x", "y"].map((name) => {
    const text = axis(box, name).value.replace("%", "").replace(",", ".").trim();
    return text === "" ? NaN : Number(text) / 100;
  });
  return [x, y].every((share) => share >= 0 && share <= 1) ? { x: round(x), y: round(y) } : null;
}

export const hotspot = {
  setUp(box, changed) {
    const spot = box.querySelector("[data-spot]");
    const picture = box.querySelector("input[type=image]");
    let later = 0;
    const set = (x, y) => {
      const place = { x: round(x), y: round(y) };
      show(box, place);
      type(box, place);
      clearTimeout(later);
      later = setTimeout(() => {
        const text = spot.dataset.saidText.replace("{x}", percent(place.x)).replace("{y}", percent(place.y));
        box.querySelector("[data-said]").textContent = text;
      }, WAIT);
      changed();
    };
    picture.addEventListener("click", (event) => {
      event.preventDefault();
      // a press of Enter or Space is a click without a place: it sets the marker in the middle
      if (!event.detail) {
        if (!places.get(box)) set(0.5, 0.5);
        return;
      }
      const { left, top, width, height } = picture.getBoundingClientRect();
      set((event.clientX - left) / width, (event.clientY - top) / height);
    });
    picture.addEventListener("keydown", (event) => {
      const move = KEYS[event.key];
      if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      const step = event.shiftKey ? LARGE : STEP;
      const { x, y } = places.get(box) ?? { x: 0.5, y: 0.5 };
      set(x + move[0] * step, y + move[1] * step);
    });
    for (const name of ["x", "y"]) {
      axis(box, name).addEventListener("input", () => show(box, typed(box)));
    }
  },
  read(box) {
    return places.get(box) ?? null;
  },
  write(box, answer) {
    const now = places.get(box);
    if (now && answer && now.x === answer.x && now.y === answer.y) return;
    if (!now && !answer && document.activeElement?.closest("[data-question]") === box) return; // half typed
    show(box, answer);
    type(box, answer);
  },
};
