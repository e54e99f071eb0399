/* htmx: the CSRF header, an expired session, the loading line, and what to say when the network fails. */
import { text } from "./text.js";
import { toast } from "./toast.js";

/** Return the CSRF token that a form of this page carries, or the cookie's. */
export function csrfToken() {
  return (
    document.querySelector("input[name=csrfmiddlewaretoken]")?.value ??
    document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ??
    ""
  );
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:beforeRequest", () => document.body.classList.add("is-loading"));
document.addEventListener("htmx:afterRequest", () => document.body.classList.remove("is-loading"));

// The server answers 422 with the form and its errors: show it like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

function failed(event, words) {
  const { elt, requestConfig } = event.detail;
  const again = () => {
    window.htmx.ajax(requestConfig.verb.toUpperCase(), requestConfig.path, {
      source: elt,
      target: requestConfig.target,
      values: requestConfig.verb === "get" ? undefined : Object.fromEntries(requestConfig.formData ?? []),
    });
  };
  toast(words, { kind: "danger", action: again, label: text("retry"), stay: true });
}

document.addEventListener("htmx:sendError", (event) => failed(event, text("no_network")));
document.addEventListener("htmx:timeout", (event) => failed(event, text("no_network")));
document.addEventListener("htmx:responseError", (event) => failed(event, text("failed")));
