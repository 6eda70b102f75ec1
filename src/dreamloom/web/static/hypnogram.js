// How has the night gone at this bed? Stairs of stages, a tick for each cue and each arousal.

import { number, t } from "./words.js";

const LEVELS = ["W", "R", "N1", "N2", "N3"];
const LEAST_EPOCHS = 120;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{strip: string[], cued: number[], aroused: number[]}} row
 * @param {Record<string, string>} colours
 */
export function drawHypnogram(canvas, row, colours) {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { width, height } = canvas;
  const epochs = Math.max(row.strip.length, LEAST_EPOCHS);
  const ticks = Math.round(height * 0.22);
  const room = height - ticks;
  context.clearRect(0, 0, width, height);
  row.strip.forEach((letter, number) => {
    const level = LEVELS.indexOf(letter);
    const x = (number / epochs) * width;
    const wide = Math.max(1, width / epochs);
    context.fillStyle = colours[letter] ?? colours["?"];
    if (level < 0) context.fillRect(x, room - 1, wide, 1);
    else context.fillRect(x, (level / LEVELS.length) * room + 1, wide, Math.max(2, room / LEVELS.length - 2));
  });
  context.fillStyle = colours.cue;
  for (const number of row.cued) context.fillRect((number / epochs) * width, room, Math.max(1, width / epochs), ticks);
  context.fillStyle = colours.arousal;
  for (const number of row.aroused) context.fillRect((number / epochs) * width, room, Math.max(1, width / epochs), ticks / 2);
}

/**
 * The same as one sentence.
 * @param {{strip: string[], cued: number[], aroused: number[]}} row
 */
export function inWords(row) {
  if (row.strip.length === 0) return t("No epoch is scored yet.");
  const minutes = LEVELS.map((letter) => [letter, row.strip.filter((each) => each === letter).length / 2]);
  const told = minutes.filter(([, count]) => Number(count) > 0).map(([letter, count]) => t("{stage} {count} min", { stage: letter, count: number(Number(count), Number(count) % 1 ? 1 : 0) }));
  return t("{stages}; {cued} epochs with a cue, {stirred} with an arousal.", {
    stages: told.join(", ") || t("no stage known"),
    cued: number(row.cued.length),
    stirred: number(row.aroused.length),
  });
}
