/* Rich text for [data-richtext] text areas: Squire with a small toolbar. The text area stays the form's own control and
   is written only when somebody typed, so that opening a question changes nothing; without this module it is edited as
   text with simple HTML. data-richtext="line" leaves out the paragraph around a single line. */
import Squire from "../../sen/vendor/squire-2.4.8/squire.js";
import { csrfToken } from "../../sen/js/requests.js";
import { toast } from "../../sen/js/toast.js";

const TAGS = new Set(
  "A B BLOCKQUOTE BR CODE EM H3 H4 I P PRE S SMALL SPAN STRONG SUB SUP U LI OL UL FIGCAPTION FIGURE IMG CAPTION TABLE TBODY TD TFOOT TH THEAD TR DIV".split(" "),
);
const KEPT = new Set(["href", "src", "alt", "title", "width", "height", "colspan", "rowspan", "scope", "start", "lang"]);
const DROPPED = "script,style,template,iframe,object,embed,form,input,button,svg,math,link,meta,title";

const words = JSON.parse(document.getElementById("exams-texts")?.textContent ?? "{}");

/** Whether `value` is an address of this site; the browser itself says how it reads it. */
function isLocal(value) {
  return value.startsWith("/") && URL.canParse(value, location.origin) && new URL(value, location.origin).origin === location.origin;
}

/** Return `html` as nodes with only what the server keeps; nothing is loaded or run while it is parsed. */
function sanitize(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const node of parsed.body.querySelectorAll(DROPPED)) node.remove();
  for (const node of [...parsed.body.querySelectorAll("*")]) {
    for (const { name, value } of [...node.attributes]) {
      const elsewhere = name === "src" && !isLocal(value);
      const script = name === "href" && !/^(https?:|mailto:|\/)/i.test(value);
      if (!KEPT.has(name) || elsewhere || script) node.removeAttribute(name);
    }
    if (!TAGS.has(node.tagName)) node.replaceWith(...node.childNodes);
  }
  const fragment = document.createDocumentFragment();
  fragment.append(...[...parsed.body.childNodes].map((node) => document.importNode(node, true)));
  return fragment;
}

/** Return the editor's HTML as the form sends it. */
function written(editor, line) {
  const holder = document.createElement("div");
  holder.append(sanitize(editor.getHTML()));
  for (const br of holder.querySelectorAll("p > br:last-child, li > br:last-child")) br.remove();
  for (const div of [...holder.querySelectorAll("div")]) {
    const p = document.createElement("p");
    p.append(...div.childNodes);
    div.replaceWith(p);
  }
  while (holder.lastElementChild?.tagName === "P" && !holder.lastElementChild.textContent && !holder.lastElementChild.querySelector("img"))
    holder.lastElementChild.remove();
  if (line && holder.children.length === 1 && holder.firstElementChild.tagName === "P") return spaced(holder.firstElementChild);
  return spaced(holder);
}

/** Browsers write the space at the end of a line as one that does not break; it is an ordinary one. */
function spaced(node) {
  return node.innerHTML.replaceAll("&nbsp;", " ");
}

const COMMANDS = [
  ["bold", "B", (editor) => (editor.hasFormat("B") ? editor.removeBold() : editor.bold()), "B"],
  ["italic", "I", (editor) => (editor.hasFormat("I") ? editor.removeItalic() : editor.italic()), "I"],
  ["underline", "U", (editor) => (editor.hasFormat("U") ? editor.removeUnderline() : editor.underline()), "U"],
  ["superscript", "x²", (editor) => (editor.hasFormat("SUP") ? editor.removeSuperscript() : editor.superscript()), "SUP"],
  ["subscript", "x₂", (editor) => (editor.hasFormat("SUB") ? editor.removeSubscript() : editor.subscript()), "SUB"],
  ["bullets", "•", (editor) => (editor.hasFormat("UL") ? editor.removeList() : editor.makeUnorderedList()), "UL"],
  ["numbers", "1.", (editor) => (editor.hasFormat("OL") ? editor.removeList() : editor.makeOrderedList()), "OL"],
  ["plain", "⌫", (editor) => editor.removeAllFormatting(), ""],
];

function enhance(area) {
  const line = area.dataset.richtext === "line";
  const label = document.querySelector(`label[for="${area.id}"]`);
  const box = document.createElement("div");
  box.className = `richtext${line ? " richtext-line" : ""}`;
  const surface = document.createElement("div");
  surface.className = "richtext-surface prose";
  surface.setAttribute("role", "textbox");
  surface.setAttribute("aria-multiline", "true");
  if (label) {
    label.id ||= `${area.id}_label`;
    surface.setAttribute("aria-labelledby", label.id);
    label.addEventListener("click", () => surface.focus());
  } else surface.setAttribute("aria-label", area.getAttribute("aria-label") ?? "");
  for (const name of ["aria-describedby", "aria-invalid"])
    if (area.hasAttribute(name)) surface.setAttribute(name, area.getAttribute(name));
  surface.id = `${area.id}_surface`;
  const bar = document.createElement("div");
  bar.className = "richtext-bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", words.toolbar);
  bar.setAttribute("aria-controls", surface.id);
  box.append(bar, surface);
  area.after(box);
  area.hidden = true;

  const editor = new Squire(surface, { blockTag: "P", sanitizeToDOMFragment: sanitize, addLinks: false });
  editor.setHTML(area.value);
  const keep = () => {
    area.value = written(editor, line);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  editor.addEventListener("input", keep);

  // Squire would draw handles for resizing with inline styles, which the policy blocks.
  surface.addEventListener("click", (event) => {
    if (event.target.tagName !== "IMG") return;
    event.stopPropagation();
    describe(event.target, keep);
  });
  if (area.dataset.upload) {
    editor.addEventListener("pasteImage", (event) => {
      const found = [...event.detail.clipboardData.items].find((item) => item.kind === "file" && item.type.startsWith("image/"));
      if (found) insert(area, editor, found.getAsFile());
    });
  }

  const buttons = COMMANDS.map(([name, sign, run, tag]) => {
    const button = tool(name, sign);
    button.addEventListener("click", () => {
      run(editor);
      editor.focus();
    });
    if (tag) button.dataset.tag = tag;
    return button;
  });
  if (area.dataset.upload) buttons.push(picture(area, editor, surface, keep));
  bar.append(...buttons);
  buttons.forEach((button, index) => (button.tabIndex = index ? -1 : 0));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") editor.focus();
    if (!step) return;
    event.preventDefault();
    const at = buttons.indexOf(document.activeElement);
    const next = buttons[(at + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });
  surface.addEventListener("keydown", (event) => {
    if (event.altKey && event.key === "F10") {
      event.preventDefault();
      bar.querySelector("[tabindex='0']").focus();
    }
  });
  editor.addEventListener("pathChange", () => {
    for (const button of buttons)
      if (button.dataset.tag) button.setAttribute("aria-pressed", String(editor.hasFormat(button.dataset.tag)));
  });
}

function tool(name, sign) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `richtext-tool richtext-${name}`;
  button.textContent = sign;
  button.setAttribute("aria-label", words[name]);
  button.title = words[name];
  return button;
}

/** Ask what a picture shows; the answer replaces the description that it has. */
function describe(image, keep) {
  const said = window.prompt(words.alt, image.getAttribute("alt") ?? "");
  if (said === null) return;
  image.setAttribute("alt", said.trim().slice(0, 250));
  keep();
}

/** The picture that is selected (with the keyboard: Shift and an arrow), if there is one. */
function chosen(editor, surface) {
  const range = editor.getSelection();
  if (!range || range.collapsed) return null;
  return [...surface.querySelectorAll("img")].find((image) => range.intersectsNode(image)) ?? null;
}

function picture(area, editor, surface, keep) {
  const button = tool("picture", "▣");
  const file = document.createElement("input");
  file.type = "file";
  file.accept = "image/png,image/jpeg,image/webp,image/gif";
  file.hidden = true;
  button.append(file);
  file.addEventListener("click", (event) => event.stopPropagation());
  button.addEventListener("click", () => {
    const image = chosen(editor, surface);
    if (image) describe(image, keep);
    else file.click();
  });
  file.addEventListener("change", async () => {
    await insert(area, editor, file.files[0]);
    file.value = "";
  });
  return button;
}

async function insert(area, editor, file) {
  const kept = await upload(file, area.dataset.upload, area.dataset.bank);
  if (!kept) return;
  editor.focus();
  editor.insertImage(kept.url, { alt: kept.alt, width: kept.width, height: kept.height });
}

/** Send a picture to the library; returns its id, address and size, or nothing after saying why not. */
async function upload(file, url, bank) {
  if (!file) return null;
  const alt = window.prompt(words.alt, "") ?? "";
  const data = new FormData();
  data.append("file", file);
  data.append("alt", alt);
  data.append("bank", bank);
  try {
    const answer = await fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": csrfToken() } });
    const body = await answer.json();
    if (answer.ok) return body;
    toast(body.detail, { kind: "danger" });
  } catch {
    toast(words.failed, { kind: "danger" });
  }
  return null;
}

function enhanceAll(root) {
  for (const area of root.querySelectorAll("textarea[data-richtext]:not([hidden])")) enhance(area);
}

enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.target));
