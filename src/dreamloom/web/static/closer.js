// A bed from close by: how sure each epoch's stage was, and where the power of its first signal lay.

import { number, percent, t } from "./words.js";

const EPOCH_S = 30;
const LEAST_EPOCHS = 120;
const QUIET_DB = -10;
const LOUD_DB = 35;

/**
 * @typedef {{pod: string, stages: string[], shares: number[][],
 *   phase: null | {checks: number, mean_deg: number, sd_deg: number | null, errors_deg: number[]}}} Closer
 * @typedef {{label: string, hz: number[], epochs: number[][]}} Spectrogram
 */

/**
 * A column an epoch; each stage as high as it was likely.
 * @param {HTMLCanvasElement} canvas
 * @param {Closer} closer
 * @param {Record<string, string>} colours
 */
export function drawShares(canvas, closer, colours) {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { width, height } = canvas;
  const wide = width / Math.max(closer.shares.length, LEAST_EPOCHS);
  context.clearRect(0, 0, width, height);
  closer.shares.forEach((shares, number) => {
    let top = 0;
    shares.forEach((share, stage) => {
      const high = (share / 1000) * height;
      context.fillStyle = colours[closer.stages[stage]];
      context.fillRect(number * wide, top, Math.max(1, wide), high);
      top += high;
    });
  });
}

/**
 * A column an epoch, low frequencies below; the brighter, the more power.
 * @param {HTMLCanvasElement} canvas
 * @param {Spectrogram} told
 * @param {string} colour
 */
export function drawSpectrogram(canvas, told, colour) {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { width, height } = canvas;
  const wide = width / Math.max(told.epochs.length, LEAST_EPOCHS);
  const high = height / Math.max(1, told.hz.length);
  context.clearRect(0, 0, width, height);
  context.fillStyle = colour;
  told.epochs.forEach((powers, number) => {
    powers.forEach((db, band) => {
      context.globalAlpha = Math.max(0, Math.min(1, (db - QUIET_DB) / (LOUD_DB - QUIET_DB)));
      const top = Math.round(height - (band + 1) * high);
      const left = Math.floor(number * wide);
      context.fillRect(left, top, Math.max(1, Math.floor((number + 1) * wide) - left), Math.round(height - band * high) - top);
    });
  });
  context.globalAlpha = 1;
}

/** @param {Closer} closer */
export function surenessInWords(closer) {
  const told = closer.shares.filter((shares) => shares.length > 0);
  if (told.length === 0) return t("How likely each stage was is not known.");
  const sure = told.filter((shares) => Math.max(...shares) >= 800).length;
  return t("{count} epochs; of {share} the stage was {sure} sure or more.", { count: number(told.length), share: percent(sure / told.length), sure: percent(0.8) });
}

/** @param {Closer} closer */
export function phaseInWords(closer) {
  if (closer.phase === null) return t("No wave was waited for.");
  const { checks, mean_deg: mean, sd_deg: sd } = closer.phase;
  const spread = sd === null ? t("in no direction at all") : t("SD {deg}°", { deg: number(sd) });
  return t("Waves met, by {checks} silent checks: {deg}° off on average, {spread}.", { checks: number(checks), deg: number(mean), spread });
}

/** @param {Spectrogram} told */
export function spectrumInWords(told) {
  const stored = told.epochs.filter((powers) => powers.length > 0).length;
  if (stored === 0) return t("No spectrum yet: nothing of this bed is stored.");
  return t("Power of {signal}, {from} to {to} Hz from below, {minutes} min.", {
    signal: told.label,
    from: number(told.hz[0], 1),
    to: number(told.hz[told.hz.length - 1], 1),
    minutes: number((stored * EPOCH_S) / 60, stored % 2),
  });
}
