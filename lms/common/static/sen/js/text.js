/* The interface's words, rendered by {% interface_texts %} in the reader's language. */
const texts = JSON.parse(document.getElementById("sen-texts")?.textContent ?? "{}");

/** Return the text `key` with its {placeholders} filled from `values`. */
export function text(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
