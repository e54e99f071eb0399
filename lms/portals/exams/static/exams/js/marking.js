/* Marking one answer: points add up while one types, and every change is saved by itself. What the server has not
   confirmed is kept on this machine, so that neither a lost network nor a closed tab loses a word. The server decides:
   it adds up again, and refuses what was changed in another window meanwhile. */
import { csrf } from "../../attempts/js/queue.js";

const PAUSE = 700;
const RETRY = 4000;
const TIMEOUT = 15000;

/** Return a number typed with a comma or a point; null for none. */
export function parse(text) {
  const clean = text.trim().replace(",", ".");
  return /^\d{1,3}(\.\d{1,2})?$/.test(clean) ? Number(clean) : null;
}

/** Write a number with a decimal comma, at most two places. */
export function write(value) {
  return String(Math.round(value * 100) / 100).replace(".", ",");
}

/** Show the sum of the points, and let the arrows change them. */
function addUp(form) {
  const inputs = [...form.querySelectorAll("[data-points]")];
  const total = form.querySelector("[data-total]");
  const show = () => {
    const values = inputs.map((input) => parse(input.value));
    total.textContent = values.every((value) => value === null) ? "–" : write(values.reduce((sum, one) => sum + (one ?? 0), 0));
  };
  for (const input of inputs) {
    input.addEventListener("keydown", (event) => {
      const turn = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!turn) return;
      event.preventDefault();
      const next = (parse(input.value) ?? 0) + turn * Number(input.dataset.step);
      input.value = write(Math.min(Number(input.dataset.most), Math.max(0, next)));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  form.addEventListener("input", show);
  show();
  return show;
}

class Page {
  #timer = 0;
  #running = null;
  #dirty = false;
  #stale = false;
  #hold = false;

  constructor(form) {
    this.form = form;
    this.texts = JSON.parse(document.getElementById("marking-texts").textContent);
    this.state = form.querySelector("[data-save-state]");
    this.key = `sen-marking-${form.dataset.owner}-${form.dataset.marking}`;
    form.elements.writer.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    this.show = addUp(form);
    if (form.dataset.hold === undefined) this.#restore();
    else this.#wait();
    form.addEventListener("input", (event) => {
      if (event.target.matches("[data-points]")) this.#right(event.target);
      this.#changed();
    });
    form.addEventListener("submit", (event) => this.#submit(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("[data-finish]"));
      }
    });
    addEventListener("online", () => this.#dirty && !this.#hold && this.flush());
    addEventListener("offline", () => this.#say("offline"));
    addEventListener("beforeunload", (event) => {
      if (this.#dirty && !this.leaving) event.preventDefault();
    });
    form.dataset.ready = "";
  }

  get #fields() {
    const skip = new Set(["csrfmiddlewaretoken", "version", "writer", "turn", "act"]);
    return Object.fromEntries([...new FormData(this.form)].filter(([name]) => !skip.has(name)));
  }

  /** The draft in the words of the API. */
  get #body() {
    const body = { version: Number(this.form.elements.version.value), points: {}, comments: {}, comment: "", note: "" };
    for (const [name, value] of Object.entries(this.#fields)) {
      if (name.startsWith("diem-")) body.points[name.slice(5)] = value;
      else if (name.startsWith("nhan-xet-")) body.comments[name.slice(9)] = value;
      else if (name === "nhan-xet") body.comment = value;
      else if (name === "ghi-chu") body.note = value;
    }
    const turn = Number(this.form.elements.turn.value) + 1;
    this.form.elements.turn.value = turn;
    return { ...body, writer: this.form.elements.writer.value, turn };
  }

  #keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ version: Number(this.form.elements.version.value), fields: this.#fields }));
    } catch {
      this.full = true; // private windows have no room: the page itself still holds the text
    }
  }

  #restore() {
    const kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
    if (!kept) return;
    // What this machine could not send yet; on top of what the server had then, or the server says it is older.
    for (const [name, value] of Object.entries(kept.fields)) {
      const field = this.form.elements[name];
      if (!field) continue;
      field.value = value;
      if (value) field.closest("details")?.setAttribute("open", "");
    }
    this.form.elements.version.value = kept.version;
    this.#dirty = true;
    this.show();
    this.#say("waiting", this.texts.restored);
    this.#later(0);
  }

  /** The form came back with something to decide: nothing is sent before a button is pressed. */
  #wait() {
    this.#hold = this.#dirty = true;
    this.#keep();
    this.#say("waiting");
  }

  #changed() {
    this.#dirty = true;
    this.#keep();
    if (this.#stale || this.#hold) return;
    this.#say(navigator.onLine ? "waiting" : "offline");
    this.#later(PAUSE);
  }

  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), ms);
  }

  #say(name, text = this.texts[name]) {
    const look = { saved: "saved", saving: "waiting", waiting: "waiting" }[name] ?? "failed";
    this.state.dataset.state = look;
    this.state.querySelector("[data-save-text]").textContent = text;
  }

  /** Send what has changed; resolves to true when the server has everything. */
  async flush() {
    clearTimeout(this.#timer);
    while (this.#running) await this.#running;
    if (!this.#dirty) return true;
    if (this.#stale) return false;
    this.#running = this.#send().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #send() {
    const before = JSON.stringify(this.#fields);
    this.#say("saving");
    let response;
    try {
      response = await fetch(this.form.dataset.url, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
        body: JSON.stringify(this.#body),
        signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch {
      this.#say("offline");
      this.#later(RETRY);
      return false;
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok) {
      this.form.elements.version.value = answer.version;
      for (const [name, sentences] of Object.entries(answer.problems)) this.#wrong(name, sentences[0]);
      this.#dirty = JSON.stringify(this.#fields) !== before;
      if (this.#dirty) {
        this.#keep();
        this.#later(PAUSE);
        return false;
      }
      localStorage.removeItem(this.key);
      this.#say(Object.keys(answer.problems).length ? "waiting" : "saved");
      return true;
    }
    if (response.status === 409) {
      this.#stale = true;
      this.#say("stale", answer.detail ?? this.texts.stale);
      return false;
    }
    this.#say(response.status === 401 || response.status === 403 ? "signedOut" : "failed");
    this.#later(RETRY);
    return false;
  }

  #wrong(name, text) {
    const place = this.form.querySelector(`[data-wrong="${CSS.escape(name)}"]`);
    if (!place) return;
    place.textContent = text;
    place.hidden = false;
    this.form.elements[`diem-${name}`]?.setAttribute("aria-invalid", "true");
  }

  #right(input) {
    input.removeAttribute("aria-invalid");
    const place = this.form.querySelector(`[data-wrong="${CSS.escape(input.name.slice(5))}"]`);
    if (place) place.hidden = true;
  }

  /** Save first: without a network the page stays where it is. A conflict goes to the server, which shows both. */
  async #submit(event) {
    if (this.leaving) return;
    if (!this.#dirty || this.#stale) {
      this.leaving = true;
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    this.#hold = false;
    const saved = await this.flush();
    if (!saved && !this.#stale) return;
    await new Promise((resolve) => setTimeout(resolve)); // a form that is being sent is not sent again
    this.leaving = true;
    this.form.requestSubmit(button);
  }
}

const marking = document.querySelector("[data-marking]");
if (marking) new Page(marking);
const settling = document.querySelector("[data-settle]");
if (settling) addUp(settling);
