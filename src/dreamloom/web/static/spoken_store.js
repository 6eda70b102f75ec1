// What was spoken stays on this device, second by second, until whoever spoke deletes it. Nothing here sends anything.

const NAME = "spoken";
const RECORDINGS = "recordings";
const PIECES = "pieces";

/**
 * seconds: as far as they are kept. text: as it was written down, "" while it was not. wanted: to be written down once
 * the house can be reached. used: its words were put where they are told.
 * @typedef {{id: string, at: string, type: string, seconds: number, text: string, language: string, wanted: boolean, used: boolean}} Recording
 */

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
    request.result.createObjectStore(RECORDINGS, { keyPath: "id" });
    request.result.createObjectStore(PIECES);
  };
  return done(request);
};

/** @param {IDBTransactionMode} mode @param {(recordings: IDBObjectStore, pieces: IDBObjectStore) => IDBRequest} act */
const within = async (mode, act) => {
  const base = await open();
  try {
    const turn = base.transaction([RECORDINGS, PIECES], mode, { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      turn.oncomplete = resolve;
      turn.onabort = () => reject(turn.error);
    });
    const result = await done(act(turn.objectStore(RECORDINGS), turn.objectStore(PIECES)));
    await ended;
    return result;
  } finally {
    base.close();
  }
};

/** The pieces of one recording. @param {string} id */
const of = (id) => IDBKeyRange.bound([id, 0], [id, Infinity]);

/** Newest first. @returns {Promise<Recording[]>} */
export const recordings = async () => {
  const all = /** @type {Recording[]} */ (await within("readonly", (store) => store.getAll()));
  return all.sort((one, other) => other.at.localeCompare(one.at));
};

/** @param {Recording} recording */
export const note = (recording) => within("readwrite", (store) => store.put(recording));

/** One more second of it. @param {Recording} recording @param {ArrayBuffer} piece */
export const add = (recording, piece) =>
  within("readwrite", (store, pieces) => {
    pieces.put(piece, [recording.id, recording.seconds]);
    return store.put({ ...recording, seconds: recording.seconds + 1 });
  });

/** All of it, as one file. @param {Recording} recording */
export const whole = async (recording) =>
  new Blob(await within("readonly", (_, pieces) => pieces.getAll(of(recording.id))), { type: recording.type });

/** For good. @param {string} id */
export const forget = (id) =>
  within("readwrite", (store, pieces) => {
    store.delete(id);
    return pieces.delete(of(id));
  });
