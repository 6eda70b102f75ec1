// What the night sends: rows, events and lines as JSON, samples as numbers. Comes back by itself after a drop, from
// the place in the record that was seen last.

import { t } from "./words.js";

const HEAD_BYTES = 20;
const SAMPLES = 1;
export const MISSING = -32768;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

/**
 * @typedef {{pod: string, index: number, hz: number, channels: number, samples: Int16Array}} Frame
 * @typedef {{beds: string[], role: string, now_s: number, status: string, seen: number, rows: Record<string, object>,
 *   events: object[], said: object[]}} News
 */

/**
 * Reads one frame: version, kind, bed, channels, samples, Hz, index; then the samples themselves.
 * @param {ArrayBuffer} buffer
 * @param {string[]} beds
 * @param {number} at where in the buffer it begins
 * @returns {Frame | null}
 */
export function readFrame(buffer, beds, at = 0) {
  if (buffer.byteLength < at + HEAD_BYTES) return null;
  const head = new DataView(buffer, at);
  if (head.getUint8(0) !== 1 || head.getUint8(1) !== SAMPLES) return null;
  const channels = head.getUint16(4, true);
  const length = head.getUint16(6, true);
  const pod = beds[head.getUint16(2, true)];
  if (pod === undefined || buffer.byteLength < at + HEAD_BYTES + length * channels * 2) return null;
  return {
    pod,
    channels,
    hz: head.getFloat32(8, true),
    index: Number(head.getBigUint64(12, true)),
    samples: new Int16Array(buffer, at + HEAD_BYTES, length * channels),
  };
}

/** Follows a night until closed. */
export class Feed {
  /**
   * @param {string} night
   * @param {{news: (news: News) => void, frame: (frame: Frame) => void, state: (text: string) => void,
   *   isOver: () => boolean}} told
   */
  constructor(night, told) {
    this.night = night;
    this.told = told;
    this.seen = 0;
    this.beds = /** @type {string[]} */ ([]);
    this.waitMs = FIRST_WAIT_MS;
    this.closed = false;
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/live/nights/${this.night}?after=${this.seen}`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.told.state("");
    socket.onmessage = (message) => this.take(message.data);
    socket.onclose = (event) => this.again(event.code);
    this.socket = socket;
  }

  /** @param {string | ArrayBuffer} data */
  take(data) {
    this.waitMs = FIRST_WAIT_MS;
    if (typeof data === "string") {
      const news = JSON.parse(data);
      this.beds = news.beds;
      this.seen = news.seen;
      this.told.news(news);
    } else {
      for (let at = 0; at < data.byteLength; ) {
        const frame = readFrame(data, this.beds, at);
        if (frame === null) return;
        this.told.frame(frame);
        at += HEAD_BYTES + frame.samples.byteLength;
      }
    }
  }

  /** @param {number} code */
  again(code) {
    if (this.closed) return;
    if (this.told.isOver()) {
      this.told.state(t("The night is over, and its page was closed. To look again: dreamloom serve"));
      return;
    }
    if (code === 4401) {
      this.told.state(t("This page's link is used up. Open a fresh one."));
      return;
    }
    this.told.state(t("The page has lost the night; the night goes on. Trying again."));
    setTimeout(() => this.connect(), this.waitMs);
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }

  close() {
    this.closed = true;
    this.socket?.close();
  }
}
