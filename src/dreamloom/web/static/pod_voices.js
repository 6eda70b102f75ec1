// What becomes of a cue that was booked? Cut as its cause asks, ended, and told once it has left the output.

import { AROUSAL, FADING } from "./pod_bits.js";
import { audioNow } from "./pod_graph.js";

export const RATE_HZ = 48000;
export const CUT_S = 0.01;
const DEAD_MAN_S = 0.2;
const LONGEST_FADE_S = 10;
const SETTLED_S = 0.06;
const MOVED_S = 0.004;
const TOO_NEAR_S = 0.012;
const FALL = Float32Array.from({ length: 33 }, (_, n) => 0.5 + 0.5 * Math.cos((Math.PI * n) / 32));

/**
 * @typedef {{cue_id: string, sha256: string, frames: number, gain: number, at_s: number, expires_s: number,
 *   heeds: number, fade_s: number | null}} Cue
 * @typedef {{cue_id: string, status: string, actual_s: number | null, heard_s: number, cut: boolean,
 *   bits: string[]}} Became
 * @typedef {{cue: Cue, source: AudioBufferSourceNode, ways: Record<string, GainNode>, startS: number, endS: number,
 *   ended: () => void, begun: Set<string>, causes: string[], actualS: number | null}} Voice
 */

/** What was not played, and why. @param {Cue} cue @param {string} status @param {string[]} bits @returns {Became} */
export const unplayed = (cue, status, bits) =>
  ({ cue_id: cue.cue_id, status, actual_s: null, heard_s: 0, cut: false, bits });

/** The cues that are booked or sound. */
export class Voices {
  /**
   * @param {import("./pod_graph.js").Graph} graph
   * @param {(became: Became) => void} told
   */
  constructor(graph, told) {
    this.graph = graph;
    this.told = told;
    /** @type {Map<string, Voice>} */
    this.all = new Map();
  }

  /** @param {Cue} cue @param {AudioBuffer} sound @param {number} loud @param {() => void} ended */
  book(cue, sound, loud, ended) {
    const context = /** @type {AudioContext} */ (this.graph.context);
    const startS = Math.max(this.graph.contextS(cue.at_s), context.currentTime);
    if (startS > this.graph.contextS(cue.expires_s)) {
      this.told(unplayed(cue, "expired", []));
      return;
    }
    const ways = { soft: context.createGain(), slow: context.createGain(), hard: context.createGain(), "dead man": context.createGain() };
    ways.soft.gain.value = loud;
    const alive = /** @type {GainNode} */ (this.graph.alive);
    ways.soft.connect(ways.slow).connect(ways.hard).connect(ways["dead man"]).connect(alive);
    const source = this.lead(sound, ways.soft, startS, ended);
    const endS = startS + cue.frames / RATE_HZ;
    const begun = /** @type {Set<string>} */ (new Set());
    this.all.set(cue.cue_id, { cue, source, ways, startS, endS, ended, begun, causes: [], actualS: null });
  }

  /** @param {AudioBuffer | null} sound @param {AudioNode} into @param {number} startS @param {() => void} ended */
  lead(sound, into, startS, ended) {
    const source = /** @type {AudioContext} */ (this.graph.context).createBufferSource();
    source.buffer = sound;
    source.connect(into);
    source.start(startS);
    source.onended = ended;
    return source;
  }

  /**
   * An output that stood still for a moment, as it does on a busy machine, takes the audio clock behind with it: what
   * has not begun is booked anew where its time lies now.
   * @param {Voice} voice
   */
  follow(voice) {
    const nowS = /** @type {AudioContext} */ (this.graph.context).currentTime;
    if (voice.startS - nowS < TOO_NEAR_S || voice.causes.length > 0) return;
    const startS = Math.max(this.graph.contextS(voice.cue.at_s), nowS);
    if (Math.abs(startS - voice.startS) < MOVED_S) return;
    voice.source.onended = null;
    voice.source.stop();
    voice.source.disconnect();
    voice.source = this.lead(voice.source.buffer, voice.ways.soft, startS, voice.ended);
    voice.endS += startS - voice.startS;
    voice.startS = startS;
  }

  /** Silences or cuts what must not sound, ends what is over. @param {(heeds: number) => string[]} causesFor */
  tick(causesFor) {
    for (const voice of [...this.all.values()]) {
      this.heed(voice, causesFor(voice.cue.heeds));
      if (this.all.has(voice.cue.cue_id)) this.follow(voice);
      this.finish(voice);
    }
  }

  /** @param {Voice} voice @param {string[]} causes */
  heed(voice, causes) {
    if (causes.length === 0) return;
    const nowS = /** @type {AudioContext} */ (this.graph.context).currentTime;
    if (nowS < voice.startS) {
      this.silence(voice);
      this.told(unplayed(voice.cue, "silenced", causes));
      return;
    }
    for (const cause of causes) this.cut(voice, cause, nowS);
  }

  /** One ramp to zero for bits, an arousal as its author asked, a person who lets it go gently, a house that fell silent. */
  cut(/** @type {Voice} */ voice, /** @type {string} */ cause, /** @type {number} */ nowS) {
    if (nowS >= voice.endS) return;
    const asked = /** @type {Record<string, number>} */ ({ [AROUSAL]: voice.cue.fade_s ?? CUT_S, [FADING]: LONGEST_FADE_S, DEAD_MAN: DEAD_MAN_S });
    const overS = Math.min(asked[cause] ?? CUT_S, LONGEST_FADE_S);
    const own = /** @type {Record<string, string>} */ ({ [FADING]: "slow", DEAD_MAN: "dead man" });
    const ramp = own[cause] ?? (overS > CUT_S ? "soft" : "hard");
    if (!voice.causes.includes(cause)) voice.causes.push(cause);
    if (voice.begun.has(ramp)) return;
    voice.begun.add(ramp);
    voice.endS = Math.min(voice.endS, nowS + overS);
    const gain = voice.ways[ramp].gain;
    const top = gain.value;
    gain.setValueCurveAtTime(FALL.map((each) => each * top), nowS, overS);
    voice.source.stop(voice.endS);
  }

  /** @param {Voice} voice */
  silence(voice) {
    voice.source.onended = null;
    voice.source.stop();
    voice.ways["dead man"].disconnect();
    this.all.delete(voice.cue.cue_id);
  }

  /** @param {Voice} voice */
  finish(voice) {
    if (!this.all.has(voice.cue.cue_id)) return;
    const now = audioNow(/** @type {AudioContext} */ (this.graph.context));
    if (voice.actualS === null && now.contextS >= voice.startS) voice.actualS = this.graph.heardAtS(voice.startS);
    if (now.contextS < Math.max(voice.endS, voice.startS + SETTLED_S)) return;
    const fullS = voice.cue.frames / RATE_HZ;
    const heardS = Math.min(fullS, voice.endS - voice.startS);
    const cut = fullS - heardS > 1e-6;
    voice.ways["dead man"].disconnect();
    this.all.delete(voice.cue.cue_id);
    this.told({
      cue_id: voice.cue.cue_id,
      status: "played",
      actual_s: voice.actualS,
      heard_s: cut ? heardS : fullS,
      cut,
      bits: cut ? voice.causes : [],
    });
  }
}
