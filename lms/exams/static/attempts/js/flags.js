/* The questions a learner wants to look at later: kept in the cookie that the server's own page reads and writes too. */
export class Flags {
  #slots = new Set();
  #cookie;

  /** `known(slot)` tells whether the test has such a question: the cookie may be of an older paper. */
  constructor(cookie, known) {
    this.#cookie = cookie;
    const found = document.cookie.split("; ").find((part) => part.startsWith(`${cookie}=`));
    for (const part of found?.split("=")[1].split("-") ?? []) {
      if (known(Number(part))) this.#slots.add(Number(part));
    }
  }

  has(slot) {
    return this.#slots.has(slot);
  }

  toggle(slot) {
    if (!this.#slots.delete(slot)) this.#slots.add(slot);
    const value = [...this.#slots].sort((a, b) => a - b).join("-");
    document.cookie = `${this.#cookie}=${value}; path=${location.pathname}; max-age=604800; samesite=lax`;
  }
}
