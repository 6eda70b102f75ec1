// What time is it in the house? Question and answer over the socket; the quickest answers tell most, and a line through
// them tells how this device's clock runs against the house's. After the scheme of Lambert, Robaszkiewicz and Schnell
// (Web Audio Conference 2016). House times are seconds, this device's are milliseconds of performance.now().

const KEPT_MS = 10 * 60 * 1000;
const FRESH_MS = 45 * 1000;
const MOST_KEPT = 240;
const DRIFT_FROM_MS = 60 * 1000;
const MOST_DRIFT = 300e-6;
const ASSUMED_DRIFT = 100e-6;
const STEP_S = 0.05;
const SLACK_S = 0.0005;

/** @typedef {{atMs: number, offsetS: number, rttS: number}} Answer */

/**
 * One answer: sent and received here, taken and given there. The offset is house minus device, wrong by half the round
 * trip at most.
 * @param {{sentMs: number, takenS: number, givenS: number, receivedMs: number}} times
 * @returns {Answer}
 */
export function answerOf({ sentMs, takenS, givenS, receivedMs }) {
  const atMs = (sentMs + receivedMs) / 2;
  return {
    atMs,
    offsetS: (takenS + givenS) / 2 - atMs / 1000,
    rttS: Math.max(0, (receivedMs - sentMs) / 1000 - (givenS - takenS)),
  };
}

/** @param {Answer[]} answers */
const quickest = (answers) => answers.reduce((best, each) => (each.rttS < best.rttS ? each : best));

/**
 * Seconds per second that the house's clock gains on this device's, through the quick half of the answers; 0 until they
 * span a minute.
 * @param {Answer[]} answers
 */
export function driftOf(answers) {
  const half = [...answers].sort((one, other) => one.rttS - other.rttS).slice(0, Math.ceil(answers.length / 2));
  const times = half.map((each) => each.atMs);
  if (half.length < 4 || Math.max(...times) - Math.min(...times) < DRIFT_FROM_MS) return 0;
  const middle = times.reduce((sum, at) => sum + at, 0) / half.length;
  let above = 0;
  let below = 0;
  for (const each of half) {
    above += ((each.atMs - middle) / 1000) * each.offsetS;
    below += ((each.atMs - middle) / 1000) ** 2;
  }
  return Math.min(Math.max(above / below, -MOST_DRIFT), MOST_DRIFT);
}

/** The house's clock as this device knows it. */
export class HouseClock {
  constructor() {
    /** @type {Answer[]} */
    this.answers = [];
    this.drift = 0;
    /** @type {Answer | null} */
    this.best = null;
    this.nowMs = 0;
  }

  /** True once anything is known. */
  get isKnown() {
    return this.best !== null;
  }

  /** How far from the truth it may be, in seconds: half of the quickest round trip, and what clocks do meanwhile. */
  get boundS() {
    if (this.best === null) return Infinity;
    const unknown = this.drift === 0 ? ASSUMED_DRIFT : ASSUMED_DRIFT / 10;
    return this.best.rttS / 2 + (Math.abs(this.nowMs - this.best.atMs) / 1000) * unknown;
  }

  /** @param {Answer} answer */
  take(answer) {
    this.nowMs = answer.atMs;
    const step = this.best === null ? 0 : Math.abs(this.houseS(answer.atMs) - answer.atMs / 1000 - answer.offsetS);
    if (step > STEP_S + answer.rttS / 2 + this.boundS) this.answers = []; // one of the two clocks was set, or slept
    this.answers.push(answer);
    this.answers = this.answers.filter((each) => answer.atMs - each.atMs < KEPT_MS).slice(-MOST_KEPT);
    this.drift = driftOf(this.answers);
    const fresh = this.answers.filter((each) => answer.atMs - each.atMs < FRESH_MS);
    const quick = quickest(fresh).rttS + SLACK_S;
    const equals = fresh.filter((each) => each.rttS <= quick);
    this.best = equals[equals.length - 1];
  }

  /** @param {number} deviceMs */
  houseS(deviceMs) {
    if (this.best === null) return NaN;
    return deviceMs / 1000 + this.best.offsetS + ((deviceMs - this.best.atMs) / 1000) * this.drift;
  }

  /** @param {number} houseS */
  deviceMs(houseS) {
    if (this.best === null) return NaN;
    const atS = this.best.atMs / 1000;
    return 1000 * (atS + (houseS - this.best.offsetS - atS) / (1 + this.drift));
  }
}
