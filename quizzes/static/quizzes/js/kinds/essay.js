/* A longer text. The field holds plain text; the answer is the same in paragraphs. */
const ENDS = /<\/(?:p|h3|h4|li|blockquote|tr|pre)>/gi;

function escape(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Return typed text as paragraphs: a blank line ends one. */
export function htmlFromText(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .trim()
    .split(/\n\s*\n/)
    .filter((part) => part.trim())
    .map((part) => `<p>${escape(part).replace(/\n/g, "<br>")}</p>`)
    .join("");
}

/** Return the text to type that gives `html` back. Parsed in a document of its own: nothing in it runs or loads. */
export function textFromHtml(html) {
  const spaced = html.replace(/\n/g, " ").replace(/<br\s*\/?>/gi, "\n").replace(ENDS, "\n\n");
  return new DOMParser().parseFromString(spaced, "text/html").body.textContent.trim();
}

function count(box) {
  const place = box.querySelector("[data-words]");
  const words = box.querySelector("textarea").value.split(/\s+/).filter(Boolean).length;
  const [least, most] = [Number(place.dataset.least), Number(place.dataset.most)];
  place.textContent = place.dataset.text.replace("{count}", words);
  place.classList.toggle("is-outside", words > 0 && (words < least || (most > 0 && words > most)));
}

export const essay = {
  setUp(box) {
    box.querySelector("textarea").addEventListener("input", () => count(box));
    count(box);
  },
  read(box) {
    const html = htmlFromText(box.querySelector("textarea").value);
    return html ? { html } : null;
  },
  write(box, answer) {
    const field = box.querySelector("textarea");
    const text = answer ? textFromHtml(answer.html) : "";
    if (htmlFromText(field.value) !== htmlFromText(text)) field.value = text;
    count(box);
  },
};
