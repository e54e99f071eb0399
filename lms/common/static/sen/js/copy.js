/* [data-copy="text"] or [data-copy-from="id"] puts a text on the clipboard. */
import { text } from "./text.js";
import { toast } from "./toast.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copyFrom);
  const words = button.dataset.copy ?? source?.value ?? source?.textContent.trim() ?? "";
  try {
    await navigator.clipboard.writeText(words);
    toast(text("copied"));
  } catch (error) {
    console.warn("copy", error);
    toast(text("failed"), { kind: "danger" });
  }
});
