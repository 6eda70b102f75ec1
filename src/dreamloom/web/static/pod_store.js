// What is kept on this phone until the house has it: dreams told, and a stop. Nothing is removed before its receipt.

const NAME = "pod";
const UNSENT = "unsent";
const KNOWN = "known";

/** @typedef {{id: string, kind: "report" | "stop", told_utc: string, text: string, tonight: string}} Unsent */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @returns {Promise<IDBDatabase>} */
const open = () => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(UNSENT, { keyPath: "id" });
    request.result.createObjectStore(KNOWN);
  };
  return done(request);
};

/** @param {string} store @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} act */
const within = async (store, mode, act) => {
  const base = await open();
  try {
    const turn = base.transaction(store, mode, { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      turn.oncomplete = resolve;
      turn.onabort = () => reject(turn.error);
    });
    const result = await done(act(turn.objectStore(store)));
    await ended;
    return result;
  } finally {
    base.close();
  }
};

/** @param {Unsent} what */
export const keep = (what) => within(UNSENT, "readwrite", (store) => store.put(what));

/** @returns {Promise<Unsent[]>} */
export const unsent = () => within(UNSENT, "readonly", (store) => store.getAll());

/** After its receipt. @param {string} id */
export const forget = (id) => within(UNSENT, "readwrite", (store) => store.delete(id));

/** @param {string} name @param {any} value */
export const remember = (name, value) => within(KNOWN, "readwrite", (store) => store.put(value, name));

/** @param {string} name */
export const remembered = (name) => within(KNOWN, "readonly", (store) => store.get(name));

/** A name of its own for what is told, so that telling it twice is telling it once. */
export const freshId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

/**
 * Sends what is kept, oldest first; each goes from here once the house says that it has it.
 * @param {string} tonight which night this is; what was kept for another one stays here
 * @param {(what: Unsent, receipt: any) => void} received
 * @returns {Promise<"sent" | "away" | "unknown">} unknown: this page's link is used up
 */
export async function flush(tonight, received) {
  const kept = (await unsent()).filter((each) => each.tonight === tonight);
  const waiting = kept.sort((one, other) => one.told_utc.localeCompare(other.told_utc));
  for (const what of waiting) {
    const body = JSON.stringify({ id: what.id, told_utc: what.told_utc, tonight, ...(what.kind === "report" ? { text: what.text } : {}) });
    const path = what.kind === "report" ? "/api/pod/reports" : "/api/pod/stop";
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(
      () => null,
    );
    if (answer === null || answer.status >= 500) return "away";
    if (answer.status === 401) return "unknown";
    const receipt = await answer.json().catch(() => null);
    if (!answer.ok || receipt === null || receipt.id !== what.id) continue;
    received(what, receipt);
    await forget(what.id);
  }
  return "sent";
}
