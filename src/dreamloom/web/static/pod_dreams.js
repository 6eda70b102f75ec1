// What is told at night: kept on this phone first, sent when the house can be reached, and never said to be there before.

import { html } from "lit";
import "./spoken.js";
import { flush, freshId, keep, remember, remembered, unsent } from "./pod_store.js";
import { WORDS, clock } from "./pod_words.js";

const RECEIVED_KEPT = 20;

/** One bed's dreams, and its stop, as far as they are told. */
export class Dreams {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    /** @type {{id: string, at: string, state: string}[]} */
    this.list = [];
    this.hint = "";
    this.flushing = false;
  }

  async begin() {
    this.list = (await remembered("received").catch(() => undefined)) ?? [];
  }

  /** Whether a stop that was pressed tonight was not told yet. */
  async hasUntoldStop() {
    const waiting = await unsent().catch(() => []);
    return waiting.some((each) => each.kind === "stop" && each.tonight === this.page.bed?.tonight);
  }

  /** Keeps it; nothing is sent yet. @param {"stop" | "report"} kind @param {string} text */
  keep(kind, text) {
    return keep({ id: freshId(), kind, told_utc: new Date().toISOString(), text, tonight: this.page.bed?.tonight ?? "" });
  }

  async send() {
    if (this.flushing) return;
    this.flushing = true;
    try {
      if (this.page.bed !== null) await flush(this.page.bed.tonight, (what, receipt) => this.receive(what, receipt));
      await this.show();
    } catch {
      return;
    } finally {
      this.flushing = false;
    }
  }

  /** @param {import("./pod_store.js").Unsent} what @param {any} receipt */
  receive(what, receipt) {
    if (what.kind === "stop") {
      this.page.told = true;
      return;
    }
    const at = `${WORDS.received} ${clock(new Date(receipt.received_utc))}`;
    this.list = [{ id: what.id, at: what.told_utc, state: at }, ...this.list.filter((each) => each.id !== what.id)];
    void remember("received", this.list.filter((each) => each.state !== WORDS.onPhone).slice(0, RECEIVED_KEPT));
  }

  /** What waits stands before what is there. */
  async show() {
    const waiting = (await unsent().catch(() => [])).filter((each) => each.kind === "report");
    const names = new Set(waiting.map((each) => each.id));
    const received = this.list.filter((each) => each.state !== WORDS.onPhone && !names.has(each.id));
    this.list = [...waiting.map(({ id, told_utc: at }) => ({ id, at, state: WORDS.onPhone })), ...received];
    this.page.requestUpdate();
  }

  /** @param {Event} event */
  async tell(event) {
    event.preventDefault();
    const field = /** @type {HTMLTextAreaElement} */ (this.page.querySelector("#dream"));
    const text = field.value.trim();
    if (text === "") return;
    try {
      await this.keep("report", text);
      field.value = "";
      this.hint = "";
    } catch {
      this.hint = WORDS.notKept;
    }
    await this.show();
    void this.send();
  }

  /** What was spoken and written down, to be corrected. @param {string} text */
  put(text) {
    const field = /** @type {HTMLTextAreaElement} */ (this.page.querySelector("#dream"));
    field.value = `${field.value.trim()}\n${text}`.trim();
    field.focus();
  }

  view() {
    return html`<section class="words">
      <form @submit=${(/** @type {Event} */ event) => this.tell(event)}>
        <h1><label for="dream">${WORDS.tellLabel}</label></h1>
        <p class="small">${WORDS.tellHow}</p>
        <dl-spoken @words=${(/** @type {CustomEvent} */ event) => this.put(event.detail.text)}></dl-spoken>
        <textarea id="dream" maxlength="12000" rows="6" autocomplete="off"></textarea>
        <div class="choices">
          <button type="submit">${WORDS.keep}</button>
          <button type="button" @click=${() => (this.page.step = "night")}>${WORDS.back}</button>
        </div>
      </form>
      <p role="status">${this.hint}</p>
      <ul class="dreams">
        ${this.list.map((each) => html`<li><time>${clock(new Date(each.at))}</time> ${each.state}</li>`)}
      </ul>
    </section>`;
  }
}
