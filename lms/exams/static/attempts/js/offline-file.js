/* Handing in without a network: the answers as a signed file, which the invigilator uploads later. */
import { hmacHex } from "./hmac.js";

/** Return the text of the file; `rows` are {slot, answer, seq} of everything this machine knows. */
export function offlineFile({ config, rows, clock }) {
  const payload = JSON.stringify({
    attempt: config.attempt,
    paper: config.paperCode,
    device: config.device,
    made_at: new Date(clock.now()).toISOString(),
    responses: rows,
  });
  return JSON.stringify({ format: "sen-offline-1", payload, signature: hmacHex(config.offlineKey, payload) });
}

/** Let the browser keep `text` under `name`. */
export function keepFile(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
