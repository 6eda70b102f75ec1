// What is played tonight, as it was written: whatever fires lights up its line, with the beds at which it did.

import { LitElement, html, nothing } from "lit";
import { t } from "./words.js";

const LIT_MS = 4000;
const FIRES = new Set(["CueDue", "PhaseWindowOpened", "RelayOffered", "AwakeningDue", "SceneEntered"]);
const RELAYS_FROM = -100;
const AWAKENINGS_FROM = -300;

class ScorePane extends LitElement {
  static properties = { score: { state: true }, lit: { state: true }, lasting: { type: Number } };

  constructor() {
    super();
    /** @type {null | {lines: string[], of_number: Record<string, number>, of_scene: Record<string, number>, cues: string[]}} */
    this.score = null;
    /** Beds by the line that fired there. @type {Record<number, string[]>} */
    this.lit = {};
    this.lasting = LIT_MS;
  }

  createRenderRoot() {
    return this;
  }

  /** Fetches the text; a role that may not see it sees nothing of this pane.
   * @param {string} night @returns {Promise<string[]>} the cues that may be asked for by name */
  async open(night) {
    const answer = await fetch(`/api/nights/${night}/score`);
    if (answer.ok) this.score = await answer.json();
    return this.score?.cues ?? [];
  }

  /** @param {any[]} events */
  hear(events) {
    for (const event of events) {
      const line = FIRES.has(event.type) ? this.lineOf(event) : undefined;
      if (line !== undefined) this.light(line, event.pod ?? "");
    }
  }

  /** @param {any} event @returns {number | undefined} */
  lineOf(event) {
    if (this.score === null) return undefined;
    if (event.type === "SceneEntered") return this.score.of_scene[event.scene];
    const number = { RelayOffered: RELAYS_FROM - event.relay, AwakeningDue: AWAKENINGS_FROM - event.awakening }[
      /** @type {"RelayOffered" | "AwakeningDue"} */ (event.type)
    ];
    return this.score.of_number[String(number ?? event.part)];
  }

  /** Opens the text where it is closed, at this line, and lights it. @param {number} line @param {string} pod @param {number} ms */
  async show(line, pod, ms) {
    const details = this.querySelector("details");
    if (details !== null) details.open = true;
    this.light(line, pod, ms);
    await this.updateComplete;
    const [list, item] = [this.querySelector("ol"), this.querySelectorAll("ol > li")[line - 1]];
    if (list && item instanceof HTMLElement) list.scrollTop = item.offsetTop - list.offsetTop - list.clientHeight / 2;
  }

  /** @param {number} line @param {string} pod @param {number} [ms] */
  light(line, pod, ms = this.lasting) {
    this.lit = { ...this.lit, [line]: [...new Set([...(this.lit[line] ?? []), pod])].sort() };
    setTimeout(() => {
      const left = (this.lit[line] ?? []).filter((each) => each !== pod);
      const { [line]: _, ...others } = this.lit;
      this.lit = left.length > 0 ? { ...others, [line]: left } : others;
    }, ms);
  }

  render() {
    if (this.score === null) return nothing;
    return html`<details class="score">
      <summary>${t("What is played tonight")}${Object.keys(this.lit).length > 0 ? html` · <span class="fired">${this.firing()}</span>` : nothing}</summary>
      <ol>
        ${this.score.lines.map(
          (text, index) => html`<li class=${this.lit[index + 1] ? "fired" : ""}><code>${text || " "}</code>${
            this.lit[index + 1] ? html`<b> ◀ ${this.lit[index + 1].join(", ")}</b>` : nothing
          }</li>`,
        )}
      </ol>
    </details>`;
  }

  firing() {
    return Object.entries(this.lit).map(([line, pods]) => t("line {line}: {beds}", { line, beds: pods.join(", ") })).join(" · ");
  }
}

customElements.define("dl-score", ScorePane);
