/* Native <dialog>: [data-dialog-open="id"], [data-dialog-close]; [data-confirm="question"] on a button or a link asks
   first (data-confirm-text, data-confirm-ok, data-confirm-danger say more). htmx's hx-confirm uses the same dialog. */
import { text } from "./text.js";

function element(name, className, content) {
  const node = document.createElement(name);
  node.className = className;
  if (content) node.textContent = content;
  return node;
}

/** Ask `question`; resolves to true when the person goes on. */
export function confirm(question, { body = "", ok = "", danger = false } = {}) {
  const dialog = element("dialog", "dialog");
  const title = element("h2", "", question);
  title.id = "confirm-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const actions = element("div", "dialog-actions");
  const cancel = element("button", "btn", text("cancel"));
  const go = element("button", danger ? "btn btn-danger" : "btn btn-primary", ok || text("ok"));
  actions.append(cancel, go);
  dialog.append(title);
  if (body) dialog.append(element("p", "dialog-body", body));
  dialog.append(actions);
  document.body.append(dialog);
  return new Promise((resolve) => {
    cancel.addEventListener("click", () => dialog.close());
    go.addEventListener("click", () => dialog.close("ok"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "ok");
    });
    dialog.showModal();
    (danger ? cancel : go).focus();
  });
}

function ask(trigger) {
  const { confirm: question, confirmText, confirmOk, confirmDanger } = trigger.dataset;
  return confirm(question, { body: confirmText, ok: confirmOk, danger: confirmDanger !== undefined });
}

document.addEventListener("click", async (event) => {
  const open = event.target.closest("[data-dialog-open]");
  if (open) {
    document.getElementById(open.dataset.dialogOpen)?.showModal();
    return;
  }
  const closing = event.target.closest("[data-dialog-close]");
  if (closing) {
    closing.closest("dialog")?.close();
    return;
  }
  const trigger = event.target.closest("[data-confirm]");
  if (!trigger || trigger.dataset.confirmed !== undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(trigger))) return;
  trigger.dataset.confirmed = "";
  trigger.click();
  delete trigger.dataset.confirmed;
}, true);

document.addEventListener("htmx:confirm", async (event) => {
  const { question, issueRequest } = event.detail;
  if (!question) return;
  event.preventDefault();
  if (await confirm(question)) issueRequest(true);
});
