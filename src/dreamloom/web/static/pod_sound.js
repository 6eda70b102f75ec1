// Which cue sounds at this pillow, and which does not? Booked at most 300 ms ahead on the audio clock, by the bits of
// the bed as the house tells them; silence is booked on the audio graph for when the house should have spoken again.

import { ALL, heeded } from "./pod_bits.js";
import { Graph } from "./pod_graph.js";
import { CUT_S, RATE_HZ, Voices, unplayed } from "./pod_voices.js";

const AHEAD_S = 0.3;
const REPEATED_S = 5;
const QUIETER_DB = 3;
export const QUIETEST_DB = -24;

/** @typedef {import("./pod_voices.js").Cue} Cue */
/** @typedef {import("./pod_voices.js").Became} Became */

/** One bed's sound, for one night. */
export class Deck {
  /**
   * @param {import("./pod_clock.js").HouseClock} clock
   * @param {(sha256: string) => Promise<Float32Array | null>} soundOf null: not the sound of that name
   * @param {(became: Became) => void} told
   */
  constructor(clock, soundOf, told) {
    this.clock = clock;
    this.soundOf = soundOf;
    this.told = told;
    this.graph = new Graph(clock);
    this.voices = new Voices(this.graph, told);
    /** @type {Map<string, Cue>} */
    this.waiting = new Map();
    /** @type {Map<string, AudioBuffer | null>} */
    this.sounds = new Map();
    /** @type {Map<string, number>} until when the house may say a cue again */
    this.known = new Map();
    this.bits = ALL;
    this.untilS = -Infinity;
    this.ceiling = 0;
    this.stopped = false;
    this.paused = false;
    this.quieterDb = 0;
  }

  get context() {
    return this.graph.context;
  }

  get alive() {
    return this.graph.alive;
  }

  get own() {
    return this.graph.own;
  }

  /** True while its sound is unlocked. */
  get isArmed() {
    return this.graph.isRunning;
  }

  /** In a tap: unlocks the sound. */
  async arm() {
    await this.graph.open();
  }

  /** What the house says holds now. @param {{bits: number, until_s: number, ceiling: number}} state */
  hold(state) {
    this.tick();
    this.bits = state.bits;
    this.ceiling = Math.min(state.ceiling, 1);
    this.untilS = state.until_s;
    this.graph.bookSilence(this.untilS);
    this.tick();
  }

  /** One cue; a repeated one sounds once. @param {Cue} cue */
  take(cue) {
    if (this.known.has(cue.cue_id)) return;
    this.known.set(cue.cue_id, cue.expires_s);
    this.forget();
    if (!this.isArmed) {
      this.drop(cue, "silenced", ["NOT_ARMED"]);
      return;
    }
    this.waiting.set(cue.cue_id, cue);
    void this.fetch(cue.sha256).then(() => this.tick());
    this.tick();
  }

  /** What nobody says again is not kept through the night. */
  forget() {
    if (!this.clock.isKnown) return;
    const longAgoS = this.clock.houseS(performance.now()) - REPEATED_S;
    for (const [cueId, expiresS] of this.known) if (expiresS < longAgoS) this.known.delete(cueId);
  }

  /** Makes a sound ready to be played. @param {string} sha256 */
  async fetch(sha256) {
    if (this.context === null || this.sounds.get(sha256)) return;
    const frames = await this.soundOf(sha256).catch(() => undefined);
    if (frames === undefined) return;
    if (frames === null || frames.length === 0) {
      this.sounds.set(sha256, null);
      return;
    }
    const buffer = this.context.createBuffer(1, frames.length, RATE_HZ);
    buffer.getChannelData(0).set(frames);
    this.sounds.set(sha256, buffer);
  }

  /** Silence for good, on the audio graph first. */
  stop() {
    this.stopped = true;
    this.setOwn();
    this.tick();
  }

  /** @param {boolean} on */
  pause(on) {
    this.paused = on;
    this.setOwn();
    this.tick();
  }

  /** Everything softer, by a step that does not come back by itself. */
  quieter() {
    this.quieterDb = Math.max(this.quieterDb - QUIETER_DB, QUIETEST_DB);
    this.setOwn();
  }

  setOwn() {
    this.graph.setOwn(this.stopped || this.paused ? 0 : 10 ** (this.quieterDb / 20));
  }

  /** What silences a cue that heeds these bits, as things stand. @param {number} nowS */
  causes(nowS) {
    const others = [...(nowS > this.untilS ? ["DEAD_MAN"] : []), ...(this.paused ? ["PAUSED"] : [])];
    const bits = this.stopped ? this.bits | 1 : this.bits;
    return (/** @type {number} */ heeds) => heeded(bits, heeds, others);
  }

  /** Books, refuses, cuts and ends, as things stand now; called often and from anywhere. */
  tick() {
    if (this.context === null || !this.clock.isKnown) return;
    const nowS = this.clock.houseS(performance.now());
    const causesFor = this.causes(nowS);
    for (const cue of [...this.waiting.values()]) this.begin(cue, nowS, causesFor(cue.heeds));
    this.voices.tick(causesFor);
  }

  /** @param {Cue} cue @param {number} nowS @param {string[]} causes */
  begin(cue, nowS, causes) {
    if (cue.at_s - nowS > AHEAD_S) return;
    if (causes.length > 0) {
      if (nowS >= cue.at_s - 2 * CUT_S) this.drop(cue, "silenced", causes);
      return;
    }
    const sound = this.sounds.get(cue.sha256);
    if (sound === null) {
      this.drop(cue, "changed", []);
    } else if (nowS > cue.expires_s) {
      this.drop(cue, "expired", []);
    } else if (sound !== undefined) {
      this.waiting.delete(cue.cue_id);
      this.voices.book(cue, sound, Math.min(cue.gain, this.ceiling), () => this.tick());
    }
  }

  /** @param {Cue} cue @param {string} status @param {string[]} bits */
  drop(cue, status, bits) {
    this.waiting.delete(cue.cue_id);
    this.told(unplayed(cue, status, bits));
  }

  /** The night lets this bed go: what sounds fades, what waits never begins. */
  end() {
    this.bits = ALL;
    this.untilS = -Infinity;
    this.graph.bookSilence(this.untilS);
    this.tick();
  }
}
