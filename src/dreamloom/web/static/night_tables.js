// What do the charts of the night view show, as tables? Made only while somebody has them open.

import { html, nothing } from "lit";
import { clock, number, percent, t } from "./words.js";

const EPOCH_S = 30;
const STAGES = ["W", "R", "N1", "N2", "N3", "?"];
const BANDS = /** @type {[string, number, number][]} */ ([
  ["0.5–4 Hz", 0.5, 4],
  ["4–8 Hz", 4, 8],
  ["8–12 Hz", 8, 12],
  ["12–16 Hz", 12, 16],
  ["16–20 Hz", 16, 20.1],
]);

/**
 * A table that is made once it is opened.
 * @param {any} view @param {string} id @param {string} summary @param {() => unknown} made
 */
const behind = (view, id, summary, made) => html`<details class="as-table" id=${id} @toggle=${(/** @type {Event} */ event) => view.unfold(id, /** @type {HTMLDetailsElement} */ (event.target).open)}>
  <summary>${summary}</summary>
  ${view.unfolded.has(id) ? html`<div class="scroll" tabindex="0" role="region" aria-label=${summary}>${made()}</div>` : nothing}
</details>`;

/** @param {string} caption @param {string[]} heads @param {unknown[][]} rows */
const table = (caption, heads, rows) => html`<table>
  <caption>${caption}</caption>
  <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
  <tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((each) => html`<td>${each}</td>`)}</tr>`)}</tbody>
</table>`;

/** Every bed's two charts. @param {any} view @param {any[]} rows */
export const ofBeds = (view, rows) =>
  behind(view, "beds-table", t("The beds as a table"), () =>
    table(
      t("Each bed: how far its signals reach now, minutes in each stage, epochs with a cue and with an arousal"),
      [t("bed"), t("last second"), ...STAGES, t("cues"), t("arousals")],
      rows.map((row) => [
        `${row.pod} ${row.sleeper}`,
        inMicrovolts(view.canvases.traces[row.pod]?.seconds().findLast((/** @type {number[] | null} */ each) => each !== null) ?? null),
        ...STAGES.map((stage) => number(row.strip.filter((/** @type {string} */ each) => each === stage).length / 2, 1)),
        number(row.cued.length),
        number(row.aroused.length),
      ]),
    ),
  );

/** The last thirty seconds of one bed. @param {any} view @param {string} pod */
export const ofSignal = (view, pod) =>
  behind(view, "signal-table", t("The signal as a table"), () =>
    table(
      t("How far each of the first two channels reached in each of the last thirty seconds"),
      [t("seconds ago"), t("reach")],
      (view.canvases.traces[pod]?.seconds() ?? []).map((/** @type {number[] | null} */ reach, /** @type {number} */ at) => [number(30 - at), inMicrovolts(reach)]),
    ),
  );

/** How sure each stage was, epoch by epoch. @param {any} view */
export const ofShares = (view) =>
  behind(view, "shares-table", t("How likely each stage was, as a table"), () =>
    table(
      t("How likely each stage was, epoch by epoch"),
      [t("from"), ...view.closer.stages],
      view.closer.shares.map((/** @type {number[]} */ shares, /** @type {number} */ at) => [
        clock(at * EPOCH_S),
        ...view.closer.stages.map((/** @type {string} */ _, /** @type {number} */ which) => (shares.length ? percent(shares[which] / 1000) : "–")),
      ]),
    ),
  );

/** Where the power lay, epoch by epoch, by the bands of the field. @param {any} view */
export const ofSpectrum = (view) =>
  behind(view, "spectrum-table", t("The power as a table"), () =>
    table(
      t("Mean power in each band, epoch by epoch, in decibels"),
      [t("from"), ...BANDS.map(([name]) => name)],
      view.spectrogram.epochs.map((/** @type {number[]} */ powers, /** @type {number} */ at) => [clock(at * EPOCH_S), ...BANDS.map(([, from, to]) => inBand(view.spectrogram.hz, powers, from, to))]),
    ),
  );

/** @param {number[]} hz @param {number[]} powers @param {number} from @param {number} to */
function inBand(hz, powers, from, to) {
  const found = powers.filter((_, place) => hz[place] >= from && hz[place] < to);
  return found.length === 0 ? "–" : number(found.reduce((sum, each) => sum + each, 0) / found.length, 1);
}

/** @param {number[] | null} reach */
const inMicrovolts = (reach) => (reach === null ? t("nothing came") : t("{values} µV", { values: reach.map((each) => number(each)).join(" · ") }));
