// How does a bed look among others? A row with its signals; above sixteen beds a tile, with the night but no signals.

import { html, nothing } from "lit";
import { inWords } from "./hypnogram.js";
import { tell } from "./told.js";
import { clock, number, percent, t } from "./words.js";

export const MOST_ROWS = 16;
const PRIORITIES = ["high", "medium", "low", "info"];
const MARKS = { high: "■", medium: "▲", low: "●", info: "○" };

/** @param {string} priority */
export const mark = (priority) => MARKS[/** @type {keyof typeof MARKS} */ (priority)];

/** @param {{need: {priority: string, since_s: number}}} a @param {{need: {priority: string, since_s: number}}} b */
export const byPriority = (a, b) =>
  PRIORITIES.indexOf(a.need.priority) - PRIORITIES.indexOf(b.need.priority) || a.need.since_s - b.need.since_s;

/** Rows in a table, or tiles in a list. @param {any} view @param {any[]} rows */
export const beds = (view, rows) => (rows.length > MOST_ROWS ? tiles(view, rows) : table(view, rows));

/** @param {any} view @param {any[]} rows */
function table(view, rows) {
  const heads = [t("bed"), t("stage"), t("last 30 s"), t("night so far"), t("last cue, or why not"), t("level"), t("signal")];
  return html`<div class="beds" role="table" aria-label=${t("Beds")}>
    <div class="row head" role="row">${heads.map((head) => html`<span role="columnheader">${head}</span>`)}</div>
    ${rows.map((each) => row(view, each))}
  </div>`;
}

/** @param {any} each */
const stageClass = (each) => `stage s-${each.stage === "?" ? "none" : each.stage}`;

/** What is amiss, in words; "" for nothing. @param {any} each */
function amiss(each) {
  const spoilt = Object.entries(each.spoilt).map(([channel, why]) => `${channel} ${tell(String(why))}`);
  return each.status ? tell(each.status) : spoilt.join(", ");
}

/** @param {any} view @param {any} each */
function row(view, each) {
  const wrong = amiss(each);
  const isChosen = each.pod === view.chosen;
  return html`<div class="row ${isChosen ? "chosen" : ""}" role="row" aria-current=${isChosen} @click=${() => (view.chosen = each.pod)}>
    <span role="rowheader"
      ><button class="bed" aria-expanded=${each.pod === view.focused} @click=${() => view.lookAt(each.pod)}><b>${each.pod}</b> ${each.sleeper}</button></span
    >
    <span role="cell" class=${stageClass(each)}>${each.stage}<small>${each.confidence === null ? "" : ` ${percent(each.confidence)}`}</small></span>
    <span role="cell"><canvas class="trace" width="480" height="40" data-pod=${each.pod} role="img" aria-label=${t("Last 30 seconds of signal of {pod}", { pod: each.pod })} aria-details="beds-table"></canvas></span>
    <span role="cell"><canvas class="hypnogram" width="480" height="40" data-pod=${each.pod} role="img" aria-label=${inWords(each)} aria-details="beds-table"></canvas></span>
    <span role="cell">${each.last ? tell(each.last) : t("no cue yet")}${each.last_s === null ? nothing : html` <small>${clock(each.last_s)}</small>`}</span>
    <span role="cell">${each.level_db === null ? "-" : t("{level} dB", { level: number(each.level_db) })}</span>
    <span role="cell" class=${wrong ? "amiss" : "dim"}>${wrong || t("good")}</span>
  </div>`;
}

/** @param {any} view @param {any[]} rows */
function tiles(view, rows) {
  return html`<ul class="tiles" aria-label=${t("Beds")}>${rows.map((each) => tile(view, each))}</ul>`;
}

/** @param {any} view @param {any} each */
function tile(view, each) {
  const wrong = amiss(each);
  const worst = each.needs.map((/** @type {any} */ need) => ({ need })).sort(byPriority)[0]?.need.priority ?? "";
  return html`<li class="tile ${each.pod === view.chosen ? "chosen" : ""} ${worst}" aria-current=${each.pod === view.chosen} @click=${() => (view.chosen = each.pod)}>
    <button class="bed" aria-expanded=${each.pod === view.focused} @click=${() => view.lookAt(each.pod)}><b>${each.pod}</b> ${each.sleeper}</button>
    ${worst ? html`<span class="mark"><span aria-hidden="true">${mark(worst)}</span> ${t(worst)}</span>` : nothing}
    <span class=${stageClass(each)}>${each.stage}<small>${each.confidence === null ? "" : ` ${percent(each.confidence)}`}</small></span>
    <canvas class="hypnogram" width="240" height="32" data-pod=${each.pod} role="img" aria-label=${inWords(each)} aria-details="beds-table"></canvas>
    <span class=${wrong ? "amiss" : "dim"}>${wrong || t("good")}</span>
  </li>`;
}
