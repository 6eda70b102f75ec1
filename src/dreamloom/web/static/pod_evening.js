// The evening at one bed: notes that are counted, what is just heard, and the consent read back. The house holds the
// rule of what is just heard; this page plays, asks and passes answers on.

import { html, nothing } from "lit";
import { momentAfter, soundsAtBed, told } from "./pod_house.js";
import { WORDS } from "./pod_words.js";
import { language } from "./words.js";

const LANGUAGES = { en: "English", de: "Deutsch" };

const FEWEST_NOTES = 2;
const MOST_NOTES = 5;
const PAUSE_MS = 350;
const PAUSE_MORE_MS = 500;

/** @typedef {"ready" | "listen" | "answer" | "over"} Asks */

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** One bed's evening; the page shows it while its step is "check" or "hearing". */
export class Evening {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.asking = 0;
    this.hint = "";
    /** @type {Asks} */
    this.asks = "ready";
    /** @type {boolean[]} */
    this.heard = [];
    /** @type {import("./pod_house.js").Moment | null} */
    this.moment = null;
  }

  async wakeUp() {
    if (this.page.bed?.feels_movement) void this.page.motion.begin();
    await this.page.deck.arm();
    void this.page.guards.keepAwake();
  }

  async playNotes() {
    await this.wakeUp();
    const [draw] = crypto.getRandomValues(new Uint8Array(1));
    this.asking = FEWEST_NOTES + (draw % (MOST_NOTES - FEWEST_NOTES + 1));
    this.hint = "";
    this.page.deck.graph.playNotes(this.asking);
    this.page.requestUpdate();
    void this.makeReady();
  }

  /** @param {number} count */
  counted(count) {
    const isRight = count === this.asking;
    this.asking = 0;
    this.hint = isRight ? "" : WORDS.checkWrong;
    if (isRight) {
      void told("/api/pod/heard");
      this.page.step = this.page.bed?.may_listen && window.isSecureContext ? "hearing" : "ready";
    }
    this.page.requestUpdate();
  }

  async makeReady() {
    if (!window.isSecureContext) return;
    for (const name of await soundsAtBed()) await this.page.deck.fetch(name);
  }

  /** Begins to look for what is just heard, or begins anew. */
  async listen() {
    this.heard = [];
    this.moment = await momentAfter(null, []);
    if (this.moment !== null) await this.page.deck.fetch(this.moment.sound);
    await this.present();
  }

  /** One moment, with a sound or without: nothing else tells them apart. */
  async present() {
    const { moment, page } = this;
    const sound = page.deck.sounds.get(moment?.sound);
    if (moment === null || !sound) {
      this.asks = "ready";
      this.hint = WORDS.hearingAway;
      page.requestUpdate();
      return;
    }
    this.hint = "";
    this.asks = moment.over ? "over" : "listen";
    page.requestUpdate();
    if (moment.over) return;
    await wait(PAUSE_MS + PAUSE_MORE_MS * Math.random());
    await page.deck.graph.playOnce(sound, moment.gain);
    if (page.step !== "hearing") return;
    this.asks = "answer";
    page.requestUpdate();
  }

  /** @param {boolean} heard */
  async answer(heard) {
    if (this.asks !== "answer" || this.moment === null) return;
    this.asks = "listen";
    this.page.requestUpdate();
    this.heard = [...this.heard, heard];
    this.moment = await momentAfter(this.moment.seed, this.heard);
    await this.present();
  }

  /** The sleeper lies down. */
  begin() {
    this.page.step = "night";
  }

  check() {
    const counts = Array.from({ length: MOST_NOTES - FEWEST_NOTES + 1 }, (_, n) => FEWEST_NOTES + n);
    const play = html`<p>${WORDS.checkHow}</p>
      <button class="wide" @click=${() => this.playNotes()}>${this.hint ? WORDS.checkAgain : WORDS.checkStart}</button>`;
    const ask = html`<p>${WORDS.checkAsk}</p>
      <div class="counts">
        ${counts.map((count) => html`<button @click=${() => this.counted(count)}>${count}</button>`)}
        <button @click=${() => this.counted(0)}>${WORDS.checkNone}</button>
      </div>`;
    const other = html`<p>${WORDS.checkSkip}</p>
      <button class="wide" @click=${() => this.wakeUp().then(() => this.begin())}>${WORDS.begin}</button>`;
    return html`<section class="words">
      <h1>${WORDS.check}</h1>
      <p class="agreed">${this.page.bed?.agreed}</p>
      ${this.page.bed?.plays_here ? (this.asking ? ask : play) : other}
      <p role="status">${this.hint}</p>
      ${this.page.bed?.words ? html`<p class="small">${WORDS.own} <strong>${this.page.bed.words}</strong></p>` : nothing}
      ${this.page.bed?.plays_here ? nothing : this.page.voice.evening()} ${this.grade()}
      <p class="small">${WORDS.medical}</p>
      <p class="small">${this.languages()}</p>
    </section>`;
  }

  /** Each language by its own name, but the one that is spoken here. */
  languages() {
    return Object.entries(LANGUAGES)
      .filter(([code]) => code !== language)
      .map(([code, name]) => html`<a href="/pod?lang=${code}" lang=${code} hreflang=${code}>${name}</a>`);
  }

  /** How good this phone was when it was rehearsed; its reasons are there for whoever asks. */
  grade() {
    const grade = this.page.bed?.grade;
    if (!grade) return nothing;
    const head = grade.slice(0, grade.indexOf(".") + 1);
    return html`<details class="small"><summary>${head}</summary><p>${grade.slice(head.length + 1)}</p></details>`;
  }

  hearing() {
    const ready = html`${WORDS.hearingHow.map((line) => html`<p>${line}</p>`)}
      <button class="wide" @click=${() => this.listen()}>${WORDS.hearingStart}</button>
      <button class="wide" @click=${() => this.ready()}>${WORDS.hearingSkip}</button>`;
    const answer = html`<div class="choices answers" role="group" aria-label=${WORDS.hearingAsk}>
        <button ?disabled=${this.asks !== "answer"} @click=${() => this.answer(true)}>${WORDS.hearingYes}</button>
        <button ?disabled=${this.asks !== "answer"} @click=${() => this.answer(false)}>${WORDS.hearingNo}</button>
      </div>
      <button class="wide" @click=${() => this.ready()}>${WORDS.hearingLeave}</button>`;
    const over = html`<p>${this.moment?.told}</p>
      ${this.moment?.found ? nothing : html`<button class="wide" @click=${() => this.listen()}>${WORDS.hearingAgain}</button>`}
      <button class="wide" @click=${() => this.ready()}>${WORDS.goTo}</button>`;
    const asked = this.asks === "answer" ? WORDS.hearingAsk : this.asks === "listen" ? WORDS.hearingListen : "";
    return html`<section class="words">
      <h1>${WORDS.hearing}</h1>
      <p class="asked" role="status">${this.hint || asked}</p>
      ${this.asks === "ready" ? ready : this.asks === "over" ? over : answer}
    </section>`;
  }

  /** What was agreed to stands once more before the night. */
  ready() {
    this.asks = "ready";
    this.page.step = "ready";
  }

  readBack() {
    return html`<section class="words">
      <h1>${WORDS.readBack}</h1>
      <p class="agreed">${this.page.bed?.agreed}</p>
      ${this.page.voice.evening()}
      <button class="wide" @click=${() => this.begin()}>${WORDS.readBackYes}</button>
      <p class="small">${WORDS.readBackNo}</p>
    </section>`;
  }
}
