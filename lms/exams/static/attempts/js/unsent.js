/* The result page: answers of this machine that came too late for the server can still be handed over as a file. */
import { ServerClock } from "./clock.js";
import { keepFile, offlineFile } from "./offline-file.js";
import { openStore } from "./store.js";

const config = JSON.parse(document.getElementById("unsent-config").textContent);
const box = document.querySelector("[data-unsent]");
const clock = new ServerClock();
clock.sync(config.serverTime);
const kept = new Map(config.kept);
const store = await openStore(config.token);

const rows = [];
for (const { slot, answer, seq } of await store.all()) {
  // what the server has by now (a file was accepted) needs no file any more
  if (seq <= (kept.get(slot) ?? -1)) await store.confirm(slot, seq);
  else rows.push({ slot, answer, seq });
}
if (rows.length) {
  box.querySelector("[data-unsent-text]").textContent = config.text.replace("{count}", rows.length);
  box.querySelector("[data-save-file]").addEventListener("click", () =>
    keepFile(config.fileName, offlineFile({ config, rows, clock })),
  );
  box.hidden = false;
}
document.documentElement.dataset.unsentReady = "";
