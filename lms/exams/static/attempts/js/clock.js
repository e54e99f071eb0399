/* The server's clock. The machine's own may be wrong or be changed; only the time that passes is taken from it. */
export class ServerClock {
  #base = Date.now() - performance.now();

  /** Take over `serverTime` (ISO) from an answer that took `tripMs`. */
  sync(serverTime, tripMs = 0) {
    if (serverTime) this.#base = Date.parse(serverTime) + tripMs / 2 - performance.now();
  }

  now() {
    return this.#base + performance.now();
  }
}
