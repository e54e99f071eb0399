/* Light, dark, or as the device says: [data-theme-set]. A cookie keeps it, so that the server can render it. */
const COOKIE = "sen_theme";
const YEAR = 31536000;

function current() {
  return document.documentElement.dataset.theme ?? "";
}

function mark() {
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === current()));
  }
}

function choose(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${COOKIE}=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax${secure}`;
  mark();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-set]");
  if (button) choose(button.dataset.themeSet);
});

// Without script the switch could do nothing: it shows only now.
for (const element of document.querySelectorAll("[data-theme-switch]")) element.hidden = false;
mark();
