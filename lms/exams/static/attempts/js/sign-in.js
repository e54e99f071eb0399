/* Signing in again without leaving the test: the session ended, the page and its answers stay. */
import { csrf } from "./queue.js";

/** Bind the form of `dialog`; `onDone()` is called when the server let the person in. */
export function bindSignIn(dialog, { url, texts, onDone }) {
  const form = dialog.querySelector("[data-sign-in-form]");
  const problem = dialog.querySelector("[data-sign-in-problem]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    try {
      const fields = new FormData(form);
      fields.set("csrfmiddlewaretoken", csrf());
      // a page that is sent on says that the person is in; the page itself is not needed
      const response = await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: { "X-CSRFToken": csrf() },
        body: new URLSearchParams(fields),
      });
      if (response.type === "opaqueredirect") {
        form.reset();
        onDone();
      } else problem.textContent = response.status === 429 ? texts.paused : texts.wrong;
    } catch (error) {
      console.warn("not signed in", error);
      problem.textContent = texts.offline;
    } finally {
      button.disabled = false;
    }
  });
}
