// A rehearsal from the page: asked for, watched, stopped, shown. One at a time on this machine.

import { html, nothing, render } from "lit";
import { ask } from "./desk.js";

export class Rehearsing {
  /**
   * @param {HTMLElement} place
   * @param {{text: () => string, sha256: () => string}} now what stands in the editor
   */
  constructor(place, now) {
    this.place = place;
    this.stopping = false;
    this.now = now;
    this.far = /** @type {any} */ ({ state: "none" });
    this.wrong = "";
    this.lost = "";
    this.asked = { sleepers: 2, hours: 8 };
    this.shown = document.createElement("div");
    this.shown.className = "cards";
    this.tell();
    this.watch();
  }

  get running() {
    return this.far.state === "running";
  }

  async begin() {
    if (this.running) return;
    const answer = await ask("/api/rehearsal", { text: this.now.text(), ...this.asked });
    this.wrong = answer.wrong;
    if (answer.ok) this.far = answer.body;
    this.tell();
    if (answer.ok) await this.watch();
  }

  async stop() {
    this.stopping = true;
    this.tell();
    await ask("/api/rehearsal/stop", {});
  }

  /** Listens until it is over; a page that was opened meanwhile listens too, and one that lost its desk tries again. */
  async watch() {
    const source = new EventSource("/api/rehearsal/told");
    const hear = (/** @type {MessageEvent} */ message) => {
      this.lost = "";
      this.far = JSON.parse(message.data);
      this.tell();
    };
    await new Promise((done) => {
      source.onmessage = hear;
      source.addEventListener("over", (message) => done(hear(message)));
      source.onerror = () => {
        if (source.readyState === EventSource.CLOSED) done(undefined);
        this.lost = this.running ? "This page has lost its desk. It tries again." : "";
        this.tell();
      };
    });
    source.close();
    this.stopping = false;
    this.tell();
    this.show();
  }

  /** The nights that were found; kept while the next ones are slept. */
  show() {
    if (this.far.state !== "done") return;
    const found = new DOMParser().parseFromString(this.far.cards, "text/html");
    this.shown.replaceChildren(...found.body.childNodes);
    for (const card of /** @type {NodeListOf<HTMLElement>} */ (this.shown.querySelectorAll(".card"))) {
      if (card.querySelector("table")) card.tabIndex = 0; // on a phone it scrolls, by keys as well
    }
  }

  tell() {
    render(this.view(), this.place);
  }

  view() {
    return html`
      <form class="ask" @submit=${(/** @type {Event} */ event) => this.submit(event)}>
        ${this.choice("sleepers", "Sleepers", [1, 2, 4, 6, 12], "")}
        ${this.choice("hours", "Hours", [1, 2, 4, 8], " h")}
        <button type="submit" id="rehearse" class="first" ?disabled=${this.running}>Rehearse</button>
        <button type="button" id="stop" ?disabled=${!this.running || this.stopping} @click=${() => this.stop()}>Stop</button>
      </form>
      ${this.running ? this.progress() : nothing}
      <p role="status" id="rehearsed">${this.said()}</p>
      ${this.shown}
    `;
  }

  /** @param {"sleepers" | "hours"} what @param {string} label @param {number[]} numbers @param {string} unit */
  choice(what, label, numbers, unit) {
    const chosen = (/** @type {Event} */ event) => {
      this.asked[what] = Number(/** @type {HTMLSelectElement} */ (event.target).value);
    };
    return html`
      <label for="of-${what}">${label}</label>
      <select id="of-${what}" @change=${chosen}>
        ${numbers.map((each) => html`<option value=${each} ?selected=${each === this.asked[what]}>${each}${unit}</option>`)}
      </select>
    `;
  }

  progress() {
    const left = this.far.left_s === null ? "" : `, about ${Math.max(1, Math.round(this.far.left_s))} s to go`;
    const percent = Math.round(100 * this.far.share);
    const told = this.stopping ? "Stopping …" : `Simulated sleepers sleep: ${percent} %${left}`;
    return html`
      <p class="progress">
        <label for="far">${told}</label>
        <progress id="far" max="1" value=${this.far.share}></progress>
      </p>
    `;
  }

  said() {
    if (this.wrong || this.lost) return this.wrong || this.lost;
    if (this.far.state === "failed") return this.far.wrong;
    if (this.far.state === "stopped") return "Stopped; nothing of it is kept.";
    if (this.far.state !== "done") return "";
    const older = this.far.sha256 === this.now.sha256() ? nothing : html`<strong>Of an earlier text.</strong> `;
    return html`${older}${this.far.sentence} It took ${this.far.took_s} s.
      <a href="/rehearsal" target="_blank" rel="noopener">The same as a page of its own</a>`;
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    this.begin();
  }
}
