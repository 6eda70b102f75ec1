// The page at the pillow: joins a bed, checks its sound, keeps quiet company through the night. STOP acts here first.

import { LitElement, html, nothing } from "lit";
import { HouseClock } from "./pod_clock.js";
import { Dreams } from "./pod_dreams.js";
import { Evening } from "./pod_evening.js";
import { Guards } from "./pod_guards.js";
import { bedNow, soundOf } from "./pod_house.js";
import { PodLink } from "./pod_link.js";
import { Motion } from "./pod_motion.js";
import { Deck } from "./pod_sound.js";
import { remember, remembered } from "./pod_store.js";
import "./pod_talk.js";
import { help, night, stop, words } from "./pod_views.js";
import { Voice } from "./pod_voice.js";
import { VOICE } from "./pod_voice_words.js";
import { allowMicrophone } from "./voice_sound.js";
import { WORDS, clock } from "./pod_words.js";
import { language } from "./words.js";

const FLUSH_EVERY_MS = 15000;
const LOOK_EVERY_MS = 20000;
const SURE_WITHIN_MS = 4000;
const REVOKED = 1;
const ASLEEP = ["joining", "unknown", "replaced"];

class PodPage extends LitElement {
  static properties = {
    step: { state: true },
    bed: { state: true },
    line: { state: true },
    warnings: { state: true },
    stillness: { state: true },
    armed: { state: true },
    paused: { state: true },
    stopped: { state: true },
    told: { state: true },
    sure: { state: true },
    now: { state: true },
    quieterDb: { state: true },
    light: { state: true },
    voiceHint: { state: true },
  };

  constructor() {
    super();
    this.step = "joining";
    /** @type {any} */
    this.bed = null;
    this.line = "away";
    /** @type {string[]} */
    this.warnings = [];
    this.stillness = "";
    this.armed = false;
    this.paused = false;
    this.stopped = false;
    this.told = false;
    this.sure = false;
    this.now = new Date();
    this.quieterDb = 0;
    this.light = 100;
    this.voiceHint = "";
    this.flushedMs = -Infinity;
    this.lookedMs = -Infinity;
    this.evening = new Evening(this);
    this.dreams = new Dreams(this);
    this.clock = new HouseClock();
    this.deck = new Deck(this.clock, soundOf, (became) => this.link.tell(became));
    this.link = new PodLink(this.clock, {
      said: (word) => this.hear(word),
      state: (state) => this.lost(state),
      standing: () => ({
        armed: this.deck.isArmed && !this.stopped,
        lowered_db: -this.deck.quieterDb,
        paused: this.deck.paused,
        ...this.guards.standing,
      }),
    });
    this.voice = new Voice(this);
    this.motion = new Motion(this.clock, (felt) => this.link.send({ t: "samples", ...felt }));
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
    document.documentElement.lang = language;
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
    await this.dreams.begin();
    await this.look();
    if (await this.dreams.hasUntoldStop()) this.silence();
    await this.dreams.show();
    if (this.step === "joining") this.step = this.bed === null ? "unknown" : this.stopped || this.bed.over ? "night" : "check";
    this.soon();
  }

  /** What the house knows of this bed. */
  async look() {
    this.lookedMs = performance.now();
    const found = await bedNow();
    if (found === "unknown") this.lost("unknown");
    if (found === null || found === "unknown") return;
    this.bed = found;
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
    this.voice.tick();
    this.armed = this.deck.isArmed;
    this.stillness = this.motion.missing;
    if (clock(new Date()) !== clock(this.now)) this.now = new Date();
    if (nowMs - this.flushedMs > FLUSH_EVERY_MS) void this.send();
    if (nowMs - this.lookedMs > LOOK_EVERY_MS) void this.look();
  }

  async send() {
    this.flushedMs = performance.now();
    await this.dreams.send();
  }

  /** @param {any} word */
  hear(word) {
    if (word.t === "state") {
      if (this.line !== "night" && this.deck.isArmed) void this.evening.makeReady(); // the night may have new sounds
      this.line = "night";
      this.deck.hold(word);
      if (word.bits & REVOKED) this.voice.enough();
    } else if (word.t === "cue") {
      this.deck.take(word);
    } else if (word.t === "voice" || word.t === "voice_over") {
      this.voice.hear(word);
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
    this.voice.end();
    if (state === "unknown" || state === "replaced") {
      this.deck.end();
      this.step = state;
    } else {
      this.line = "away";
    }
  }

  silence() {
    this.deck.stop();
    this.voice.enough();
    this.stopped = true;
    this.paused = false;
  }

  /** @param {Event} event */
  stop(event) {
    if (this.stopped) return;
    this.silence();
    event.preventDefault();
    this.step = this.step === "tell" ? "tell" : "night";
    void this.dreams
      .keep("stop", "")
      .catch(() => {})
      .then(() => this.soon());
  }

  pause() {
    this.paused = true;
    this.sure = false;
    this.deck.pause(true);
    if (this.voice.told?.way === "talk") this.voice.enough();
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

  async wakeSound() {
    await this.evening.wakeUp();
    this.guards.settle();
    void this.evening.makeReady();
  }

  /** In a tap, in the evening: may whoever is awake hear this room, as its sleeper agreed to? */
  async allowVoice() {
    await this.wakeSound();
    this.voiceHint = (await allowMicrophone()) ? VOICE.allowed : VOICE.denied;
  }

  /** What is shown at this step. */
  get view() {
    switch (this.step) {
      case "joining":
        return words(WORDS.joining);
      case "unknown":
        return words(WORDS.unknown, WORDS.unknownStill);
      case "replaced":
        return words(WORDS.replaced);
      case "check":
        return this.evening.check();
      case "hearing":
        return this.evening.hearing();
      case "ready":
        return this.evening.readBack();
      case "tell":
        return this.dreams.view();
      case "help":
        return help(this);
      default:
        return night(this);
    }
  }

  render() {
    const warned = [...this.warnings, this.stillness].filter((line) => line !== "");
    const isWarned = ["check", "ready", "night"].includes(this.step);
    return html`<main class="light-${Math.round(this.light / 10)}">
      <div class="warnings" role="status">
        <ul>
          ${isWarned ? warned.map((line) => html`<li>${line}</li>`) : nothing}
        </ul>
      </div>
      ${this.voice.view()} ${this.view} ${ASLEEP.includes(this.step) ? nothing : stop(this)}
    </main>`;
  }
}

customElements.define("dl-pod", PodPage);
