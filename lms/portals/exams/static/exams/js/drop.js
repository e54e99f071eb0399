/* A form with one file also takes a file that is dropped on it. Without this module the file is chosen. */

for (const form of document.querySelectorAll("[data-drop]")) {
  const zone = form.querySelector("[data-drop-zone]");
  const input = form.querySelector("input[type=file]");
  const name = form.querySelector("[data-drop-name]");
  if (!zone || !input) continue;
  form.querySelector("[data-drop-hint]")?.removeAttribute("hidden");
  let depth = 0;
  const show = () => {
    if (name) name.textContent = input.files.length ? input.files[0].name : "";
  };
  zone.addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth += 1;
    zone.toggleAttribute("data-over", true);
  });
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("dragleave", () => {
    depth -= 1;
    zone.toggleAttribute("data-over", depth > 0);
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    zone.toggleAttribute("data-over", false);
    if (event.dataTransfer?.files.length) {
      input.files = event.dataTransfer.files;
      show();
    }
  });
  input.addEventListener("change", show);
}
