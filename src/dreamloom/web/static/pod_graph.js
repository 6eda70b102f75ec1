// What stands between every sound of this page and the ear? One audio graph for one night: a gain that closes by itself
// when the house should have spoken again, one that is the sleeper's own, and the audio clock, re-read each time.

const STOP_S = 0.015;
const DEAD_MAN_S = 0.2;
const RISE_S = 0.005;
const NEAR_MS = 500;
const NOTE_HZ = 523.25;
const NOTE_GAIN = 0.05;
const NOTES_APART_S = 0.7;

/**
 * Where the audio clock stands against the device's, at what leaves the output now.
 * @param {AudioContext} context
 */
export function audioNow(context) {
  const stamp = context.getOutputTimestamp?.();
  const nowMs = performance.now();
  if (stamp && (stamp.contextTime ?? 0) > 0 && Math.abs(nowMs - (stamp.performanceTime ?? 0)) < NEAR_MS) {
    return { contextS: /** @type {number} */ (stamp.contextTime), deviceMs: /** @type {number} */ (stamp.performanceTime) };
  }
  return { contextS: context.currentTime - (context.outputLatency || context.baseLatency || 0), deviceMs: nowMs };
}

/** One AudioContext, made in a tap and never made again. */
export class Graph {
  /** @param {import("./pod_clock.js").HouseClock} clock */
  constructor(clock) {
    this.clock = clock;
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {GainNode | undefined} */
    this.alive = undefined;
    /** @type {GainNode | undefined} */
    this.own = undefined;
    this.level = 1;
  }

  /** True while its sound is unlocked. */
  get isRunning() {
    return this.context !== null && this.context.state === "running";
  }

  /** In a tap: unlocks the sound. */
  async open() {
    if (this.context === null) {
      const session = /** @type {any} */ (navigator).audioSession;
      if (session) session.type = "playback";
      this.context = new AudioContext({ latencyHint: "balanced" });
      this.alive = this.context.createGain();
      this.alive.gain.value = 0;
      this.own = this.context.createGain();
      this.own.gain.value = this.level;
      this.alive.connect(this.own).connect(this.context.destination);
    }
    await this.context.resume();
  }

  /** The sleeper's own gain, within the time that STOP may take. @param {number} level */
  setOwn(level) {
    this.level = level;
    if (this.context === null || this.own === undefined) return;
    const nowS = this.context.currentTime;
    const gain = this.own.gain;
    const was = gain.value;
    gain.cancelScheduledValues(0);
    gain.setValueAtTime(was, nowS);
    gain.linearRampToValueAtTime(level, nowS + STOP_S);
  }

  /** Open until this time of the house, then closing by itself, whatever becomes of scripts. @param {number} untilHouseS */
  bookSilence(untilHouseS) {
    if (this.context === null || this.alive === undefined || !this.clock.isKnown) return;
    const nowS = this.context.currentTime;
    const untilS = this.contextS(untilHouseS);
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

  /** Soft notes for a sound check, one after the other. @param {number} count */
  playNotes(count) {
    if (this.context === null || this.own === undefined) return;
    for (let n = 0; n < count; n += 1) {
      const note = this.context.createOscillator();
      const level = this.context.createGain();
      const atS = this.context.currentTime + 0.1 + NOTES_APART_S * n;
      note.frequency.value = NOTE_HZ;
      level.gain.value = 0;
      level.gain.setValueAtTime(0, atS);
      level.gain.linearRampToValueAtTime(NOTE_GAIN, atS + 0.05);
      level.gain.setValueAtTime(NOTE_GAIN, atS + 0.25);
      level.gain.linearRampToValueAtTime(0, atS + 0.4);
      note.connect(level).connect(this.own);
      note.start(atS);
      note.stop(atS + 0.45);
    }
  }

  /** One sound now, for an ear that is awake; over when it is. @param {AudioBuffer} sound @param {number} loud */
  async playOnce(sound, loud) {
    if (this.context === null || this.own === undefined) return;
    const source = this.context.createBufferSource();
    const level = this.context.createGain();
    source.buffer = sound;
    level.gain.value = loud;
    source.connect(level).connect(this.own);
    const over = new Promise((resolve) => {
      source.onended = resolve;
    });
    source.start();
    await over;
    level.disconnect();
  }
}
