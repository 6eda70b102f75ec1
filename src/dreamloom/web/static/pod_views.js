// What is seen at night, half asleep: few words, large things to touch, STOP a third of it.

import { html, nothing } from "lit";
import { QUIETEST_DB } from "./pod_sound.js";
import { WORDS, clock } from "./pod_words.js";

/** @param {string} title @param {string} [more] */
export const words = (title, more) =>
  html`<section class="words"><h1>${title}</h1>${more ? html`<p>${more}</p>` : nothing}</section>`;

/** How things stand, in one sentence. @param {any} page */
const status = (page) => {
  if (page.stopped) return WORDS.stopped;
  if (page.voice.told !== null) return "";
  if (page.bed?.over) return WORDS.over;
  if (page.paused) return WORDS.paused;
  if (page.bed?.plays_here === false) return page.line === "away" ? WORDS.cutOff : WORDS.elsewhere;
  if (page.line === "away") return WORDS.silent;
  return page.line === "waiting" ? WORDS.waiting : WORDS.asleep;
};

/** What became of a stop. @param {any} page */
const ofStop = (page) => {
  if (!page.stopped) return "";
  if (page.told) return WORDS.stoppedThere;
  return page.bed?.plays_here === false ? WORDS.stoppedUntold : WORDS.stoppedHere;
};

/** @param {any} page */
const choices = (page) => {
  const quietest = page.quieterDb <= QUIETEST_DB;
  const pause = page.paused
    ? html`<button @click=${page.goOn}>${page.sure ? WORDS.goOnSure : WORDS.goOn}</button>`
    : html`<button @click=${page.pause}>${WORDS.pause}</button>`;
  const level = html`<button ?disabled=${quietest} @click=${page.quieter}>
    ${quietest ? WORDS.quietest : WORDS.quieter}
  </button>`;
  return html`<div class="choices">
    <button class="wide" @click=${() => (page.step = "tell")}>${WORDS.tell}</button>
    ${page.stopped || page.bed?.over || page.bed?.plays_here === false ? nothing : html`${level}${pause}`}
    <button @click=${page.openHelp}>${WORDS.help}</button>
    <dl-talk></dl-talk>
  </div>`;
};

/** Where a morning goes on from here: nothing before the night is over or the own report is locked. @param {any} page */
const ways = (page) => {
  if (!page.bed?.over && !page.bed?.locked) return nothing;
  const told = html`<a href="/story">${WORDS.story}</a> <a href="/outcomes">${WORDS.outcomes}</a>`;
  return html`<p class="ways"><a href="/morning">${WORDS.morning}</a> ${page.bed.locked ? told : nothing}</p>`;
};

/** @param {any} page */
export const night = (page) => {
  const needsTap = !page.armed && !page.stopped && !page.bed?.over && page.bed?.plays_here !== false;
  const told = ofStop(page);
  return html`<section class="night">
    <h1 class="unseen">${WORDS.tonight}</h1>
    <header><time>${clock(page.now)}</time><span>${page.bed?.pod ?? ""}</span></header>
    <p class="status" role="status">${status(page)}${told ? html`<br />${told}` : nothing}</p>
    ${needsTap ? html`<button class="wide" @click=${page.wakeSound}>${WORDS.wake}</button>` : nothing}
    ${ways(page)} ${choices(page)}
    <label class="dimmer">${WORDS.dim}
      <input type="range" min="30" max="100" step="10" .value=${String(page.light)}
        @input=${(/** @type {any} */ event) => (page.light = Number(event.target.value))} />
    </label>
  </section>`;
};

/** Awake and frightened: nothing to decide. @param {any} page */
export const help = (page) =>
  html`<section class="words calm">
    <h1>${WORDS.helpTitle}</h1>
    ${WORDS.helpLines.map((line) => html`<p>${line}</p>`)}
    <button class="wide" @click=${page.closeHelp}>${WORDS.helpBack}</button>
  </section>`;

/** @param {any} page */
export const stop = (page) =>
  html`<button class="stop" ?disabled=${page.stopped} @pointerdown=${page.stop} @click=${page.stop}>
    ${page.stopped ? WORDS.stopped : html`${WORDS.stop}<small>${WORDS.stopWhat}</small>`}
  </button>`;
