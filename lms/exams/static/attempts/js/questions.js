/* The questions on the page: reading and setting answers, showing one at a time, marks in the list of all. */
import { kinds } from "../../quizzes/js/kinds.js";

export class Questions {
  constructor(root, texts, { pageSize = 1, oneWay = false, fromSlot = 0 } = {}) {
    this.pageSize = pageSize;
    this.oneWay = oneWay;
    this.fromSlot = fromSlot;
    this.root = root;
    this.texts = texts;
    this.boxes = new Map(
      [...root.querySelectorAll("[data-question]")].map((box) => [Number(box.dataset.question), box]),
    );
    this.answers = new Map();
  }

  /** Bring the controls to life; `changed(slot)` is called by those that are no plain fields. */
  setUp(changed) {
    for (const [slot, box] of this.boxes) kinds[box.dataset.kind].setUp?.(box, () => changed(slot));
  }

  get count() {
    return this.boxes.size;
  }

  /** The first question of the page that holds `slot`. */
  pageStart(slot) {
    return Math.floor((slot - 1) / this.pageSize) * this.pageSize + 1;
  }

  /** Whether `slot` is on a page that was left for good. */
  isLeft(slot) {
    return this.oneWay && slot < this.pageStart(Math.max(1, this.fromSlot));
  }

  get answered() {
    return [...this.answers.values()].filter((answer) => answer !== null).length;
  }

  read(slot) {
    const box = this.boxes.get(slot);
    const answer = kinds[box.dataset.kind].read(box);
    this.answers.set(slot, answer);
    return answer;
  }

  write(slot, answer) {
    const box = this.boxes.get(slot);
    if (!box) return;
    this.answers.set(slot, answer);
    kinds[box.dataset.kind].write(box, answer);
  }

  /** Show question `step`, or the list of all for "nop". */
  show(step) {
    const checking = step === "nop";
    const page = checking ? 0 : this.pageStart(step);
    for (const [slot, box] of this.boxes) box.hidden = checking || this.pageStart(slot) !== page;
    this.root.querySelector("[data-check]").hidden = !checking;
    this.root.querySelector("[data-answers]").hidden = checking;
    if (!checking) {
      this.root.querySelector("[data-current-number]").textContent = step;
      this.root.querySelector("[data-previous]").disabled = page === 1 || this.oneWay;
      this.root.querySelector("input[name=slot]").value = step;
    }
    for (const link of this.root.querySelectorAll("[data-grid] [data-go]")) {
      if (Number(link.dataset.go) === step) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      link.toggleAttribute("data-left", this.isLeft(Number(link.dataset.go)));
    }
    const target = checking ? this.root.querySelector("#check-title") : this.boxes.get(step).querySelector("h2");
    return target;
  }

  /** Bring the marks of `slot` in the two lists in line with what is known. */
  mark(slot, { waiting, flagged }) {
    const answered = (this.answers.get(slot) ?? null) !== null;
    const link = this.root.querySelector(`[data-grid] [data-go="${slot}"]`);
    if (waiting) link.dataset.state = "waiting";
    else if (answered) link.dataset.state = "answered";
    else delete link.dataset.state;
    link.toggleAttribute("data-flagged", flagged);
    const words = [answered && this.texts.answered, waiting && this.texts.unsent, flagged && this.texts.later];
    link.querySelector("[data-nav-note]").textContent = words.filter(Boolean).map((word) => `, ${word}`).join("");
    const row = this.root.querySelector(`[data-check-row="${slot}"]`);
    row.querySelector("[data-check-done]").hidden = !answered;
    row.querySelector("[data-check-open]").hidden = answered;
    row.querySelector("[data-check-flag]").hidden = !flagged;
    this.boxes.get(slot).querySelector("[data-flag]").setAttribute("aria-pressed", String(flagged));
  }

  problem(slot, text) {
    const place = this.boxes.get(slot)?.querySelector("[data-problem]");
    if (place) place.textContent = text;
  }
}
