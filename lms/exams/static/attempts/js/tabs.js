/* One tab at a time: the tab opened last works, the others say so in a dialog and can take over again. */
export function watchTabs(token, { dialog, button, onBack }) {
  const claim = claimer(token, () => {
    if (!dialog.open) dialog.showModal();
  });
  const workHere = () => {
    claim();
    onBack();
  };
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    dialog.close();
    workHere();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) workHere();
  });
}

/** Claim the test for this tab, and return what claims it again; `onOther` is called when another tab does. */
function claimer(token, onOther) {
  if (!("BroadcastChannel" in window)) return () => {};
  const me = `${Date.now()}-${Math.random()}`;
  const channel = new BroadcastChannel(`sen-exam-${token}`);
  channel.addEventListener("message", (event) => {
    if (event.data !== me) onOther();
  });
  const claim = () => channel.postMessage(me);
  claim();
  return claim;
}
