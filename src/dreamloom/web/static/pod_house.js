// What does this page ask of its house? Its own bed, its sounds by content, and the next moment of what is just heard.

/**
 * @typedef {{seed: number, sound: string, gain: number, over: boolean, found: boolean, told: string}} Moment
 */

/** @param {ArrayBuffer} frames */
const sha256 = async (frames) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", frames))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

/** The sound of this name, checked; null where what came is another one. @param {string} name */
export const soundOf = async (name) => {
  const answer = await fetch(`/api/pod/sounds/${name}`);
  if (!answer.ok) throw new Error(String(answer.status));
  const frames = await answer.arrayBuffer();
  return (await sha256(frames)) === name ? new Float32Array(frames) : null;
};

/** The names of the sounds that may be made ready. @returns {Promise<string[]>} */
export const soundsAtBed = async () => {
  const answer = await fetch("/api/pod/sounds").catch(() => null);
  return answer?.ok ? (await answer.json()).sounds : [];
};

/** This bed, "unknown" for a page that is no bed's any more, null where the house does not answer. */
export const bedNow = async () => {
  const answer = await fetch("/api/pod").catch(() => null);
  if (answer?.status === 401) return "unknown";
  return answer?.ok ? answer.json() : null;
};

/** @param {string} path @param {any} [body] */
export const told = (path, body) =>
  fetch(path, {
    method: "POST",
    ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  }).catch(() => null);

/** The first moment, or the one after these answers; null where the house does not answer. */
export const momentAfter = async (/** @type {number | null} */ seed, /** @type {boolean[]} */ heard) => {
  const answer = await (seed === null ? told("/api/pod/hearing") : told("/api/pod/hearing/answers", { seed, heard }));
  return answer?.ok ? /** @type {Promise<Moment>} */ (answer.json()) : null;
};
