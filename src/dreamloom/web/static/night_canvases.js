// Which canvases of the night view are to be drawn again? Those whose data changed since, in the colours of the theme.

import { drawShares, drawSpectrogram } from "./closer.js";
import { drawHypnogram } from "./hypnogram.js";
import { Trace } from "./trace.js";

const LEAST_BETWEEN_MS = 70;

/** The colours of the theme, by what they stand for. @returns {Record<string, string>} */
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  const of = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {
    W: of("wake"), R: of("rem"), N1: of("n1"), N2: of("n2"), N3: of("n3"), "?": of("dim"),
    cue: of("cue"), arousal: of("ink"), first: of("ink"), second: of("dim"),
  };
}

/** Draws with the next frame what came, no more often than samples come. */
export class Canvases {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.colours = readColours();
    /** @type {Record<string, Trace>} */
    this.traces = {};
    this.awaitsFrame = false;
    this.drewMs = 0;
  }

  /** Everything is drawn anew in other colours. */
  recolour() {
    this.colours = readColours();
    for (const trace of Object.values(this.traces)) trace.dirty = true;
    for (const canvas of this.all("canvas")) canvas.drawn = null;
  }

  /** These signals from now on. @param {Record<string, Trace>} traces */
  show(traces) {
    this.traces = traces;
    for (const trace of Object.values(traces)) trace.dirty = true;
  }

  clearTraces() {
    for (const canvas of this.all("canvas.trace")) canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
  }

  drawSoon() {
    if (this.awaitsFrame) return;
    this.awaitsFrame = true;
    const restMs = Math.max(0, this.drewMs + LEAST_BETWEEN_MS - performance.now());
    setTimeout(() => requestAnimationFrame(() => {
      this.awaitsFrame = false;
      this.drewMs = performance.now();
      this.drawTraces();
    }), restMs);
  }

  drawTraces() {
    for (const canvas of this.all("canvas.trace")) {
      const trace = this.traces[canvas.dataset.pod ?? ""];
      if (trace?.dirty) trace.draw(canvas, [this.colours.first, this.colours.second]);
    }
    for (const trace of Object.values(this.traces)) trace.dirty = false;
  }

  /** What the page shows was made anew. @param {Record<string, any>} rows @param {any} closer @param {any} spectrogram */
  renew(rows, closer, spectrogram) {
    for (const canvas of this.all("canvas.trace")) {
      const trace = this.traces[canvas.dataset.pod ?? ""];
      if (trace === undefined || canvas.drawn === trace) continue;
      canvas.drawn = trace;
      trace.dirty = true;
    }
    this.drawSoon();
    for (const canvas of this.all("canvas.hypnogram")) {
      const row = rows[canvas.dataset.pod ?? ""];
      if (row) this.once(canvas, row, () => drawHypnogram(canvas, row, this.colours));
    }
    for (const canvas of this.all("canvas.shares")) if (closer) this.once(canvas, closer, () => drawShares(canvas, closer, this.colours));
    for (const canvas of this.all("canvas.spectrum")) {
      if (spectrogram) this.once(canvas, spectrogram, () => drawSpectrogram(canvas, spectrogram, this.colours.first));
    }
  }

  /** @param {any} canvas @param {unknown} data @param {() => void} draw */
  once(canvas, data, draw) {
    if (canvas.drawn === data) return;
    canvas.drawn = data;
    draw();
  }

  /** @param {string} selector @returns {Iterable<any>} */
  all(selector) {
    return this.root.querySelectorAll(selector);
  }
}
