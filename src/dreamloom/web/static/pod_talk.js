// Words between a bed and whoever is awake: read and written here, never sounded. Its page asks now and then.

import { LitElement, html, nothing } from "lit";
import { TALK } from "./pod_talk_words.js";

const EVERY_MS = 5000;

/** Hours and minutes of the night. @param {number} atS */
const nightClock = (atS) => `${Math.floor(atS / 3600)}:${String(Math.floor(atS / 60) % 60).padStart(2, "0")} ${TALK.ofNight}`;

class PodTalk extends LitElement {
  static properties = { lines: { state: true }, hint: { state: true }, unread: { state: true }, heard: { state: true }, open: { type: Boolean } };

  constructor() {
    super();
    /** @type {{at_s: number, by: string, toward: string, text: string}[]} */
    this.lines = [];
    /** @type {{at_s: number, by: string, way: string, doze: string, lasted_s: number | null}[]} */
    this.heard = [];
    this.hint = "";
    this.unread = 0;
    this.open = false;
    this.read = 0;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.look(), EVERY_MS);
    void this.look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  async look() {
    const answer = await fetch("/api/pod/talk").catch(() => null);
    if (answer === null || !answer.ok) return;
    const found = await answer.json();
    this.lines = found.lines;
    this.heard = found.heard;
    const told = this.lines.filter((line) => line.toward === "bed").length;
    if (this.open) this.read = told;
    this.unread = told - this.read;
  }

  /** @param {Event} event */
  async say(event) {
    event.preventDefault();
    const field = /** @type {HTMLTextAreaElement} */ (this.querySelector("textarea"));
    const text = field.value.trim();
    if (text === "") return;
    const words = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text }) };
    const answer = await fetch("/api/pod/talk", words).catch(() => null);
    const why = answer?.status === 409 ? TALK.nobody : answer?.status === 429 ? TALK.many : TALK.notSent;
    this.hint = answer?.ok ? TALK.sent : why;
    if (answer?.ok) field.value = "";
    void this.look();
  }

  /** @param {boolean} open */
  turn(open) {
    this.open = open;
    this.hint = "";
    if (open) {
      this.read = this.lines.filter((line) => line.toward === "bed").length;
      this.unread = 0;
    }
  }

  render() {
    if (!this.open) {
      return html`<button class=${this.unread > 0 ? "unread" : ""} @click=${() => this.turn(true)}>
        ${this.unread > 0 ? TALK.waiting : TALK.write}
      </button>`;
    }
    return html`<section class="across">
      <h1>${TALK.title}</h1>
      <div class="log" role="log" aria-label=${TALK.title}><ol class="talk">
        ${this.lines.map((line) => html`<li class=${line.toward}><strong>${line.toward === "bed" ? line.by : TALK.you}</strong> ${line.text}</li>`)}
        ${this.lines.length === 0 ? html`<li>${TALK.none}</li>` : nothing}
      </ol></div>
      ${this.heard.length === 0 ? nothing : html`<ul class="small talk" aria-label=${TALK.voices}>
        ${this.heard.map((use) => html`<li>${use.by} ${use.way === "listen" ? TALK.heardYou : TALK.spoke}${use.way === "talk" && use.doze !== "awake" ? ` ${TALK.maySleep}` : ""}, ${nightClock(use.at_s)}</li>`)}
      </ul>`}
      <form @submit=${this.say}>
        <label class="unseen" for="talk-text">${TALK.yours}</label>
        <textarea id="talk-text" maxlength="500" rows="2" autocomplete="off" placeholder=${TALK.yours}></textarea>
        <div class="choices">
          <button type="submit">${TALK.send}</button>
          <button type="button" @click=${() => this.turn(false)}>${TALK.back}</button>
        </div>
      </form>
      <p role="status">${this.hint}</p>
    </section>`;
  }
}

customElements.define("dl-talk", PodTalk);
