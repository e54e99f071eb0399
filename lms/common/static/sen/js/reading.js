/* The reader's choice of size and letter: [data-reading-set="size:large"]. Kept on the device. */
const KEY = "sen-reading";
const root = document.documentElement;

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch (error) {
    console.warn("reading", error);
    return {};
  }
}

function apply(choices) {
  root.toggleAttribute("data-reading-size", false);
  root.toggleAttribute("data-reading-font", false);
  if (choices.size) root.dataset.readingSize = choices.size;
  if (choices.font) root.dataset.readingFont = choices.font;
  for (const button of document.querySelectorAll("[data-reading-set]")) {
    const [name, value] = button.dataset.readingSet.split(":");
    button.setAttribute("aria-pressed", String((choices[name] ?? "") === value));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reading-set]");
  if (!button) return;
  const [name, value] = button.dataset.readingSet.split(":");
  const choices = { ...stored(), [name]: value };
  localStorage.setItem(KEY, JSON.stringify(choices));
  apply(choices);
});

apply(stored());
