/* The queue of answers. An answer is written to this machine first, then sent; it leaves the queue only when the server
   says which sequence it has kept. Sequences come from the server's clock, so that the later of two devices wins. */
const PAUSE = 250;
const WAITS = [1000, 2000, 4000, 8000, 15000];
const SIGNED_OUT_WAIT = 10000;
const BATCH = 50;
const TIMEOUT = 20000;

/** Return the CSRF token of the cookie, which a new sign-in changes under the page. */
export function csrf() {
  return (
    document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ??
    document.querySelector("input[name=csrfmiddlewaretoken]")?.value ??
    ""
  );
}

/** Events: "state" (whenever something changed), "newer" (another device answered later), "problem" {slot, text},
    "closed", "taken-over" (another device works on it now), "signed-out", "signed-in". */
export class AnswerQueue extends EventTarget {
  #pending = new Map();
  #lastSeq;
  #running = null;
  #timer = 0;
  #failures = 0;

  constructor({ url, store, clock, lastSeq, device = "" }) {
    super();
    Object.assign(this, { url, store, clock, device });
    /** When the server last confirmed something, on the clock of performance.now(). */
    this.heardAt = -Infinity;
    this.#lastSeq = lastSeq;
    /** "saved", "waiting", "offline", "signed-out", "stranger", "failed", "taken-over", "closed" */
    this.state = "saved";
    addEventListener("online", () => this.flush());
    addEventListener("pagehide", () => this.#lastWord());
  }

  /** Take up what an earlier visit could not send; returns those rows. */
  async load() {
    for (const row of await this.store.all()) {
      this.#pending.set(row.slot, { slot: row.slot, answer: row.answer, seq: row.seq });
      this.#lastSeq = Math.max(this.#lastSeq, row.seq);
    }
    if (this.waiting) {
      this.#become("waiting");
      this.flush();
    }
    return [...this.#pending.values()];
  }

  get waiting() {
    return this.#pending.size;
  }

  isWaiting(slot) {
    return this.#pending.has(slot);
  }

  seqOf(slot) {
    return this.#pending.get(slot)?.seq ?? 0;
  }

  /** Never hand out a sequence at or below `seq` again. */
  seen(seq) {
    this.#lastSeq = Math.max(this.#lastSeq, seq);
  }

  /** Everything that is not confirmed yet. */
  get rows() {
    return [...this.#pending.values()];
  }

  /** Another device works on the attempt: nothing is sent until it is taken back; nothing typed here is lost. */
  stopForOther() {
    if (this.state === "closed" || this.state === "taken-over") return;
    clearTimeout(this.#timer);
    this.#become("taken-over");
    this.#tell("taken-over");
  }

  /** This device has the attempt again. */
  resume() {
    if (this.state !== "taken-over") return;
    this.#become(this.waiting ? "waiting" : "saved");
    this.flush();
  }

  /** Keep `answer` (null clears) and send it soon. */
  async set(slot, answer) {
    this.#lastSeq = Math.max(Math.floor(this.clock.now()), this.#lastSeq + 1);
    const row = { slot, answer, seq: this.#lastSeq };
    this.#pending.set(slot, row);
    if (this.state === "saved") this.#become("waiting");
    else this.#tell("state");
    this.#later(PAUSE);
    await this.store.put(row);
  }

  /** Send everything now; resolves to true when nothing is left. */
  async flush() {
    clearTimeout(this.#timer);
    this.#running ??= this.#send().finally(() => {
      this.#running = null;
    });
    await this.#running;
    return this.waiting === 0;
  }

  #later(ms) {
    clearTimeout(this.#timer);
    if (this.state === "taken-over") return;
    this.#timer = setTimeout(() => this.flush(), ms);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #become(state) {
    this.state = state;
    this.#tell("state");
  }

  #retry(state, wait) {
    this.#become(state);
    this.#later(wait ?? WAITS[Math.min(this.#failures++, WAITS.length - 1)]);
  }

  #request(rows, options = {}) {
    return fetch(this.url, {
      method: "PUT",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
      body: JSON.stringify({ responses: rows, device: this.device }),
      ...options,
    });
  }

  async #send() {
    while (this.waiting && this.state !== "closed" && this.state !== "taken-over") {
      const rows = [...this.#pending.values()].slice(0, BATCH);
      const started = performance.now();
      let response;
      let body;
      try {
        response = await this.#request(rows, { signal: AbortSignal.timeout(TIMEOUT) });
        body = await response.json();
      } catch (error) {
        const reached = response !== undefined;
        console.warn("answers not sent", error);
        return this.#retry(reached ? "failed" : "offline");
      }
      if (response.ok) await this.#confirmed(rows, body, performance.now() - started);
      else if (!(await this.#refused(response.status, body))) return;
    }
    if (!this.waiting && this.state !== "closed" && this.state !== "taken-over") this.#become("saved");
  }

  async #confirmed(rows, body, trip) {
    this.clock.sync(body.server_time, trip);
    this.#failures = 0;
    this.heardAt = performance.now();
    if (this.state === "signed-out") this.#tell("signed-in");
    const kept = new Map(body.saved.map(({ slot, seq }) => [slot, seq]));
    let newer = false;
    for (const { slot, seq } of rows) {
      const keptSeq = kept.get(slot);
      if (keptSeq === undefined) continue;
      newer ||= keptSeq > seq;
      this.seen(keptSeq);
      if (keptSeq === seq) this.#tell("kept", { slot, seq });
      if ((this.#pending.get(slot)?.seq ?? Infinity) <= keptSeq) this.#pending.delete(slot);
      await this.#forget(slot, keptSeq);
    }
    this.#become(this.waiting ? "waiting" : "saved");
    if (newer) this.#tell("newer");
    this.#tell("deadline", body.deadline);
  }

  /** Forget on this machine what the server has. That may fail (the browser's data was cleared); sending goes on. */
  async #forget(slot, seq) {
    try {
      await this.store.confirm(slot, seq);
    } catch (error) {
      console.warn("not forgotten on this machine", error);
    }
  }

  /** Handle an answer other than 200; returns true when sending may go on at once. */
  async #refused(status, body) {
    if (status === 409 && body.code === "taken_over") {
      this.stopForOther();
      return false;
    }
    const leftPage = status === 409 && body.code === "one_way";
    if (status === 409 && !leftPage) {
      this.#become("closed");
      this.#tell("closed");
      return false;
    }
    if (status === 401 || status === 403) {
      this.#retry("signed-out", SIGNED_OUT_WAIT);
      this.#tell("signed-out");
      return false;
    }
    const wrong = status === 400 || leftPage ? Object.entries(body.fields ?? {}).filter(([slot]) => this.#pending.has(+slot)) : [];
    for (const [slot, texts] of wrong) {
      const row = this.#pending.get(+slot);
      this.#pending.delete(+slot);
      await this.#forget(+slot, row.seq);
      this.#tell("problem", { slot: +slot, text: texts.join(" ") });
    }
    if (wrong.length) return true;
    this.#retry(status === 404 ? "stranger" : "failed");
    return false;
  }

  /** The page goes away: send once more without waiting; what is not confirmed stays on this machine. */
  #lastWord() {
    if (this.waiting && this.state !== "closed" && this.state !== "taken-over") {
      this.#request([...this.#pending.values()].slice(0, BATCH), { keepalive: true }).catch(() => {});
    }
  }
}
