/* A sign of life while nothing is sent, so that the invigilator sees who is offline; its answer says how the attempt
   stands: more time, handed in, taken over by another device. */
import { csrf } from "./queue.js";

const EVERY = 25000;

/** Start; `heard()` tells when the server last answered anything, `onBeat(body, tripMs)` is called with each answer. */
export function startPresence({ url, device, heard, onBeat }) {
  async function beat() {
    if (performance.now() - heard() < EVERY - 1000) return;
    const started = performance.now();
    try {
      const response = await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
        body: JSON.stringify({ device }),
      });
      if (response.ok) onBeat(await response.json(), performance.now() - started);
    } catch (error) {
      console.warn("no sign of life was sent", error);
    }
  }
  // not everybody at the same moment
  setTimeout(() => {
    beat();
    setInterval(beat, EVERY);
  }, Math.random() * EVERY);
  return beat;
}
