/* A test that only goes forward: which pages were left for good, kept here and told to the server. */
import { csrf } from "./queue.js";

export class OneWay {
  #key;
  #url;
  #told;
  #telling = false;
  #device;

  constructor({ token, url, fromSlot, device }) {
    this.#device = device;
    this.#key = `sen-front-${token}`;
    this.#url = url;
    this.#told = fromSlot;
    /** The first slot not left yet, as far as this machine or the server knows. */
    this.kept = Math.max(fromSlot, Number(localStorage.getItem(this.#key)) || 0);
  }

  keep(fromSlot) {
    localStorage.setItem(this.#key, fromSlot);
  }

  /** Tell the server that everything before `fromSlot` was left; what fails is told with the next call. */
  async tell(fromSlot) {
    if (fromSlot <= this.#told || this.#telling) return;
    this.#telling = true;
    try {
      const response = await fetch(this.#url, {
        method: "PUT",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
        body: JSON.stringify({ from_slot: fromSlot, device: this.#device }),
      });
      if (response.ok) this.#told = fromSlot;
    } catch (error) {
      console.warn("the page is left here only, so far", error);
    } finally {
      this.#telling = false;
    }
  }
}
