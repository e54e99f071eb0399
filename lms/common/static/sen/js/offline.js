/* The bar that says that there is no network. */
import { text } from "./text.js";
import { toast } from "./toast.js";

function show() {
  for (const bar of document.querySelectorAll("[data-offline]")) bar.hidden = navigator.onLine;
}

window.addEventListener("offline", show);
window.addEventListener("online", () => {
  show();
  toast(text("back_online"));
});
show();
