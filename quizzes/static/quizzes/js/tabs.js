/* One tab at a time: the tab opened last works, the others say so and can take over again. */
export function watchTabs(token, { onOther }) {
  if (!("BroadcastChannel" in window)) return { claim() {} };
  const me = `${Date.now()}-${Math.random()}`;
  const channel = new BroadcastChannel(`sen-exam-${token}`);
  channel.addEventListener("message", (event) => {
    if (event.data !== me) onOther();
  });
  const claim = () => channel.postMessage(me);
  claim();
  return { claim };
}
