/* The live board: swaps only what changed, and not under the hand of somebody who is using it. */
const board = document.querySelector("[data-board]");
let mark = "";

// A tab that nobody looks at asks for nothing. (A condition inside hx-trigger would need eval, which our policy refuses.)
board?.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target === board && document.visibilityState !== "visible") event.preventDefault();
});

board?.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== board) return;
  const now = event.detail.xhr.getResponseHeader("ETag") ?? "";
  const busy = board.contains(document.activeElement);
  if (event.detail.xhr.status === 200 && (now === mark || busy)) event.detail.shouldSwap = false;
  else mark = now;
});
