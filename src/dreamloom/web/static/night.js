// The night view: a row a bed, what needs somebody, and the words that hold beds back.

import { LitElement, html, nothing } from "lit";
import { ask } from "./asking.js";
import { Feed } from "./feed.js";
import { drawShares, drawSpectrogram, phaseInWords, spectrumInWords, surenessInWords } from "./closer.js";
import { drawHypnogram, inWords } from "./hypnogram.js";
import { Past } from "./past.js";
import "./score.js";
import { Trace } from "./trace.js";

const DRAW_ANYWAY_MS = 500;
const LEAST_BETWEEN_MS = 70;
const SURE_WITHIN_MS = 5000;
const SETTLED_MS = 120;
const MOMENT_STEP_S = 30;
const CLOSER_EVERY_MS = 30_000;
const NO_KEYS = "dreamloom-no-keys";
const PRIORITIES = ["high", "medium", "low", "info"];
const MARKS = { high: "■", medium: "▲", low: "●", info: "○" };
const LANES = ["cues", "stages", "alarms", "relay", "people"];
const STAGES = ["W", "N1", "N2", "N3", "R"];
const KEYS = [
  ["j k", "next and previous bed"],
  ["f", "look closer"],
  ["s", "softer"],
  ["h", "hold: no cue"],
  ["x", "stop: no sound"],
  ["l", "let go"],
  ["n", "note"],
  ["b", "back from the past"],
  ["?", "this list"],
];
const DEMO_KEYS = [
  ["- +", "the demo slower, faster"],
  ["p", "the demo still, or on"],
];

/** @param {number} at */
const clock = (at) => {
  const whole = Math.max(0, Math.floor(at));
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
};

class NightView extends LitElement {
  static properties = {
    rows: { state: true },
    now: { state: true },
    said: { state: true },
    status: { state: true },
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
  };

  constructor() {
    super();
    const start = JSON.parse(this.dataset.start ?? "{}");
    this.night = start.night;
    this.seesAs = start.role;
    this.asks = start.asks;
    this.isDemo = start.demo;
    /** @type {Record<string, any>} */
    this.rows = {};
    this.now = 0;
    /** @type {any[]} */
    this.said = [];
    this.status = "";
    this.state = "Reading the night …";
    this.chosen = "";
    this.focused = "";
    this.sure = "";
    this.told = "";
    this.keys = false;
    this.noKeys = localStorage.getItem(NO_KEYS) !== null;
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
    this.scoreAsked = false;
    this.awaitsFrame = false;
    this.drewMs = 0;
    /** @type {Record<string, Trace>} */
    this.traces = {};
    /** @type {Record<string, Trace>} */
    this.thenTraces = {};
    this.onKey = this.onKey.bind(this);
    this.onTheme = this.onTheme.bind(this);
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
    this.colours = this.readColours();
    if (this.isDemo) import("./demo.js");
    this.feed = new Feed(this.night, {
      news: (news) => this.hear(news),
      frame: (frame) => {
        (this.traces[frame.pod] ??= new Trace()).take(frame);
        this.drawSoon();
      },
      state: (text) => (this.state = text),
      isOver: () => this.isOver,
    });
    this.lookingCloser = setInterval(() => this.lookCloser(), CLOSER_EVERY_MS);
    this.drawing = setInterval(() => this.drawSoon(), DRAW_ANYWAY_MS);
    addEventListener("keydown", this.onKey);
    addEventListener("themechange", this.onTheme);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.feed?.close();
    clearInterval(this.drawing);
    clearInterval(this.lookingCloser);
    removeEventListener("keydown", this.onKey);
    removeEventListener("themechange", this.onTheme);
  }

  /** Everything that is drawn is drawn anew in the other colours. */
  onTheme() {
    this.colours = this.readColours();
    for (const trace of [...Object.values(this.traces), ...Object.values(this.thenTraces)]) trace.dirty = true;
    for (const canvas of this.querySelectorAll("canvas")) canvas.drawn = null;
    this.requestUpdate();
  }

  readColours() {
    const style = getComputedStyle(document.documentElement);
    const of = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
    return {
      W: of("wake"), R: of("rem"), N1: of("n1"), N2: of("n2"), N3: of("n3"), "?": of("dim"),
      cue: of("cue"), arousal: of("ink"), first: of("ink"), second: of("dim"),
    };
  }

  /** @param {any} news */
  hear(news) {
    if (!this.heard) this.replaceChildren();
    this.heard = true;
    if (news.role !== this.seesAs) this.scoreAsked = false;
    this.seesAs = news.role;
    this.rows = { ...this.rows, ...news.rows };
    this.now = news.now_s;
    this.said = news.said;
    this.status = news.status;
    this.state = "";
    this.hearScore(news);
    if (this.chosen === "" && news.beds.length > 0) this.chosen = news.beds[0];
  }

  /** @param {any} news */
  async hearScore(news) {
    const events = news.events;
    await this.updateComplete;
    const pane = /** @type {any} */ (this.querySelector("dl-score"));
    if (this.status === "" || pane === null) return;
    if (!this.scoreAsked) {
      this.scoreAsked = true;
      await pane.open(this.night);
    } else pane.hear(events);
    if (this.isDemo) await customElements.whenDefined("dl-demo");
    /** @type {any} */ (this.querySelector("dl-demo"))?.hear(news, pane);
  }

  /** With the next frame, so that what came is seen at once; no more often than samples come. */
  drawSoon() {
    if (this.awaitsFrame) return;
    this.awaitsFrame = true;
    const restMs = Math.max(0, this.drewMs + LEAST_BETWEEN_MS - performance.now());
    setTimeout(() => requestAnimationFrame(() => {
      this.awaitsFrame = false;
      this.drewMs = performance.now();
      this.draw();
    }), restMs);
  }

  draw() {
    for (const canvas of this.querySelectorAll("canvas.trace")) {
      const trace = this.tracesShown[/** @type {HTMLElement} */ (canvas).dataset.pod ?? ""];
      if (trace?.dirty) trace.draw(/** @type {HTMLCanvasElement} */ (canvas), [this.colours.first, this.colours.second]);
    }
    for (const trace of Object.values(this.tracesShown)) trace.dirty = false;
  }

  updated() {
    for (const canvas of this.querySelectorAll("canvas.trace")) {
      const trace = this.tracesShown[/** @type {HTMLElement} */ (canvas).dataset.pod ?? ""];
      if (trace === undefined || canvas.drawn === trace) continue;
      canvas.drawn = trace;
      trace.dirty = true;
    }
    this.drawSoon();
    for (const canvas of this.querySelectorAll("canvas.hypnogram")) {
      const row = this.shown[/** @type {HTMLElement} */ (canvas).dataset.pod ?? ""];
      if (row && canvas.drawn !== row) {
        canvas.drawn = row;
        drawHypnogram(canvas, row, this.colours);
      }
    }
    const shares = /** @type {any} */ (this.querySelector("canvas.shares"));
    if (shares && this.closer && shares.drawn !== this.closer) {
      shares.drawn = this.closer;
      drawShares(shares, this.closer, this.colours);
    }
    const spectrum = /** @type {any} */ (this.querySelector("canvas.spectrum"));
    if (spectrum && this.spectrogram && spectrum.drawn !== this.spectrogram) {
      spectrum.drawn = this.spectrogram;
      drawSpectrogram(spectrum, this.spectrogram, this.colours.first);
    }
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

  get newest() {
    return this.status === "running" ? "present" : "end";
  }

  get beds() {
    return Object.keys(this.rows).sort();
  }

  /** Every bed's row, at the moment that is looked at. @returns {Record<string, any>} */
  get shown() {
    return this.then?.rows ?? this.rows;
  }

  get tracesShown() {
    return this.then === null ? this.traces : this.thenTraces;
  }

  /** Goes to a moment of the night once the hand rests there; null goes back to now. @param {number | null} moment */
  look(moment) {
    this.moment = moment;
    clearTimeout(this.settling);
    if (moment === null) {
      this.then = null;
      for (const trace of Object.values(this.traces)) trace.dirty = true;
      this.lookCloser();
      return;
    }
    this.settling = setTimeout(() => this.fetchThen(moment), SETTLED_MS);
  }

  /** @param {number} moment */
  async fetchThen(moment) {
    const then = await this.past.then(moment);
    if (then === null || this.moment !== moment) return;
    const frames = await Promise.all(Object.keys(then.rows).map((pod) => this.past.samples(pod, moment)));
    if (this.moment !== moment) return;
    this.thenTraces = {};
    for (const frame of frames) if (frame !== null) (this.thenTraces[frame.pod] ??= new Trace()).take(frame);
    for (const canvas of this.querySelectorAll("canvas.trace")) {
      const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
      /** @type {HTMLCanvasElement} */ (canvas).getContext("2d")?.clearRect(0, 0, width, height);
    }
    this.then = then;
    await this.lookCloser();
  }

  async lookCloser() {
    const pod = this.focused;
    if (pod === "") return;
    const until = this.moment ?? this.now;
    const [closer, spectrogram] = await Promise.all([this.past.closer(pod, until), this.past.spectrogram(pod, until)]);
    if (this.focused !== pod || until !== (this.moment ?? until)) return;
    this.closer = closer;
    this.spectrogram = spectrogram;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (this.noKeys || event.ctrlKey || event.altKey || event.metaKey || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName)) return;
    const beds = this.beds;
    const at = beds.indexOf(this.chosen);
    const keys = {
      j: () => (this.chosen = beds[Math.min(at + 1, beds.length - 1)] ?? ""),
      k: () => (this.chosen = beds[Math.max(at - 1, 0)] ?? ""),
      f: () => this.lookAt(this.chosen),
      s: () => this.hold(this.chosen, "SOFTEN"),
      h: () => this.hold(this.chosen, "HOLD"),
      x: () => this.hold(this.chosen, "ISOLATE"),
      l: () => this.hold(this.chosen, "NONE"),
      b: () => this.look(null),
      n: () => /** @type {HTMLElement | null} */ (this.querySelector("#note"))?.focus(),
      "?": () => (this.keys = !this.keys),
      ...this.demoKeys(),
    };
    const act = keys[/** @type {keyof typeof keys} */ (event.key)];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  demoKeys() {
    const demo = /** @type {any} */ (this.querySelector("dl-demo"));
    return demo === null ? {} : { "-": () => demo.step(-1), "+": () => demo.step(1), p: () => demo.pause() };
  }

  /** @param {string} pod @param {"held" | "stage" | "notes" | "cues"} what @param {object} words @param {string} done */
  async ask(pod, what, words, done) {
    if (!this.mayAsk || pod === "") return;
    const wrong = await ask(this.night, pod, what, words);
    this.told = wrong || `${pod}: ${done}`;
  }

  /** @param {string} pod @param {string} rung */
  hold(pod, rung) {
    const done = { NONE: "let go", SOFTEN: "softer", HOLD: "held", ISOLATE: "no sound", WAKE: "waking" }[rung];
    return this.ask(pod, "held", { rung }, `${done} asked for`);
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

  render() {
    const beds = this.beds;
    return html`
      <header class="bar">
        <h1>${this.night}</h1>
        <p>
          <time>${clock(this.moment ?? this.now)}</time> · ${beds.length} beds · ${this.status || "not begun"}
          ${this.seesAs === "blinded" ? html` · <strong>blinded</strong>: arms are sealed` : nothing} · not a medical device ·
          <a href="/nights/${this.night}/evening">evening check</a>
        </p>
        <button aria-expanded=${this.keys} @click=${() => (this.keys = !this.keys)}>Keys</button>
        ${this.mayAsk ? this.controls() : nothing}
      </header>
      ${this.moments()}
      <p class="state" role="status">${this.state || this.told}</p>
      ${this.isDemo ? html`<dl-demo night=${this.night} ?asks=${this.asks}></dl-demo>` : nothing} ${this.keys ? this.keyList() : nothing} ${this.needs()}
      <div class="beds" role="table" aria-label="Beds">
        <div class="row head" role="row">
          ${["bed", "stage", "last 30 s", "night so far", "last cue, or why not", "level", "signal"].map(
            (name) => html`<span role="columnheader">${name}</span>`,
          )}
        </div>
        ${beds.filter((pod) => this.shown[pod]).map((pod) => this.row(this.shown[pod]))}
      </div>
      ${this.focused && this.shown[this.focused] ? this.focus(this.shown[this.focused]) : nothing}
      <dl-score></dl-score> ${this.lanes()}
    `;
  }

  controls() {
    return html`<div class="controls">
      <button @click=${() => this.hold("all", "NONE")}>Let all go</button>
      <button @click=${() => this.hold("all", "HOLD")}>Hold all</button>
      <button class="stop" @click=${() => this.hold("all", "ISOLATE")}>Stop all</button>
      <button class="wake" @click=${() => this.twice("wake", () => this.hold("all", "WAKE"))}>
        ${this.sure === "wake" ? "Press again to wake everyone" : "Wake everyone"}
      </button>
    </div>`;
  }

  moments() {
    const last = Math.floor(this.now);
    return html`<div class="moments ${this.moment === null ? "" : "past"}">
      <label for="moment">Moment of the night</label>
      <input id="moment" type="range" min="0" max=${last} step=${MOMENT_STEP_S} .value=${String(this.moment ?? last)}
        aria-valuetext=${clock(this.moment ?? last)}
        @input=${(/** @type {InputEvent} */ event) => this.look(Number(/** @type {HTMLInputElement} */ (event.target).value))} />
      <output for="moment">${this.moment === null ? this.newest : clock(this.moment)}</output>
      ${this.moment === null ? nothing : html`<button @click=${() => this.look(null)}>Back to the ${this.newest}</button>`}
    </div>`;
  }

  keyList() {
    return html`<section aria-label="Keys">
      <dl class="keys">${[...KEYS, ...(this.isDemo ? DEMO_KEYS : [])].map(([key, text]) => html`<dt>${key}</dt><dd>${text}</dd>`)}</dl>
      <button @click=${this.toggleKeys}>${this.noKeys ? "Let single keys act" : "Let no single key act"}</button>
    </section>`;
  }

  /** Whoever speaks to a computer or leans on it may not want letters to act. */
  toggleKeys() {
    this.noKeys = !this.noKeys;
    if (this.noKeys) localStorage.setItem(NO_KEYS, "1");
    else localStorage.removeItem(NO_KEYS);
  }

  needs() {
    const found = Object.keys(this.shown).flatMap((pod) => this.shown[pod].needs.map((/** @type {any} */ need) => ({ pod, need })));
    found.sort((a, b) => PRIORITIES.indexOf(a.need.priority) - PRIORITIES.indexOf(b.need.priority) || a.need.since_s - b.need.since_s);
    return html`<section class="needs" aria-label="Needs you">
      <h2>Needs you (${found.length})</h2>
      ${found.length === 0
        ? html`<p class="dim">Nobody needs anybody.</p>`
        : html`<ul>
            ${found.map(
              ({ pod, need }) => html`<li class=${need.priority}>
                <span aria-hidden="true">${MARKS[/** @type {keyof typeof MARKS} */ (need.priority)]}</span>
                <strong>${need.priority}</strong> ${pod} ${this.shown[pod].sleeper} · ${need.text} · since ${clock(need.since_s)}
                <button @click=${() => (this.focused = pod)}>Look</button>
              </li>`,
            )}
          </ul>`}
    </section>`;
  }

  /** @param {any} row */
  row(row) {
    const status = row.status;
    const spoilt = Object.entries(row.spoilt);
    const sure = row.confidence === null ? "" : ` ${Math.round(row.confidence * 100)} %`;
    const isChosen = row.pod === this.chosen;
    return html`<div class="row ${isChosen ? "chosen" : ""}" role="row" aria-current=${isChosen} @click=${() => (this.chosen = row.pod)}>
      <span role="rowheader"
        ><button class="bed" aria-expanded=${row.pod === this.focused} @click=${() => this.lookAt(row.pod)}><b>${row.pod}</b> ${row.sleeper}</button></span
      >
      <span role="cell" class="stage s-${row.stage === "?" ? "none" : row.stage}">${row.stage}<small>${sure}</small></span>
      <span role="cell"><canvas class="trace" width="480" height="40" data-pod=${row.pod} role="img" aria-label="Last 30 seconds of signal"></canvas></span>
      <span role="cell"><canvas class="hypnogram" width="480" height="40" data-pod=${row.pod} role="img" aria-label=${inWords(row)}></canvas></span>
      <span role="cell">${row.last || "no cue yet"}${row.last_s === null ? nothing : html` <small>${clock(row.last_s)}</small>`}</span>
      <span role="cell">${row.level_db === null ? "-" : `${row.level_db.toFixed(0)} dB`}</span>
      <span role="cell" class=${status || spoilt.length > 0 ? "amiss" : "dim"}
        >${status || (spoilt.length > 0 ? spoilt.map(([channel, why]) => `${channel} ${why}`).join(", ") : "good")}</span
      >
    </div>`;
  }

  /** @param {string} pod */
  lookAt(pod) {
    this.focused = this.focused === pod ? "" : pod;
  }

  /** @param {any} row */
  focus(row) {
    return html`<section class="focus" aria-label=${`Bed ${row.pod}`}>
      <h2>${row.pod} ${row.sleeper} <button @click=${() => (this.focused = "")}>Close</button></h2>
      <canvas class="trace large" width="1400" height="160" data-pod=${row.pod} role="img" aria-label="Last 30 seconds of signal"></canvas>
      <p>${inWords(row)} ${row.scene ? `Scene: ${row.scene}.` : ""} ${row.cues} cues heard.</p>
      ${this.closerViews()}
      ${this.mayAsk ? this.words(row.pod) : nothing}
    </section>`;
  }

  closerViews() {
    if (this.closer === null || this.spectrogram === null) return html`<p class="dim">Looking closer …</p>`;
    const sure = surenessInWords(this.closer);
    const power = spectrumInWords(this.spectrogram);
    return html`<figure>
        <canvas class="shares" width="1400" height="80" role="img" aria-label=${`How likely each stage was. ${sure}`}></canvas>
        <figcaption>How likely each stage was, epoch by epoch: W, R, N1, N2, N3 from above. ${sure}</figcaption>
      </figure>
      <figure>
        <canvas class="spectrum" width="1400" height="120" role="img" aria-label=${power}></canvas>
        <figcaption>${power}</figcaption>
      </figure>
      <p>${phaseInWords(this.closer)}</p>`;
  }

  /** @param {string} pod */
  words(pod) {
    return html`<div class="controls">
        <button @click=${() => this.hold(pod, "SOFTEN")}>Softer</button>
        <button @click=${() => this.hold(pod, "HOLD")}>Hold</button>
        <button @click=${() => this.hold(pod, "ISOLATE")}>No sound</button>
        <button @click=${() => this.hold(pod, "NONE")}>Let go</button>
        <button @click=${() => this.twice(`wake ${pod}`, () => this.hold(pod, "WAKE"))}>
          ${this.sure === `wake ${pod}` ? "Press again to wake" : "Wake"}
        </button>
        <span role="group" aria-label="Stage that you see"
          >${STAGES.map((stage) => html`<button @click=${() => this.ask(pod, "stage", { stage }, `${stage} called`)}>${stage}</button>`)}
          <button @click=${() => this.ask(pod, "stage", { stage: "" }, "call taken back")}>no call</button></span
        >
      </div>
      <form @submit=${(/** @type {SubmitEvent} */ event) => this.note(event, pod)}>
        <label for="note">Note</label> <input id="note" name="text" maxlength="2000" autocomplete="off" />
        <button>Write down</button>
      </form>
      <p><a href="/nights/${this.night}/beds/${pod}/talk">Write to this bed</a></p>`;
  }

  /** @param {SubmitEvent} event @param {string} pod */
  async note(event, pod) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const text = String(new FormData(form).get("text") ?? "");
    await this.ask(pod, "notes", { text }, "noted");
    form.reset();
  }

  lanes() {
    return html`<div class="lanes">
      ${LANES.map(
        (lane) => html`<section aria-label=${lane}>
          <h2>${lane}</h2>
          <div role="log" aria-live=${lane === "alarms" ? "assertive" : "off"}>
            <ol>
              ${(this.then?.said ?? this.said)
                .filter((line) => line.lane === lane)
                .slice(-6)
                .reverse()
                .map((line) => html`<li><time>${clock(line.at_s)}</time> ${line.pod} ${line.text}</li>`)}
            </ol>
          </div>
        </section>`,
      )}
    </div>`;
  }
}

customElements.define("dl-night", NightView);
