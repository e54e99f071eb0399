/* Answers that the server has not confirmed, kept on this machine until it has. The attempt's token is part of the
   key, so that nobody who signs in here later is mixed up with them. */
import { openDB } from "../../sen/vendor/idb-8.0.4/index.js";

const STORE = "answers";

class DiskStore {
  constructor(db, token) {
    this.db = db;
    this.token = token;
    this.durable = true;
  }

  all() {
    return this.db.getAll(STORE, IDBKeyRange.bound([this.token, 0], [this.token, Infinity]));
  }

  put(row) {
    return this.db.put(STORE, { ...row, token: this.token });
  }

  /** Forget the answer to `slot` unless a newer one than `seq` has been given meanwhile. */
  async confirm(slot, seq) {
    const change = this.db.transaction(STORE, "readwrite");
    const row = await change.store.get([this.token, slot]);
    if (row && row.seq <= seq) await change.store.delete([this.token, slot]);
    await change.done;
  }
}

class MemoryStore {
  durable = false;
  async all() {
    return [];
  }
  async put() {}
  async confirm() {}
}

/** Open the store of one attempt; where the browser refuses IndexedDB, answers live as long as the page. */
export async function openStore(token) {
  try {
    const db = await openDB("sen-exam", 1, {
      upgrade: (fresh) => fresh.createObjectStore(STORE, { keyPath: ["token", "slot"] }),
    });
    return new DiskStore(db, token);
  } catch (error) {
    console.warn("answers cannot be kept on this machine", error);
    return new MemoryStore();
  }
}
