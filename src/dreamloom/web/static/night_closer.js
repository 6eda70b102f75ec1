// A bed from close by: its signals at large, how sure each stage was, its power, and what may be asked of it.

import { html, nothing } from "lit";
import { phaseInWords, spectrumInWords, surenessInWords } from "./closer.js";
import { inWords } from "./hypnogram.js";
import { PAIRS } from "./night_marks.js";
import { ofShares, ofSignal, ofSpectrum } from "./night_tables.js";
import { number, t } from "./words.js";

const KEYS = /** @type {Record<string, string>} */ ({ company: "v", lights: "d", bed: "o" });
const STAGES = ["W", "N1", "N2", "N3", "R"];

/** @param {any} view @param {any} row */
export function closer(view, row) {
  return html`<section class="focus" aria-label=${t("Bed {pod}", { pod: row.pod })}>
    <h2>${row.pod} ${row.sleeper} <button @click=${() => (view.focused = "")}>${t("Close")}</button></h2>
    <canvas class="trace large" width="1400" height="160" data-pod=${row.pod} role="img" aria-label=${t("Last 30 seconds of signal of {pod}", { pod: row.pod })} aria-details="signal-table"></canvas>
    ${ofSignal(view, row.pod)}
    <p>${inWords(row)} ${row.scene ? t("Scene: {scene}.", { scene: row.scene }) : ""} ${t("{count} cues heard.", { count: number(row.cues) })}</p>
    ${charts(view)} ${view.mayAsk ? words(view, row) : nothing}
  </section>`;
}

/** @param {any} view */
function charts(view) {
  if (view.closer === null || view.spectrogram === null) return html`<p class="dim">${t("Looking closer …")}</p>`;
  const sure = surenessInWords(view.closer);
  const power = spectrumInWords(view.spectrogram);
  return html`<figure>
      <canvas class="shares" width="1400" height="80" role="img" aria-label=${`${t("How likely each stage was.")} ${sure}`} aria-details="shares-table"></canvas>
      <figcaption>${t("How likely each stage was, epoch by epoch: W, R, N1, N2, N3 from above.")} ${sure}</figcaption>
      ${ofShares(view)}
    </figure>
    <figure>
      <canvas class="spectrum" width="1400" height="120" role="img" aria-label=${power} aria-details="spectrum-table"></canvas>
      <figcaption>${power}</figcaption>
      ${ofSpectrum(view)}
    </figure>
    <p>${phaseInWords(view.closer)}</p>`;
}

/** @param {any} view @param {any} row */
function words(view, row) {
  const pod = row.pod;
  return html`<div class="controls">
      <button @click=${() => view.hold(pod, "SOFTEN")}>${t("Softer")}</button>
      <button @click=${() => view.hold(pod, "HOLD")}>${t("Hold")}</button>
      <button @click=${() => view.hold(pod, "FADE")}>${t("Fade")}</button>
      <button @click=${() => view.hold(pod, "ISOLATE")}>${t("No sound")}</button>
      <button @click=${() => view.hold(pod, "NONE")}>${t("Let go")}</button>
      <button @click=${() => view.twice(`wake ${pod}`, () => view.hold(pod, "WAKE"))}>
        ${view.sure === `wake ${pod}` ? t("Press again to wake") : t("Wake")}
      </button>
      <span role="group" aria-label=${t("What holds at this bed")}
        >${Object.keys(PAIRS).map((which) => html`<button aria-keyshortcuts=${view.noKeys ? nothing : KEYS[which]} @click=${() => view.mark(pod, which)}>${PAIRS[which].does[PAIRS[which].holds(row) ? 1 : 0]}</button>`)}</span
      >
      <span role="group" aria-label=${t("Stage that you see")}
        >${STAGES.map((stage) => html`<button @click=${() => view.ask(pod, "stage", { stage }, t("{stage} called", { stage }))}>${stage}</button>`)}
        <button @click=${() => view.ask(pod, "stage", { stage: "" }, t("call taken back"))}>${t("no call")}</button></span
      >
      ${view.cues.length === 0 ? nothing : html`<span role="group" aria-label=${t("Cue now")}
        >${view.cues.map((/** @type {string} */ cue) => html`<button @click=${() => view.ask(pod, "cues", { cue }, t("{cue} asked for", { cue }))}>${t("{cue} now", { cue })}</button>`)}</span
      >`}
    </div>
    <form @submit=${(/** @type {SubmitEvent} */ event) => note(event, view, pod)}>
      <label for="note">${t("Note")}</label> <input id="note" name="text" maxlength="2000" autocomplete="off" />
      <button>${t("Write down")}</button>
    </form>
    <p><a href="/nights/${view.night}/beds/${pod}/talk">${t("Write to this bed, talk, or listen")}</a></p>`;
}

/** @param {SubmitEvent} event @param {any} view @param {string} pod */
async function note(event, view, pod) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  await view.ask(pod, "notes", { text: String(new FormData(form).get("text") ?? "") }, t("noted"));
  form.reset();
}
