// How do the last 30 s of a bed look? A sweep that wraps, with a gap where it is written now.

import { MISSING } from "./feed.js";

const SHOWN_S = 30;
const GAP_SHARE = 0.04;
const FULL_TENTHS_UV = 1000;
const MOST_CHANNELS = 2;

/** The newest 30 s of one bed. */
export class Trace {
  constructor() {
    this.hz = 0;
    this.channels = 0;
    this.end = 0;
    this.ring = new Int16Array(0);
    this.dirty = false;
    /** The place behind the last sample that was drawn. */
    this.drawn = 0;
  }

  /** @param {import("./feed.js").Frame} frame */
  take(frame) {
    if (frame.hz !== this.hz || frame.channels !== this.channels) {
      this.hz = frame.hz;
      this.channels = frame.channels;
      this.ring = new Int16Array(Math.round(SHOWN_S * frame.hz) * frame.channels).fill(MISSING);
      this.end = frame.index;
    }
    const rows = this.ring.length / this.channels;
    for (let lost = Math.max(this.end, frame.index - rows); lost < frame.index; lost += 1) this.clear(lost % rows);
    const length = frame.samples.length / this.channels;
    for (let row = 0; row < length; row += 1) {
      const place = ((frame.index + row) % rows) * this.channels;
      for (let c = 0; c < this.channels; c += 1) this.ring[place + c] = frame.samples[row * this.channels + c];
    }
    this.end = frame.index + length;
    this.dirty = true;
  }

  /** @param {number} row */
  clear(row) {
    this.ring.fill(MISSING, row * this.channels, (row + 1) * this.channels);
  }

  /**
   * How far each shown channel reached, in µV, in each second of the last thirty, oldest first; null where nothing came.
   * @returns {(number[] | null)[]}
   */
  seconds() {
    const rows = this.ring.length / Math.max(1, this.channels);
    const shown = Math.min(this.channels, MOST_CHANNELS);
    return Array.from({ length: SHOWN_S }, (_, second) => {
      const reach = Array.from({ length: shown }, (_, c) => this.reach(c, this.end - rows + Math.round(second * this.hz), Math.round(this.hz)));
      return reach.length === 0 || reach.some((each) => each === null) ? null : /** @type {number[]} */ (reach);
    });
  }

  /** From lowest to highest, in µV. @param {number} channel @param {number} first @param {number} count */
  reach(channel, first, count) {
    const rows = this.ring.length / this.channels;
    let [low, high] = [Infinity, -Infinity];
    for (let row = first; row < first + count; row += 1) {
      const value = this.ring[(((row % rows) + rows) % rows) * this.channels + channel];
      if (value === MISSING) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return high < low ? null : (high - low) / 10;
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {string[]} colours
   */
  draw(canvas, colours) {
    const context = canvas.getContext("2d");
    if (context === null || this.hz === 0) return;
    const { width, height } = canvas;
    const rows = this.ring.length / this.channels;
    const shown = Math.min(this.channels, MOST_CHANNELS);
    context.clearRect(0, 0, width, height);
    context.lineWidth = Math.max(1, devicePixelRatio * 0.75);
    const now = this.end % rows;
    this.drawn = this.end;
    const step = Math.max(1, Math.floor(rows / width));
    for (let c = 0; c < shown; c += 1) {
      const middle = (height * (c + 0.5)) / shown;
      const scale = height / shown / 2 / FULL_TENTHS_UV;
      context.strokeStyle = colours[c];
      context.beginPath();
      let down = false;
      for (let row = 0; row < rows; row += step) {
        const value = this.ring[row * this.channels + c];
        const ahead = (row - now + rows) % rows;
        if (value === MISSING || ahead < rows * GAP_SHARE) {
          down = false;
          continue;
        }
        const x = (row / rows) * width;
        const y = middle - Math.max(-height, Math.min(height, value * scale));
        if (down) context.lineTo(x, y);
        else context.moveTo(x, y);
        down = true;
      }
      context.stroke();
    }
  }
}
