// What stands around the beds? The bar with its emergency words, the slider through the night, needs, and the lanes.

import { html, nothing } from "lit";
import { byPriority, mark } from "./night_rows.js";
import { tell } from "./told.js";
import { clock, number, t } from "./words.js";

const LANES = ["cues", "stages", "alarms", "relay", "people"];
const LINES = 6;
const CALLING = new Set(["high", "medium"]);
const MOMENT_STEP_S = 30;
const QUIET_S = 1200;

/** As the pager has it: lights are on, or somebody is up, and not for longer than that. @param {any} row @param {any} view */
const isQuiet = (row, view) => row.quiet !== "" && (view.moment ?? view.now) - row.quiet_since_s < QUIET_S;

/** @param {any} view */
export function bar(view) {
  return html`<header class="bar">
    <h1>${view.night}</h1>
    <p>
      ${view.ofHouse ? html`<a href="/nights">${t("all nights")}</a> · ` : nothing}<time>${clock(view.moment ?? view.now)}</time> · ${t("{count} beds", { count: number(view.beds.length) })} · ${t(view.status || "not begun")}
      ${view.seesAs === "blinded" ? html` · <strong>${t("blinded")}</strong>: ${t("arms are sealed")}` : nothing} · ${t("not a medical device")} ·
      <a href="/nights/${view.night}/evening">${t("evening check")}</a> · <a href="/nights/${view.night}/handover">${t("hand-over")}</a> ${duty(view)}
    </p>
    <button aria-expanded=${view.keys} @click=${() => (view.keys = !view.keys)}>${t("Keys")}</button>
    ${view.mayAsk ? controls(view) : nothing}
  </header>`;
}

/** @param {any} view */
function duty({ staff, unattended }) {
  if (staff.length === 0) return nothing;
  const names = staff.join(", ");
  return html`· ${unattended ? t("Nobody is awake here; {names} can be reached", { names }) : t("On duty: {names}", { names })}`;
}

/** @param {any} view */
function controls(view) {
  return html`<div class="controls">
    <button @click=${() => view.hold("all", "NONE")}>${t("Let all go")}</button>
    <button @click=${() => view.hold("all", "HOLD")}>${t("Hold all")}</button>
    <button aria-keyshortcuts=${view.noKeys ? nothing : "q"} @click=${() => view.hold("all", "FADE")}>${t("Fade all")} <small>10 s</small></button>
    <button class="stop" @click=${() => view.hold("all", "ISOLATE")}>${t("Stop all")}</button>
    <button class="wake" @click=${() => view.twice("wake", () => view.hold("all", "WAKE"))}>
      ${view.sure === "wake" ? t("Press again to wake everyone") : t("Wake everyone")}
    </button>
  </div>`;
}

/** @param {any} view */
export function moments(view) {
  const last = Math.floor(view.now);
  const newest = view.isOver ? t("end") : t("present");
  return html`<div class="moments ${view.moment === null ? "" : "past"}">
    <label for="moment">${t("Moment of the night")}</label>
    <input id="moment" type="range" min="0" max=${last} step=${MOMENT_STEP_S} .value=${String(view.moment ?? last)}
      aria-valuetext=${clock(view.moment ?? last)}
      @input=${(/** @type {InputEvent} */ event) => view.look(Number(/** @type {HTMLInputElement} */ (event.target).value))} />
    <output for="moment">${view.moment === null ? newest : clock(view.moment)}</output>
    ${view.moment === null ? nothing : html`<button @click=${() => view.look(null)}>${view.isOver ? t("Back to the end") : t("Back to the present")}</button>`}
  </div>`;
}

/** @param {any} view */
export function needs(view) {
  const shown = view.shown;
  const found = Object.keys(shown).flatMap((pod) => shown[pod].needs.map((/** @type {any} */ need) => ({ pod, need })));
  found.sort(byPriority);
  return html`<section class="needs" aria-label=${t("Needs you")}>
    <h2>${t("Needs you ({count})", { count: number(found.length) })}</h2>
    ${found.length === 0
      ? html`<p class="dim">${t("Nobody needs anybody.")}</p>`
      : html`<ul>
          ${found.map(
            ({ pod, need }) => html`<li class=${isQuiet(shown[pod], view) ? "quiet" : need.priority}>
              <span aria-hidden="true">${mark(need.priority)}</span>
              <strong>${t(need.priority)}</strong> ${pod} ${shown[pod].sleeper} · ${tell(need.text)} · ${t("since {time}", { time: clock(need.since_s) })}
              ${isQuiet(shown[pod], view) ? html`<span>· ${t("calls nobody: {why}", { why: t(shown[pod].quiet) })}</span>` : nothing}
              ${need.seen_by ? html`<span>· ${t("{by} looks after it", { by: need.seen_by })}</span>` : nothing}
              <button @click=${() => (view.focused = pod)}>${t("Look")}</button>
              ${view.mayAsk && !need.seen_by && CALLING.has(need.priority)
                ? html`<button @click=${() => view.ask(pod, "seen", { need: need.key }, t("looked after"))}>${t("I look after it")}</button>`
                : nothing}
            </li>`,
          )}
        </ul>`}
  </section>`;
}

/** @param {any[]} said */
export function lanes(said) {
  return html`<div class="lanes">
    ${LANES.map(
      (lane) => html`<section aria-label=${t(lane)}>
        <h2>${t(lane)}</h2>
        <div role="log" aria-live=${lane === "alarms" ? "assertive" : "off"}>
          <ol>
            ${said
              .filter((line) => line.lane === lane)
              .slice(-LINES)
              .reverse()
              .map((line) => html`<li><time>${clock(line.at_s)}</time> ${line.pod} ${tell(line.text)}</li>`)}
          </ol>
        </div>
      </section>`,
    )}
  </div>`;
}
