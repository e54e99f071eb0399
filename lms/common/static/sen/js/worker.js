/* Registers the service worker that keeps the offline page; only where the page names one. */
const url = document.querySelector("script[data-service-worker]")?.dataset.serviceWorker;

if (url && "serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register(url).catch((error) => console.warn("service worker", error));
}
