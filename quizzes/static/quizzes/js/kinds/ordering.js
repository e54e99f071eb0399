/* Lines put into order: by two buttons each, or dragged by the handle. There is an answer once a line was moved. */
const list = (box) => box.querySelector("[data-order]");
const lines = (box) => [...list(box).children];

function say(box, line) {
  const all = lines(box);
  const text = list(box).dataset.moved.replace("{place}", all.indexOf(line) + 1).replace("{count}", all.length);
  box.querySelector("[data-said]").textContent = `${line.querySelector(".sort-text").textContent.trim()}: ${text}`;
}

/** The first line cannot go up, the last not down; a button that had the focus keeps it. */
function bound(box) {
  const all = lines(box);
  all.forEach((line, index) => {
    line.querySelector('[data-move="-1"]').setAttribute("aria-disabled", String(index === 0));
    line.querySelector('[data-move="1"]').setAttribute("aria-disabled", String(index === all.length - 1));
  });
}

function drag(box, changed, event) {
  const handle = event.target.closest("[data-handle]");
  if (!handle || event.button) return;
  event.preventDefault();
  const line = handle.closest("[data-part]");
  const before = lines(box).indexOf(line);
  handle.setPointerCapture(event.pointerId);
  line.classList.add("is-held");
  const move = ({ clientY }) => {
    for (const other of lines(box)) {
      const { top, height } = other.getBoundingClientRect();
      if (other === line || clientY < top || clientY > top + height) continue;
      const below = other.compareDocumentPosition(line) & Node.DOCUMENT_POSITION_PRECEDING;
      // the others move: taking the held line out of the page would let go of it
      if (below && clientY > top + height / 2) line.before(other);
      else if (!below && clientY < top + height / 2) line.after(other);
      return;
    }
  };
  const end = () => {
    handle.removeEventListener("pointermove", move);
    line.classList.remove("is-held");
    bound(box);
    if (lines(box).indexOf(line) === before) return;
    box.dataset.moved = "";
    say(box, line);
    changed();
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("lostpointercapture", end, { once: true });
}

export const ordering = {
  setUp(box, changed) {
    bound(box);
    list(box).addEventListener("pointerdown", (event) => drag(box, changed, event));
    list(box).addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      const line = button.closest("[data-part]");
      const up = button.dataset.move === "-1";
      const other = up ? line.previousElementSibling : line.nextElementSibling;
      if (!other) return;
      // the other line moves, so that the focus stays where it is
      if (up) line.after(other);
      else line.before(other);
      box.dataset.moved = "";
      bound(box);
      say(box, line);
      changed();
    });
  },
  read(box) {
    return "moved" in box.dataset ? { order: lines(box).map((line) => line.dataset.part) } : null;
  },
  write(box, answer) {
    const given = answer?.order ?? [];
    const shown = lines(box).map((line) => line.dataset.part).sort(); // a paper letters its lines as it shows them
    const wanted = [...given, ...shown.filter((part) => !given.includes(part))];
    if (answer) box.dataset.moved = "";
    else delete box.dataset.moved;
    if (lines(box).map((line) => line.dataset.part).join(" ") === wanted.join(" ")) return;
    const byPart = new Map(lines(box).map((line) => [line.dataset.part, line]));
    list(box).append(...wanted.map((part) => byPart.get(part)));
    bound(box);
  },
};
