// The night view: what the night tells, which moment of it is looked at, and the words that hold beds back.

import { LitElement, html, nothing } from "lit";
import { ask } from "./asking.js";
import { Feed } from "./feed.js";
import { Canvases } from "./night_canvases.js";
import { closer } from "./night_closer.js";
import { bar, lanes, moments, needs } from "./night_frame.js";
import { keyList, letAct, mayAct, press } from "./night_keys.js";
import { wordOf } from "./night_marks.js";
import { MOST_ROWS, beds } from "./night_rows.js";
import { ofBeds } from "./night_tables.js";
import { Past } from "./past.js";
import "./score.js";
import { Trace } from "./trace.js";
import { t } from "./words.js";

const DRAW_ANYWAY_MS = 500;
const OVERVIEW_EVERY_MS = 1000;
const SURE_WITHIN_MS = 5000;
const SETTLED_MS = 120;
const CLOSER_EVERY_MS = 30_000;
const inOrder = new Intl.Collator("en", { numeric: true });

class NightView extends LitElement {
  static properties = {
    rows: { state: true },
    now: { state: true },
    said: { state: true },
    status: { state: true },
    staff: { state: true },
    state: { state: true },
    chosen: { state: true },
    focused: { state: true },
    sure: { state: true },
    told: { state: true },
    keys: { state: true },
    moment: { state: true },
    then: { state: true },
    closer: { state: true },
    spectrogram: { state: true },
    noKeys: { state: true },
    unfolded: { state: true },
  };

  constructor() {
    super();
    const start = JSON.parse(this.dataset.start ?? "{}");
    this.night = start.night;
    this.seesAs = start.role;
    this.asks = start.asks;
    this.isDemo = start.demo;
    this.ofHouse = start.ofHouse;
    /** @type {Record<string, any>} */
    this.rows = {};
    /** Rows that are to be shown with the next ones, in an overview. @type {Record<string, any>} */
    this.coming = {};
    this.shownMs = -Infinity;
    this.showingSoon = 0;
    this.now = 0;
    /** @type {any[]} */
    this.said = [];
    this.status = "";
    /** @type {string[]} */
    this.staff = [];
    this.unattended = false;
    this.state = t("Reading the night …");
    this.chosen = "";
    this.focused = "";
    this.sure = "";
    this.told = "";
    this.keys = false;
    this.noKeys = !mayAct();
    this.heard = false;
    /** Which moment of the night is looked at; null: what is now. @type {number | null} */
    this.moment = null;
    /** @type {any} */
    this.then = null;
    /** @type {any} */
    this.closer = null;
    /** @type {any} */
    this.spectrogram = null;
    this.past = new Past(this.night);
    this.settling = 0;
    /** Tables that are open, by their ids. @type {Set<string>} */
    this.unfolded = new Set();
    this.scoreAsked = false;
    /** What may be asked for by its name; nothing for the blinded. @type {string[]} */
    this.cues = [];
    this.endShown = false;
    /** @type {Record<string, Trace>} */
    this.traces = {};
    this.canvases = new Canvases(this);
    this.onKey = (/** @type {KeyboardEvent} */ event) => press(event, this);
    this.onTheme = () => {
      this.canvases.recolour();
      this.requestUpdate();
    };
  }

  createRenderRoot() {
    return this;
  }

  /** What the page came with stays until the night has told something newer. */
  shouldUpdate() {
    return this.heard;
  }

  connectedCallback() {
    super.connectedCallback();
    this.canvases.show(this.traces);
    if (this.isDemo) import("./demo.js");
    this.feed = new Feed(this.night, {
      news: (news) => this.hear(news),
      frame: (frame) => {
        (this.traces[frame.pod] ??= new Trace()).take(frame);
        this.canvases.drawSoon();
      },
      state: (text) => (this.state = text),
      isOver: () => this.isOver,
    });
    this.lookingCloser = setInterval(() => this.lookCloser(), CLOSER_EVERY_MS);
    this.drawing = setInterval(() => this.canvases.drawSoon(), DRAW_ANYWAY_MS);
    addEventListener("keydown", this.onKey);
    addEventListener("themechange", this.onTheme);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.feed?.close();
    clearInterval(this.drawing);
    clearInterval(this.lookingCloser);
    clearTimeout(this.showingSoon);
    removeEventListener("keydown", this.onKey);
    removeEventListener("themechange", this.onTheme);
  }

  /** Many beds are shown anew once a second; what was said, and whatever fires, at once. @param {any} news */
  hear(news) {
    if (!this.heard) this.replaceChildren();
    this.heard = true;
    if (news.role !== this.seesAs) this.scoreAsked = false;
    this.seesAs = news.role;
    this.coming = { ...this.coming, ...news.rows };
    this.status = news.status;
    this.state = "";
    this.showSoon(news);
    this.hearScore(news);
    if (this.isOver) this.showEnd();
    if (this.chosen === "" && news.beds.length > 0) this.chosen = news.beds[0];
  }

  /** News that come before the second is over are shown when it is, whether or not others follow. @param {any} news */
  showSoon(news) {
    const isMany = Object.keys(this.rows).length > MOST_ROWS;
    const leftMs = isMany && !this.isOver ? this.shownMs + OVERVIEW_EVERY_MS - performance.now() : 0;
    clearTimeout(this.showingSoon);
    if (leftMs <= 0) this.showComing(news);
    else this.showingSoon = setTimeout(() => this.showComing(news), leftMs);
  }

  /** @param {any} news */
  showComing(news) {
    this.rows = { ...this.rows, ...this.coming };
    this.coming = {};
    this.shownMs = performance.now();
    this.now = news.now_s;
    this.said = news.said;
    this.staff = news.staff ?? [];
    this.unattended = news.unattended ?? false;
  }

  /** A night that is over sends no signals: its last ones are looked up, once. */
  async showEnd() {
    const pods = Object.keys(this.rows);
    if (this.endShown || pods.length > MOST_ROWS) return;
    this.endShown = true;
    const silent = pods.filter((pod) => this.traces[pod] === undefined);
    const frames = await Promise.all(silent.map((pod) => this.past.samples(pod, this.now)));
    for (const frame of frames) if (frame !== null) (this.traces[frame.pod] ??= new Trace()).take(frame);
    this.requestUpdate();
  }

  /** @param {any} news */
  async hearScore(news) {
    await this.updateComplete;
    const pane = /** @type {any} */ (this.querySelector("dl-score"));
    if (this.status === "" || pane === null) return;
    if (!this.scoreAsked) {
      this.scoreAsked = true;
      this.cues = await pane.open(this.night);
    } else pane.hear(news.events);
    if (this.isDemo) await customElements.whenDefined("dl-demo");
    /** @type {any} */ (this.querySelector("dl-demo"))?.hear(news, pane);
  }

  updated() {
    this.canvases.renew(this.shown, this.closer, this.spectrogram);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("focused") || this.focused === "") return;
    this.closer = null;
    this.spectrogram = null;
    this.lookCloser();
  }

  /** A night that is over takes no words any more, and neither does its past. */
  get mayAsk() {
    return this.asks && this.status === "running" && this.moment === null;
  }

  get isOver() {
    return this.status !== "" && this.status !== "running";
  }

  get colours() {
    return this.canvases.colours;
  }

  get beds() {
    return Object.keys(this.rows).sort(inOrder.compare);
  }

  /** Every bed's row, at the moment that is looked at. @returns {Record<string, any>} */
  get shown() {
    return this.then?.rows ?? this.rows;
  }

  /** Goes to a moment of the night once the hand rests there; null goes back to now. @param {number | null} moment */
  look(moment) {
    this.moment = moment;
    clearTimeout(this.settling);
    if (moment === null) {
      this.then = null;
      this.canvases.show(this.traces);
      this.lookCloser();
      return;
    }
    this.settling = setTimeout(() => this.fetchThen(moment), SETTLED_MS);
  }

  /** @param {number} moment */
  async fetchThen(moment) {
    const then = await this.past.then(moment);
    if (then === null || this.moment !== moment) return;
    const withSignals = Object.keys(then.rows).length > MOST_ROWS ? [this.focused].filter(Boolean) : Object.keys(then.rows);
    const frames = await Promise.all(withSignals.map((pod) => this.past.samples(pod, moment)));
    if (this.moment !== moment) return;
    /** @type {Record<string, Trace>} */
    const traces = {};
    for (const frame of frames) if (frame !== null) (traces[frame.pod] ??= new Trace()).take(frame);
    this.canvases.clearTraces();
    this.canvases.show(traces);
    this.then = then;
    await this.lookCloser();
  }

  async lookCloser() {
    const pod = this.focused;
    if (pod === "") return;
    const until = this.moment ?? this.now;
    const [found, spectrogram] = await Promise.all([this.past.closer(pod, until), this.past.spectrogram(pod, until)]);
    if (this.focused !== pod || until !== (this.moment ?? until)) return;
    this.closer = found;
    this.spectrogram = spectrogram;
  }

  /** @param {string} pod @param {"held" | "stage" | "notes" | "cues" | "seen" | "marks"} what @param {object} words @param {string} done */
  async ask(pod, what, words, done) {
    if (!this.mayAsk || pod === "") return;
    const wrong = await ask(this.night, pod, what, words);
    this.told = wrong || `${pod === "all" ? t("all") : pod}: ${done}`;
  }

  /** @param {string} pod @param {string} rung */
  hold(pod, rung) {
    const done = {
      NONE: t("let go asked for"),
      SOFTEN: t("softer asked for"),
      HOLD: t("held asked for"),
      FADE: t("fade asked for"),
      ISOLATE: t("no sound asked for"),
      WAKE: t("waking asked for"),
    };
    return this.ask(pod, "held", { rung }, done[/** @type {keyof typeof done} */ (rung)]);
  }

  /** Private, lights, out of bed: says it, or takes it back where it holds. @param {string} pod @param {string} which */
  mark(pod, which) {
    if (!this.rows[pod]) return;
    const { mark, told } = wordOf(which, this.rows[pod]);
    return this.ask(pod, "marks", { mark }, told);
  }

  /** Only what is pressed twice within five seconds is done. @param {string} what @param {() => void} act */
  twice(what, act) {
    if (this.sure === what) {
      this.sure = "";
      act();
      return;
    }
    this.sure = what;
    setTimeout(() => {
      if (this.sure === what) this.sure = "";
    }, SURE_WITHIN_MS);
  }

  toggleKeys() {
    this.noKeys = !this.noKeys;
    letAct(!this.noKeys);
  }

  /** @param {string} id @param {boolean} open */
  unfold(id, open) {
    if (this.unfolded.has(id) === open) return;
    this.unfolded = new Set(open ? [...this.unfolded, id] : [...this.unfolded].filter((each) => each !== id));
  }

  /** @param {string} pod */
  lookAt(pod) {
    this.focused = this.focused === pod ? "" : pod;
  }

  render() {
    const shown = this.beds.filter((pod) => this.shown[pod]).map((pod) => this.shown[pod]);
    const focused = this.focused === "" ? undefined : this.shown[this.focused];
    const isMany = shown.length > MOST_ROWS;
    return html`
      ${bar(this)} ${moments(this)}
      <p class="state" role="status">${this.state || this.told}</p>
      ${this.isDemo ? html`<dl-demo night=${this.night} ?asks=${this.asks}></dl-demo>` : nothing} ${this.keys ? keyList(this) : nothing}
      ${needs(this)} ${isMany && focused ? closer(this, focused) : nothing} ${beds(this, shown)} ${ofBeds(this, shown)}
      ${!isMany && focused ? closer(this, focused) : nothing}
      <dl-score></dl-score> ${lanes(this.then?.said ?? this.said)}
    `;
  }
}

customElements.define("dl-night", NightView);
