// Sound to and from the wall, on the audio thread: 16 bits at 16 kHz, as they cross it. Kept nowhere.

const WALL_HZ = 16000;
const FRAME = 320;
const TAPS = 64;
const CUT_HZ = 7000;
const FIRST_S = 0.12;
const MOST_S = 0.5;

/** What passes below CUT_HZ at the rate of this graph: a windowed sinc. */
const lowPass = () => {
  const taps = Float32Array.from({ length: TAPS }, (_, n) => {
    const at = n - (TAPS - 1) / 2;
    const sinc = Math.sin((2 * Math.PI * CUT_HZ * at) / sampleRate) / (Math.PI * at);
    return sinc * (0.54 - 0.46 * Math.cos((2 * Math.PI * n) / (TAPS - 1)));
  });
  const sum = taps.reduce((all, tap) => all + tap, 0);
  return taps.map((tap) => tap / sum);
};

/** From a microphone to frames of the wall. */
class Into extends AudioWorkletProcessor {
  constructor() {
    super();
    this.taps = lowPass();
    this.past = new Float32Array(TAPS);
    this.place = 0;
    this.until = 0;
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
  }

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    for (const sample of inputs[0]?.[0] ?? []) {
      this.past[this.place] = sample;
      this.place = (this.place + 1) % TAPS;
      this.until -= WALL_HZ;
      if (this.until > 0) continue;
      this.until += sampleRate;
      this.give(this.taps.reduce((sum, tap, n) => sum + tap * this.past[(this.place + n) % TAPS], 0));
    }
    return true;
  }

  /** @param {number} sample */
  give(sample) {
    this.frame[this.filled] = Math.round(32767 * Math.max(-1, Math.min(1, sample)));
    this.filled += 1;
    if (this.filled < FRAME) return;
    this.port.postMessage(this.frame.buffer, [this.frame.buffer]);
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
  }
}

/** From frames of the wall to sound; what comes too late to be heard now is dropped. */
class OutOf extends AudioWorkletProcessor {
  constructor() {
    super();
    /** @type {number[]} */
    this.waiting = [];
    this.begun = false;
    this.part = 0;
    this.now = 0;
    this.port.onmessage = (/** @type {MessageEvent<ArrayBuffer>} */ { data }) => {
      for (const sample of new Int16Array(data)) this.waiting.push(sample / 32768);
      const late = this.waiting.length - MOST_S * WALL_HZ;
      if (late > 0) this.waiting.splice(0, late);
    };
  }

  /** @param {Float32Array[][]} _ @param {Float32Array[][]} outputs */
  process(_, outputs) {
    const out = outputs[0][0];
    if (!this.begun && this.waiting.length >= FIRST_S * WALL_HZ) this.begun = true;
    let used = 0;
    for (let n = 0; n < out.length && this.begun; n += 1) {
      const next = this.waiting[used];
      if (next === undefined) {
        this.begun = false;
        this.now = 0;
        break;
      }
      out[n] = this.now + (next - this.now) * this.part;
      this.part += WALL_HZ / sampleRate;
      if (this.part >= 1) {
        this.part -= 1;
        this.now = next;
        used += 1;
      }
    }
    this.waiting.splice(0, used);
    return true;
  }
}

registerProcessor("dl-into", Into);
registerProcessor("dl-out-of", OutOf);
