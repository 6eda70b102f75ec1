// What sounds at this pillow, and what keeps it silent? Cues on the audio clock, re-read before each; the bits of the
// bed as the house tells them; and silence already booked on the audio graph for the moment at which the house should
// have spoken again, so that no script, timer or network is needed for it.

const BITS = ["REVOKED", "HALTED", "AROUSAL", "LEASE_LAPSED", "STAGE_STALE", "NOT_ARMED", "STAGE", "NOT_AWAKE"];
const HARD = (1 << 0) | (1 << 1) | (1 << 5);
const AROUSAL = 2;
const RATE_HZ = 48000;
const AHEAD_S = 0.3;
const CUT_S = 0.01;
const STOP_S = 0.015;
const DEAD_MAN_S = 0.2;
const RISE_S = 0.005;
const LONGEST_FADE_S = 10;
const SETTLED_S = 0.06;
const QUIETER_DB = 3;
const QUIETEST_DB = -24;
const ALL = (1 << BITS.length) - 1;
const FALL = Float32Array.from({ length: 33 }, (_, n) => 0.5 + 0.5 * Math.cos((Math.PI * n) / 32));

/**
 * @typedef {{cue_id: string, sha256: string, frames: number, gain: number, at_s: number, expires_s: number,
 *   heeds: number, fade_s: number | null}} Cue
 * @typedef {{cue_id: string, status: string, actual_s: number | null, heard_s: number, cut: boolean,
 *   bits: string[]}} Became
 * @typedef {{cue: Cue, source: AudioBufferSourceNode, ways: Record<string, GainNode>, startS: number, endS: number,
 *   begun: Set<string>, causes: string[], actualS: number | null}} Voice
 */

/** @param {number} mask */
export const namesOf = (mask) => BITS.filter((_, place) => (mask >> place) & 1);

/**
 * Which causes silence a cue: bits that it heeds, hard ones whatever it says, and what is no bit.
 * @param {number} bits @param {number} heeds @param {string[]} others
 */
export const heeded = (bits, heeds, others) => [...namesOf(bits & (heeds | HARD)), ...others];

/**
 * Where the audio clock stands against the device's, at what leaves the output now.
 * @param {AudioContext} context
 */
export function audioNow(context) {
  const stamp = context.getOutputTimestamp?.();
  const nowMs = performance.now();
  if (stamp && (stamp.contextTime ?? 0) > 0 && Math.abs(nowMs - (stamp.performanceTime ?? 0)) < 500) {
    return { contextS: /** @type {number} */ (stamp.contextTime), deviceMs: /** @type {number} */ (stamp.performanceTime) };
  }
  return { contextS: context.currentTime - (context.outputLatency || context.baseLatency || 0), deviceMs: nowMs };
}

/** One bed's sound, for one night: one AudioContext, made in a tap and never made again. */
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
    /** @type {Map<string, Cue>} */
    this.waiting = new Map();
    /** @type {Map<string, Voice>} */
    this.voices = new Map();
    /** @type {Map<string, AudioBuffer | null>} */
    this.sounds = new Map();
    this.known = new Set();
    this.bits = ALL;
    this.untilS = -Infinity;
    this.ceiling = 0;
    this.stopped = false;
    this.paused = false;
    this.quieterDb = 0;
    /** @type {AudioContext | null} */
    this.context = null;
  }

  /** True while its sound is unlocked. */
  get isArmed() {
    return this.context !== null && this.context.state === "running";
  }

  /** In a tap: unlocks the sound. */
  async arm() {
    if (this.context === null) {
      const session = /** @type {any} */ (navigator).audioSession;
      if (session) session.type = "playback";
      this.context = new AudioContext({ latencyHint: "balanced" });
      this.alive = this.context.createGain();
      this.alive.gain.value = 0;
      this.own = this.context.createGain();
      this.alive.connect(this.own).connect(this.context.destination);
      this.setOwn(0);
    }
    await this.context.resume();
  }

  /** Soft notes for a sound check, one after the other. @param {number} count */
  playNotes(count) {
    if (this.context === null || this.own === undefined) return;
    for (let n = 0; n < count; n += 1) {
      const note = this.context.createOscillator();
      const level = this.context.createGain();
      const atS = this.context.currentTime + 0.1 + 0.7 * n;
      note.frequency.value = 523.25;
      level.gain.value = 0;
      level.gain.setValueAtTime(0, atS);
      level.gain.linearRampToValueAtTime(0.05, atS + 0.05);
      level.gain.setValueAtTime(0.05, atS + 0.25);
      level.gain.linearRampToValueAtTime(0, atS + 0.4);
      note.connect(level).connect(this.own);
      note.start(atS);
      note.stop(atS + 0.45);
    }
  }

  /** What the house says holds now. @param {{bits: number, until_s: number, ceiling: number}} state */
  hold(state) {
    this.tick();
    this.bits = state.bits;
    this.ceiling = Math.min(state.ceiling, 1);
    this.untilS = state.until_s;
    this.bookSilence();
    this.tick();
  }

  /** One cue; a repeated one sounds once. @param {Cue} cue */
  take(cue) {
    if (this.known.has(cue.cue_id)) return;
    this.known.add(cue.cue_id);
    if (!this.isArmed) {
      this.unplayed(cue, "silenced", ["NOT_ARMED"]);
      return;
    }
    this.waiting.set(cue.cue_id, cue);
    void this.fetch(cue.sha256).then(() => this.tick());
    this.tick();
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
    this.setOwn(STOP_S);
    this.tick();
  }

  /** @param {boolean} on */
  pause(on) {
    this.paused = on;
    this.setOwn(STOP_S);
    this.tick();
  }

  /** Everything softer, by a step that does not come back by itself. */
  quieter() {
    this.quieterDb = Math.max(this.quieterDb - QUIETER_DB, QUIETEST_DB);
    this.setOwn(STOP_S);
  }

  /** @param {number} overS */
  setOwn(overS) {
    if (this.context === null || this.own === undefined) return;
    const level = this.stopped || this.paused ? 0 : 10 ** (this.quieterDb / 20);
    const nowS = this.context.currentTime;
    const gain = this.own.gain;
    const was = gain.value;
    gain.cancelScheduledValues(0);
    gain.setValueAtTime(overS === 0 ? level : was, nowS);
    gain.linearRampToValueAtTime(level, nowS + overS);
  }

  /** The dead man's hand on the audio graph: open until the house should have spoken again, then closing by itself. */
  bookSilence() {
    if (this.context === null || this.alive === undefined || !this.clock.isKnown) return;
    const nowS = this.context.currentTime;
    const untilS = this.contextS(this.untilS);
    const gain = this.alive.gain;
    const was = gain.value;
    gain.cancelScheduledValues(0);
    gain.setValueAtTime(was, nowS);
    if (untilS > nowS + RISE_S) {
      gain.linearRampToValueAtTime(1, nowS + RISE_S);
      gain.setValueAtTime(1, untilS);
      gain.linearRampToValueAtTime(0, untilS + DEAD_MAN_S);
    } else {
      gain.linearRampToValueAtTime(0, nowS + was * DEAD_MAN_S + 0.001);
    }
  }

  /** A house time on the audio clock, as it stands now. @param {number} houseS */
  contextS(houseS) {
    const now = audioNow(/** @type {AudioContext} */ (this.context));
    return now.contextS + (this.clock.deviceMs(houseS) - now.deviceMs) / 1000;
  }

  /** The house time at which this moment of the audio clock is heard. @param {number} contextS */
  heardAtS(contextS) {
    const now = audioNow(/** @type {AudioContext} */ (this.context));
    return this.clock.houseS(now.deviceMs + (contextS - now.contextS) * 1000);
  }

  /** What is no bit and silences all the same. @param {number} nowS */
  others(nowS) {
    const found = [];
    if (nowS > this.untilS) found.push("DEAD_MAN");
    if (this.paused) found.push("PAUSED");
    return found;
  }

  /** Books, refuses, cuts and ends, as things stand now; called often and from anywhere. */
  tick() {
    if (this.context === null || !this.clock.isKnown) return;
    const nowS = this.clock.houseS(performance.now());
    const bits = this.stopped ? this.bits | 1 : this.bits;
    const others = this.others(nowS);
    for (const cue of [...this.waiting.values()]) this.begin(cue, nowS, heeded(bits, cue.heeds, others));
    for (const voice of [...this.voices.values()]) {
      this.heed(voice, heeded(bits, voice.cue.heeds, others));
      this.finish(voice);
    }
  }

  /** @param {Cue} cue @param {number} nowS @param {string[]} causes */
  begin(cue, nowS, causes) {
    if (cue.at_s - nowS > AHEAD_S) return;
    if (causes.length > 0) {
      if (nowS >= cue.at_s - 2 * CUT_S) this.unplayed(cue, "silenced", causes);
      return;
    }
    const sound = this.sounds.get(cue.sha256);
    if (sound === null) {
      this.unplayed(cue, "changed", []);
      return;
    }
    if (nowS > cue.expires_s) {
      this.unplayed(cue, "expired", []);
      return;
    }
    if (sound !== undefined) this.book(cue, sound);
  }

  /** @param {Cue} cue @param {AudioBuffer} sound */
  book(cue, sound) {
    const context = /** @type {AudioContext} */ (this.context);
    const startS = Math.max(this.contextS(cue.at_s), context.currentTime);
    if (startS > this.contextS(cue.expires_s)) {
      this.unplayed(cue, "expired", []);
      return;
    }
    this.waiting.delete(cue.cue_id);
    const source = context.createBufferSource();
    const ways = { soft: context.createGain(), hard: context.createGain(), "dead man": context.createGain() };
    source.buffer = sound;
    ways.soft.gain.value = Math.min(cue.gain, this.ceiling);
    source.connect(ways.soft).connect(ways.hard).connect(ways["dead man"]).connect(/** @type {GainNode} */ (this.alive));
    source.start(startS);
    source.onended = () => this.tick();
    const endS = startS + cue.frames / RATE_HZ;
    const begun = /** @type {Set<string>} */ (new Set());
    this.voices.set(cue.cue_id, { cue, source, ways, startS, endS, begun, causes: [], actualS: null });
  }

  /** @param {Voice} voice @param {string[]} causes */
  heed(voice, causes) {
    if (causes.length === 0) return;
    const nowS = /** @type {AudioContext} */ (this.context).currentTime;
    if (nowS < voice.startS) {
      this.silence(voice);
      this.unplayed(voice.cue, "silenced", causes);
      return;
    }
    for (const cause of causes) this.cut(voice, cause, nowS);
  }

  /** One ramp to zero for bits, one for an arousal as its author asked, one for a house that fell silent. */
  cut(/** @type {Voice} */ voice, /** @type {string} */ cause, /** @type {number} */ nowS) {
    if (nowS >= voice.endS) return;
    const fadeS = cause === BITS[AROUSAL] ? Math.min(voice.cue.fade_s ?? CUT_S, LONGEST_FADE_S) : CUT_S;
    const ramp = cause === "DEAD_MAN" ? "dead man" : fadeS > CUT_S ? "soft" : "hard";
    if (!voice.causes.includes(cause)) voice.causes.push(cause);
    if (voice.begun.has(ramp)) return;
    voice.begun.add(ramp);
    const overS = ramp === "dead man" ? DEAD_MAN_S : fadeS;
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
    this.voices.delete(voice.cue.cue_id);
  }

  /** Tells of a cue once it has left the output. @param {Voice} voice */
  finish(voice) {
    const now = audioNow(/** @type {AudioContext} */ (this.context));
    if (voice.actualS === null && now.contextS >= voice.startS) voice.actualS = this.heardAtS(voice.startS);
    if (now.contextS < Math.max(voice.endS, voice.startS + SETTLED_S)) return;
    const fullS = voice.cue.frames / RATE_HZ;
    const heardS = Math.min(fullS, voice.endS - voice.startS);
    const cut = fullS - heardS > 1e-6;
    voice.ways["dead man"].disconnect();
    this.voices.delete(voice.cue.cue_id);
    this.told({
      cue_id: voice.cue.cue_id,
      status: "played",
      actual_s: voice.actualS,
      heard_s: cut ? heardS : fullS,
      cut,
      bits: cut ? voice.causes : [],
    });
  }

  /** @param {Cue} cue @param {string} status @param {string[]} bits */
  unplayed(cue, status, bits) {
    this.waiting.delete(cue.cue_id);
    this.told({ cue_id: cue.cue_id, status, actual_s: null, heard_s: 0, cut: false, bits });
  }

  /** The night lets this bed go: what sounds fades, what waits never begins. */
  end() {
    this.bits = ALL;
    this.untilS = -Infinity;
    this.bookSilence();
    this.tick();
  }
}
