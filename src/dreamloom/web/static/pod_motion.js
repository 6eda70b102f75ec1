// How does this phone move? Means of a tenth of a second, told twice a second; still or moving is all they can say.
// Where the phone does not tell it, the page says why.

import { WORDS } from "./pod_words.js";

const RATE_HZ = 10;
const ROWS = 5;
const TENTHS_PER_MS2 = 10000 / 9.80665;
const MOST_TENTHS = 32767;
const WAIT_MS = 5000;
const AXES = /** @type {("x" | "y" | "z")[]} */ (["x", "y", "z"]);

/** @typedef {{at_s: number, tenths: (number | null)[][]}} Felt */

/** Takes what the phone feels; hands it on in rows on an even grid of the house's time. */
export class Motion {
  /**
   * @param {import("./pod_clock.js").HouseClock} clock
   * @param {(felt: Felt) => void} told
   */
  constructor(clock, told) {
    this.clock = clock;
    this.told = told;
    /** @type {Map<number, number[][]>} */
    this.slots = new Map();
    /** @type {number | null} */
    this.next = null;
    this.wanted = false;
    this.denied = false;
    this.beganMs = 0;
    this.feltMs = -Infinity;
  }

  /** What keeps movement from being told, in plain words; "" where nothing does. */
  get missing() {
    if (!this.wanted) return "";
    if (!window.isSecureContext) return WORDS.motionInsecure;
    if (this.denied) return WORDS.motionDenied;
    const nowMs = performance.now();
    return nowMs - Math.max(this.feltMs, this.beganMs) > WAIT_MS ? WORDS.motionAbsent : "";
  }

  /** In a tap, for phones that ask. */
  async begin() {
    if (this.wanted && !this.denied) return;
    this.wanted = true;
    this.beganMs = performance.now();
    if (!window.isSecureContext || typeof DeviceMotionEvent === "undefined") return;
    const ask = /** @type {any} */ (DeviceMotionEvent).requestPermission;
    const answer = ask === undefined ? "granted" : await ask.call(DeviceMotionEvent).catch(() => "denied");
    this.denied = answer !== "granted";
    if (!this.denied) addEventListener("devicemotion", (event) => this.feel(event));
  }

  /** @param {DeviceMotionEvent} event */
  feel(event) {
    const felt = event.accelerationIncludingGravity;
    if (!felt || felt.x === null || !this.clock.isKnown) return;
    this.feltMs = performance.now();
    const slot = Math.floor(this.clock.houseS(this.feltMs) * RATE_HZ);
    this.next ??= slot + 1;
    const in_slot = this.slots.get(slot) ?? [];
    in_slot.push(AXES.map((axis) => felt[axis] ?? 0));
    this.slots.set(slot, in_slot);
    this.tell(slot);
  }

  /** Everything before this slot is whole. @param {number} now */
  tell(now) {
    if (this.next === null || now - this.next < ROWS) return;
    const late = now - this.next > 10 * ROWS;
    const first = late ? now - ROWS : this.next;
    this.told({ at_s: first / RATE_HZ, tenths: Array.from({ length: ROWS }, (_, n) => this.row(first + n)) });
    this.next = first + ROWS;
    for (const slot of [...this.slots.keys()]) if (slot < this.next) this.slots.delete(slot);
  }

  /** The mean of one slot; null where nothing was felt in it. @param {number} slot */
  row(slot) {
    const felt = this.slots.get(slot);
    if (felt === undefined) return AXES.map(() => null);
    return AXES.map((_, axis) => {
      const mean = felt.reduce((sum, each) => sum + each[axis], 0) / felt.length;
      return Math.min(Math.max(Math.round(mean * TENTHS_PER_MS2), -MOST_TENTHS), MOST_TENTHS);
    });
  }
}
