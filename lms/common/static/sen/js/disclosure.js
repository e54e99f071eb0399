/* <details data-menu>: closes on Escape, on a press outside and when the focus leaves. [data-dismiss] removes its message. */
function close(menu, refocus) {
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) close(menu, false);
  }
  event.target.closest("[data-dismiss]")?.closest("[data-message]")?.remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) close(menu, menu.contains(document.activeElement));
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest("details[data-menu][open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu, false);
});

function reveal(root) {
  for (const button of root.querySelectorAll("[data-dismiss][hidden]")) button.hidden = false;
}

reveal(document);
document.addEventListener("htmx:load", (event) => reveal(event.target));
