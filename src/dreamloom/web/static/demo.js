// The demo's own panel: what is there to be seen, how fast it goes, what may be broken on purpose, and the morning.

import { LitElement, html, nothing } from "lit";
import { Guide } from "./guide.js";
import { tell } from "./told.js";
import { clock, list, number, t } from "./words.js";

const PACES = [0, 1, 2, 5, 10, 20, 30, 60, 120];
const USUAL_PACE = 30;
const FORGET_MS = 2000;
const LOOKS_EVERY_MS = 500;
const MOST_EFFECTS = 12;
const LIT_MS = 6000;
const ANSWERED_BY_S = 130;
const DISMISSED = "dreamloom-no-guide";
const EFFECTS = new Set(["StreamLost", "GuardianStepped", "PodIsolated", "Restored", "StreamFound", "LeaseLapsed", "GlitchSeen"]);

/**
 * @typedef {{trouble: string, beds: string[], from_s: number, until_s: number}} Tried
 * @typedef {{version: number, pace_x: number | null, tried: Tried[], is_over: boolean, has_morning: boolean,
 *   has_story: boolean}} Told
 */

class DemoPanel extends LitElement {
  static properties = {
    night: { type: String },
    asks: { type: Boolean },
    told: { state: true },
    sentence: { state: true },
    dismissed: { state: true },
    wrong: { state: true },
    effects: { state: true },
    asking: { state: true },
  };

  constructor() {
    super();
    this.night = "";
    this.asks = false;
    /** @type {Told | null} */
    this.told = null;
    /** @type {import("./guide.js").Sentence | null} */
    this.sentence = null;
    this.dismissed = localStorage.getItem(DISMISSED) !== null;
    this.wrong = "";
    /** What became of what was broken, newest first. @type {{at_s: number, pod: string, text: string}[]} */
    this.effects = [];
    /** A pace that was asked for and is not told yet. @type {number | null} */
    this.asking = null;
    this.rows = {};
    /** @type {any} */
    this.score = null;
    this.guide = new Guide((event) => this.score?.lineOf(event));
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.source = new EventSource(`/api/nights/${this.night}/demo/told`);
    this.source.onmessage = (message) => {
      this.told = JSON.parse(message.data);
      if (this.told?.pace_x === this.asking) this.asking = null;
    };
    this.looking = setInterval(() => this.look(), LOOKS_EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.source?.close();
    clearInterval(this.looking);
  }

  /** @param {any} news @param {any} score the pane in which lines light up */
  hear(news, score) {
    this.score = score;
    this.rows = { ...this.rows, ...news.rows };
    this.guide.hear(news.events, this.rows);
    for (const event of news.events) this.follow(event);
    this.look();
  }

  /** What the record says of a bed in trouble. @param {any} event */
  follow(event) {
    if (!EFFECTS.has(event.type) || !this.told) return;
    const tried = this.told.tried.find(
      (each) => each.beds.includes(event.pod) && event.onset_s >= each.from_s - 1 && event.onset_s < each.until_s + ANSWERED_BY_S,
    );
    if (tried === undefined) return;
    const line = { at_s: event.onset_s, pod: event.pod, text: this.effect(event) };
    this.effects = [line, ...this.effects].slice(0, MOST_EFFECTS);
  }

  /** @param {any} event */
  effect(event) {
    switch (event.type) {
      case "GuardianStepped":
        return t("the guardian, by the rule {rule}, tells the sleeper: “{why}”", { rule: event.rule, why: tell(event.why) });
      case "PodIsolated":
        return t("by itself from here on: no sound, nothing to others or from them, by the rule {rule}", { rule: event.rule });
      case "Restored":
        return t("let back by the rule {rule}: {why}", { rule: event.rule, why: tell(event.why) });
      case "LeaseLapsed":
        return t("its leave to sound has lapsed");
      case "GlitchSeen":
        return event.glitch === "ORDER_STALE" ? t("did not obey: that command is long over") : event.glitch;
      case "StreamFound":
        return t("is seen again");
      default:
        return t("sends nothing any more");
    }
  }

  look() {
    const sentence = this.guide.next(performance.now());
    if (sentence === null) return;
    this.sentence = sentence;
    if (sentence.line !== undefined && !this.dismissed) this.score?.show(sentence.line, sentence.pod, LIT_MS);
  }

  /** @param {string} what @param {object} words */
  async ask(what, words) {
    try {
      const answer = await fetch(`/api/nights/${this.night}/demo/${what}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(words),
      });
      this.wrong = answer.ok ? "" : (await answer.json()).error.what;
    } catch {
      this.wrong = t("The page cannot reach the demo.");
    }
    if (this.wrong) this.asking = null;
  }

  /** What was asked for, or else how fast it goes; null where that cannot be changed. */
  get pace() {
    return this.asking ?? this.told?.pace_x ?? null;
  }

  /** Those to choose from, and the one it goes at. */
  get paces() {
    return [...new Set([...PACES, this.pace ?? 0])].sort((a, b) => a - b);
  }

  /** One step slower or faster. @param {number} step */
  step(step) {
    const paces = this.paces;
    const at = paces.indexOf(this.pace ?? 0) + step;
    this.setPace(paces[Math.max(0, Math.min(paces.length - 1, at))]);
  }

  /** Still, or on as before. */
  pause() {
    const now = this.pace ?? 0;
    if (now > 0) this.paceBefore = now;
    this.setPace(now > 0 ? 0 : (this.paceBefore ?? USUAL_PACE));
  }

  /** @param {number} pace */
  setPace(pace) {
    if (!this.told || this.told.pace_x === null || this.told.is_over) return;
    this.asking = pace;
    clearTimeout(this.forgetting);
    this.forgetting = setTimeout(() => (this.asking = null), FORGET_MS);
    this.ask("pace", { pace_x: pace });
  }

  dismiss() {
    this.dismissed = !this.dismissed;
    if (this.dismissed) localStorage.setItem(DISMISSED, "1");
    else localStorage.removeItem(DISMISSED);
  }

  render() {
    if (this.told === null) return nothing;
    return html`<section class="demo" aria-labelledby="demo-h">
      <h2 id="demo-h">${t("The demo")}</h2>
      <div>${this.guided()} ${this.told.is_over ? this.morning() : this.asks ? this.speed() : nothing}</div>
      ${this.asks && !this.told.is_over ? this.breaking() : nothing}
    </section>`;
  }

  guided() {
    return html`<div class="guide" ?hidden=${this.dismissed}>
        <p role="status" aria-live="polite">${
          this.sentence === null ? t("The night begins …") : html`<time>${clock(this.sentence.at_s)}</time> ${this.sentence.text}`
        }</p>
        <details>
          <summary>${t("So far")}</summary>
          <ol>${this.guide.said.map((each) => html`<li><time>${clock(each.at_s)}</time> ${each.text}</li>`)}</ol>
        </details>
      </div>
      <button class="dismiss" aria-expanded=${!this.dismissed} @click=${this.dismiss}>${this.dismissed ? t("Guide me") : t("No guide")}</button>`;
  }

  speed() {
    const pace = this.pace;
    if (pace === null) return html`<p>${t("It goes as fast as a night does.")}</p>`;
    const paces = this.paces;
    const words = pace === 0 ? t("stands still") : t("{times} times as fast as a night", { times: number(pace) });
    return html`<div class="pace">
      <button @click=${this.pause}>${pace === 0 ? t("Go on") : t("Pause")}</button>
      <label for="pace">${t("Speed")}</label>
      <button aria-label=${t("Slower")} @click=${() => this.step(-1)}>−</button>
      <input id="pace" type="range" min="0" max=${paces.length - 1} step="1" .value=${String(paces.indexOf(pace))}
        aria-valuetext=${words}
        @input=${(/** @type {InputEvent} */ event) => this.setPace(paces[Number(/** @type {HTMLInputElement} */ (event.target).value)])} />
      <button aria-label=${t("Faster")} @click=${() => this.step(1)}>+</button>
      <output for="pace">${words}</output>
    </div>`;
  }

  breaking() {
    const troubles = [
      ["unplug", t("Unplug S02")],
      ["nightmare", t("A nightmare for S04")],
      ["forge", t("Forge a cue for S06")],
      ["network", t("Cut the network to S01 and S05")],
    ];
    return html`<div class="breaking" role="group" aria-labelledby="breaking-h">
      <h3 id="breaking-h">${t("Break it")}</h3>
      ${troubles.map(([trouble, text]) => html`<button @click=${() => this.ask("drills", { trouble })}>${text}</button>`)}
      <p class="amiss" role="status">${this.wrong}</p>
      ${this.told && this.told.tried.length > 0 ? this.answers() : html`<p class="dim">${t("Each is a drill that this house knows. The guardian answers, and says why.")}</p>`}
    </div>`;
  }

  answers() {
    const tried = /** @type {Told} */ (this.told).tried;
    const newest = tried[tried.length - 1];
    return html`<p><time>${clock(newest.from_s)}</time> ${this.done(newest)}</p>
      <div class="answers" role="log" tabindex="0" aria-label=${t("What the record says of it")}>
        <ol>${this.effects.map((each) => html`<li><time>${clock(each.at_s)}</time> <b>${this.nameOf(each.pod)}</b> ${each.text}</li>`)}</ol>
      </div>`;
  }

  /** @param {Tried} tried */
  done(tried) {
    const who = list(tried.beds.map((pod) => this.nameOf(pod)));
    switch (tried.trouble) {
      case "nightmare":
        return t("{who} stirs as out of a nightmare, three times within a minute.", { who });
      case "forge":
        return t("Somebody gives {who} a command of half a minute ago again, three times.", { who });
      case "network":
        return t("The network to {who} is cut for 40 s.", { who });
      default:
        return t("{who} is unplugged for 40 s.", { who });
    }
  }

  /** @param {string} pod */
  nameOf(pod) {
    return /** @type {any} */ (this.rows)[pod]?.sleeper || pod;
  }

  morning() {
    if (!this.told?.has_morning) return html`<p class="dim">${t("The record is being verified …")}</p>`;
    const way = (/** @type {string} */ path, /** @type {string} */ text) =>
      html`<a href="/nights/${this.night}/${path}" target="_blank" rel="noopener">${text}</a>`;
    return html`<p class="morning">${way("morning", t("Read the morning page"))}</p> ${this.told.has_story ? this.story(way) : nothing}`;
  }

  /** @param {(path: string, text: string) => unknown} way */
  story(way) {
    return html`<p>${t("Six dreams were told, each locked before anybody was told what the night was about. They are invented: nobody slept here.")}</p>
      <p class="morning">${way("story", t("Read the story they wove"))} ${way("story?met=yes#met", t("Did their dreams meet?"))}</p>`;
  }
}

customElements.define("dl-demo", DemoPanel);
