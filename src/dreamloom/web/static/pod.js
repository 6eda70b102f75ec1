// The page at the pillow: joins a bed, checks its sound, keeps quiet company through the night. STOP acts here first.

import { LitElement, html, nothing } from "lit";
import { HouseClock } from "./pod_clock.js";
import { Guards } from "./pod_guards.js";
import { PodLink } from "./pod_link.js";
import { Deck } from "./pod_sound.js";
import { flush, freshId, keep, remember, remembered, unsent } from "./pod_store.js";
import "./pod_talk.js";
import { WORDS, clock } from "./pod_words.js";

const FEWEST_NOTES = 2;
const MOST_NOTES = 5;
const FLUSH_EVERY_MS = 15000;
const LOOK_EVERY_MS = 20000;
const SURE_WITHIN_MS = 4000;
const RECEIVED_KEPT = 20;

/** @param {ArrayBuffer} frames */
const sha256 = async (frames) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", frames))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

/** The sound of this name, checked; null where what came is another one. @param {string} name */
const soundOf = async (name) => {
  const answer = await fetch(`/api/pod/sounds/${name}`);
  if (!answer.ok) throw new Error(String(answer.status));
  const frames = await answer.arrayBuffer();
  return (await sha256(frames)) === name ? new Float32Array(frames) : null;
};

class PodPage extends LitElement {
  static properties = {
    step: { state: true },
    bed: { state: true },
    line: { state: true },
    warnings: { state: true },
    armed: { state: true },
    paused: { state: true },
    stopped: { state: true },
    told: { state: true },
    asking: { state: true },
    hint: { state: true },
    sure: { state: true },
    list: { state: true },
    now: { state: true },
    quieterDb: { state: true },
    light: { state: true },
  };

  constructor() {
    super();
    this.step = "joining";
    /** @type {any} */
    this.bed = null;
    this.line = "away";
    /** @type {string[]} */
    this.warnings = [];
    this.armed = false;
    this.paused = false;
    this.stopped = false;
    this.told = false;
    this.asking = 0;
    this.hint = "";
    this.sure = false;
    /** @type {{id: string, at: string, state: string}[]} */
    this.list = [];
    this.now = new Date();
    this.quieterDb = 0;
    this.light = 100;
    this.flushedMs = -Infinity;
    this.lookedMs = -Infinity;
    this.flushing = false;
    this.clock = new HouseClock();
    this.deck = new Deck(this.clock, soundOf, (became) => this.link.tell(became));
    this.link = new PodLink(this.clock, {
      said: (word) => this.hear(word),
      state: (state) => this.lost(state),
      standing: () => ({
        armed: this.deck.isArmed && !this.stopped,
        lowered_db: -this.deck.quieterDb,
        paused: this.deck.paused,
      }),
    });
    this.guards = new Guards((warnings) => {
      this.warnings = warnings;
    });
    this.guards.tell();
  }

  createRenderRoot() {
    this.replaceChildren();
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.ticking = new Worker("/static/pod_tick.js");
    this.ticking.onmessage = () => this.tick();
    addEventListener("online", () => this.soon());
    document.addEventListener("visibilitychange", () => this.soon());
    void this.begin();
  }

  async begin() {
    if ("serviceWorker" in navigator) navigator.serviceWorker.register("/pod/worker.js", { scope: "/pod" }).catch(() => {});
    void navigator.storage?.persist?.().catch(() => false);
    this.bed = (await remembered("bed").catch(() => undefined)) ?? null;
    this.list = (await remembered("received").catch(() => undefined)) ?? [];
    await this.look();
    await this.recall();
    await this.showUnsent();
    if (this.step === "joining") this.step = this.bed === null ? "unknown" : this.stopped ? "night" : "check";
    this.soon();
  }

  /** A stop that was pressed tonight and not told yet holds, also after the page was opened again. */
  async recall() {
    const waiting = await unsent().catch(() => []);
    if (waiting.some((each) => each.kind === "stop" && each.tonight === this.bed?.tonight)) this.silence();
  }

  /** What the house knows of this bed. */
  async look() {
    this.lookedMs = performance.now();
    const answer = await fetch("/api/pod").catch(() => null);
    if (answer?.status === 401) this.lost("unknown");
    if (answer === null || !answer.ok) return;
    this.bed = await answer.json();
    await remember("bed", this.bed).catch(() => {});
    if (this.bed.withdrawn && !this.stopped) this.silence();
    this.told = this.bed.withdrawn;
  }

  soon() {
    this.flushedMs = -Infinity;
  }

  /** Driven by a worker's clock and by every word of the house, so that a hidden page goes on. */
  tick() {
    const nowMs = performance.now();
    if (this.step !== "unknown" || this.bed !== null) this.link.tick();
    this.deck.tick();
    this.armed = this.deck.isArmed;
    if (clock(new Date()) !== clock(this.now)) this.now = new Date();
    if (nowMs - this.flushedMs > FLUSH_EVERY_MS && !this.flushing) void this.send();
    if (nowMs - this.lookedMs > LOOK_EVERY_MS) void this.look();
  }

  async send() {
    this.flushedMs = performance.now();
    this.flushing = true;
    try {
      if (this.bed !== null) await flush(this.bed.tonight, (what, receipt) => this.receive(what, receipt));
      await this.showUnsent();
    } catch {
      return;
    } finally {
      this.flushing = false;
    }
  }

  /** @param {import("./pod_store.js").Unsent} what @param {any} receipt */
  receive(what, receipt) {
    if (what.kind === "stop") {
      this.told = true;
      return;
    }
    const at = `${WORDS.received} ${clock(new Date(receipt.received_utc))}`;
    this.list = [{ id: what.id, at: what.told_utc, state: at }, ...this.list.filter((each) => each.id !== what.id)];
    void remember("received", this.list.filter((each) => each.state !== WORDS.onPhone).slice(0, RECEIVED_KEPT));
  }

  async showUnsent() {
    const waiting = (await unsent().catch(() => [])).filter((each) => each.kind === "report");
    const names = new Set(waiting.map((each) => each.id));
    const received = this.list.filter((each) => each.state !== WORDS.onPhone && !names.has(each.id));
    this.list = [...waiting.map(({ id, told_utc: at }) => ({ id, at, state: WORDS.onPhone })), ...received];
  }

  /** @param {any} word */
  hear(word) {
    if (word.t === "state") {
      this.line = "night";
      this.deck.hold(word);
    } else if (word.t === "cue") {
      this.deck.take(word);
    } else if (word.t === "house") {
      this.line = "waiting";
    } else if (word.t === "end") {
      this.line = "waiting";
      this.deck.end();
      this.lookedMs = -Infinity;
    }
  }

  /** @param {string} state */
  lost(state) {
    if (state === "unknown" || state === "replaced") {
      this.deck.end();
      this.step = state;
    } else {
      this.line = "away";
    }
  }

  // ---- the evening

  async playNotes() {
    await this.deck.arm();
    void this.guards.keepAwake();
    const [draw] = crypto.getRandomValues(new Uint8Array(1));
    this.asking = FEWEST_NOTES + (draw % (MOST_NOTES - FEWEST_NOTES + 1));
    this.hint = "";
    this.deck.playNotes(this.asking);
    void this.makeReady();
  }

  /** @param {number} count */
  async counted(count) {
    const isRight = count === this.asking;
    this.asking = 0;
    if (!isRight) {
      this.hint = WORDS.checkWrong;
      return;
    }
    void fetch("/api/pod/heard", { method: "POST" }).catch(() => null);
    this.step = "night";
  }

  async beginQuietly() {
    await this.deck.arm();
    void this.guards.keepAwake();
    this.step = "night";
  }

  async makeReady() {
    if (!window.isSecureContext) return;
    const answer = await fetch("/api/pod/sounds").catch(() => null);
    if (!answer?.ok) return;
    for (const name of (await answer.json()).sounds) await this.deck.fetch(name);
  }

  // ---- the night

  silence() {
    this.deck.stop();
    this.stopped = true;
    this.paused = false;
  }

  /** @param {Event} event */
  stop(event) {
    if (this.stopped) return;
    this.silence();
    event.preventDefault();
    this.step = this.step === "tell" ? "tell" : "night";
    const what = this.toKeep("stop", "");
    void keep(what)
      .catch(() => {})
      .then(() => this.soon());
  }

  /** @param {"stop" | "report"} kind @param {string} text */
  toKeep(kind, text) {
    return { id: freshId(), kind, told_utc: new Date().toISOString(), text, tonight: this.bed?.tonight ?? "" };
  }

  pause() {
    this.paused = true;
    this.sure = false;
    this.deck.pause(true);
  }

  goOn() {
    if (!this.sure) {
      this.sure = true;
      setTimeout(() => {
        this.sure = false;
      }, SURE_WITHIN_MS);
      return;
    }
    this.sure = false;
    this.paused = false;
    this.deck.pause(false);
  }

  quieter() {
    this.deck.quieter();
    this.quieterDb = this.deck.quieterDb;
  }

  openHelp() {
    this.pausedBefore = this.paused;
    this.pause();
    this.step = "help";
  }

  closeHelp() {
    this.step = "night";
    if (!this.pausedBefore) {
      this.paused = false;
      this.deck.pause(false);
    }
  }

  /** @param {Event} event */
  async keepDream(event) {
    event.preventDefault();
    const field = /** @type {HTMLTextAreaElement} */ (this.querySelector("#dream"));
    const text = field.value.trim();
    if (text === "") return;
    const what = this.toKeep("report", text);
    try {
      await keep(what);
    } catch {
      this.hint = WORDS.notKept;
      return;
    }
    field.value = "";
    this.hint = "";
    await this.showUnsent();
    void this.send();
  }

  async wakeSound() {
    await this.deck.arm();
    this.guards.settle();
    void this.guards.keepAwake();
    void this.makeReady();
  }

  // ---- what is seen

  get status() {
    if (this.stopped) return WORDS.stopped;
    if (this.bed?.over) return WORDS.over;
    if (this.paused) return WORDS.paused;
    if (this.bed?.plays_here === false) return this.line === "away" ? WORDS.cutOff : WORDS.elsewhere;
    if (this.line === "away") return WORDS.silent;
    return this.line === "waiting" ? WORDS.waiting : WORDS.asleep;
  }

  render() {
    const views = { joining: this.words(WORDS.joining), unknown: this.words(WORDS.unknown, WORDS.unknownStill) };
    const more = { replaced: this.words(WORDS.replaced), check: this.check(), tell: this.tell(), help: this.helpCard() };
    const view = /** @type {Record<string, any>} */ ({ ...views, ...more })[this.step] ?? this.night();
    const level = Math.round(this.light / 10);
    return html`<main class="light-${level}">
      <div class="warnings" role="status">
        <ul>
          ${["check", "night"].includes(this.step) ? this.warnings.map((line) => html`<li>${line}</li>`) : nothing}
        </ul>
      </div>
      ${view}
      ${["joining", "unknown", "replaced"].includes(this.step) ? nothing : this.stopButton()}
    </main>`;
  }

  /** @param {string} title @param {string} [more] */
  words(title, more) {
    return html`<section class="words"><h1>${title}</h1>${more ? html`<p>${more}</p>` : nothing}</section>`;
  }

  check() {
    const counts = Array.from({ length: MOST_NOTES - FEWEST_NOTES + 1 }, (_, n) => FEWEST_NOTES + n);
    const play = html`<p>${WORDS.checkHow}</p>
      <button class="wide" @click=${this.playNotes}>${this.hint ? WORDS.checkAgain : WORDS.checkStart}</button>`;
    const ask = html`<p>${WORDS.checkAsk}</p>
      <div class="counts">
        ${counts.map((count) => html`<button @click=${() => this.counted(count)}>${count}</button>`)}
        <button @click=${() => this.counted(0)}>${WORDS.checkNone}</button>
      </div>`;
    const other = html`<p>${WORDS.checkSkip}</p>
      <button class="wide" @click=${this.beginQuietly}>${WORDS.begin}</button>`;
    return html`<section class="words">
      <h1>${WORDS.check}</h1>
      <p class="agreed">${this.bed?.agreed}</p>
      ${this.bed?.plays_here ? (this.asking ? ask : play) : other}
      <p role="status">${this.hint}</p>
      <p class="small">${WORDS.medical}</p>
    </section>`;
  }

  night() {
    const needsTap = !this.armed && !this.stopped && !this.bed?.over && this.bed?.plays_here !== false;
    const untold = this.bed?.plays_here === false ? WORDS.stoppedUntold : WORDS.stoppedHere;
    const state = this.stopped ? (this.told ? WORDS.stoppedThere : untold) : "";
    const quietest = this.quieterDb <= -24;
    return html`<section class="night">
      <h1 class="unseen">${WORDS.tonight}</h1>
      <header><time>${clock(this.now)}</time><span>${this.bed?.pod ?? ""}</span></header>
      <p class="status" role="status">${this.status}${state ? html`<br />${state}` : nothing}</p>
      ${needsTap ? html`<button class="wide" @click=${this.wakeSound}>${WORDS.wake}</button>` : nothing}
      <div class="choices">
        <button class="wide" @click=${() => (this.step = "tell")}>${WORDS.tell}</button>
        ${this.stopped || this.bed?.plays_here === false
          ? nothing
          : html`<button ?disabled=${quietest} @click=${this.quieter}>${quietest ? WORDS.quietest : WORDS.quieter}</button>
              ${this.paused
                ? html`<button @click=${this.goOn}>${this.sure ? WORDS.goOnSure : WORDS.goOn}</button>`
                : html`<button @click=${this.pause}>${WORDS.pause}</button>`}`}
        <button @click=${this.openHelp}>${WORDS.help}</button>
        <dl-talk></dl-talk>
      </div>
      <label class="dimmer">${WORDS.dim}
        <input type="range" min="30" max="100" step="10" .value=${String(this.light)}
          @input=${(/** @type {any} */ event) => (this.light = Number(event.target.value))} />
      </label>
    </section>`;
  }

  tell() {
    return html`<section class="words">
      <form @submit=${this.keepDream}>
        <h1><label for="dream">${WORDS.tellLabel}</label></h1>
        <p class="small">${WORDS.tellHow}</p>
        <textarea id="dream" maxlength="12000" rows="6" autocomplete="off"></textarea>
        <div class="choices">
          <button type="submit">${WORDS.keep}</button>
          <button type="button" @click=${() => (this.step = "night")}>${WORDS.back}</button>
        </div>
      </form>
      <p role="status">${this.hint}</p>
      <ul class="dreams">
        ${this.list.map((each) => html`<li><time>${clock(new Date(each.at))}</time> ${each.state}</li>`)}
      </ul>
    </section>`;
  }

  helpCard() {
    return html`<section class="words calm">
      <h1>${WORDS.helpTitle}</h1>
      ${WORDS.helpLines.map((line) => html`<p>${line}</p>`)}
      <button class="wide" @click=${this.closeHelp}>${WORDS.helpBack}</button>
    </section>`;
  }

  stopButton() {
    return html`<button class="stop" ?disabled=${this.stopped} @pointerdown=${this.stop} @click=${this.stop}>
      ${this.stopped ? WORDS.stopped : html`${WORDS.stop}<small>${WORDS.stopWhat}</small>`}
    </button>`;
  }
}

customElements.define("dl-pod", PodPage);
