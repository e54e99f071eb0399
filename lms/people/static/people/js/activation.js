/* A link to the activation page may bring the code behind "#ma=": it fills the field in and leaves the address. */
const brought = new URLSearchParams(location.hash.slice(1)).get("ma");
const field = document.querySelector("[data-activation] input[name=code]");

if (brought && field) {
  field.value = brought.slice(0, 40);
  history.replaceState(null, "", location.pathname + location.search);
}
