/* The list of all questions: beside the question where there is room, a sheet over it on phones. */
const WIDE = matchMedia("(min-width: 60rem)");

/** Bind the list `grid`, its `opener` and its `closer`; gives `place()`, to be called once, and `close()`. */
export function bindGrid({ grid, opener, closer }) {
  const close = () => {
    if (grid.matches(":modal")) grid.close();
  };
  const place = () => {
    close();
    grid.toggleAttribute("open", WIDE.matches); // show() would take the focus
    closer.hidden = WIDE.matches;
  };
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    grid.showModal();
  });
  closer.addEventListener("click", () => grid.close());
  WIDE.addEventListener("change", place);
  return { place, close };
}
