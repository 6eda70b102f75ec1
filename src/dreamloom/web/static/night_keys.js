// What does a single key do in the night view? Each also has its button; whoever wants none has none.

import { html } from "lit";
import { t } from "./words.js";

const NO_KEYS = "dreamloom-no-keys";
const WRITTEN_IN = ["INPUT", "TEXTAREA", "SELECT"];

/** Whether this browser wants letters to act. */
export const mayAct = () => localStorage.getItem(NO_KEYS) === null;

/** Whoever speaks to a computer or leans on it may not want letters to act. @param {boolean} act */
export function letAct(act) {
  if (act) localStorage.removeItem(NO_KEYS);
  else localStorage.setItem(NO_KEYS, "1");
}

/** Does what the key means, unless somebody writes. @param {KeyboardEvent} event @param {any} view */
export function press(event, view) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (view.noKeys || event.ctrlKey || event.altKey || event.metaKey) return;
  if (WRITTEN_IN.includes(target.tagName) && /** @type {HTMLInputElement} */ (target).type !== "range") return;
  const act = meanings(view)[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}

/** @param {any} view @returns {Record<string, () => void>} */
function meanings(view) {
  const beds = view.beds;
  const at = beds.indexOf(view.chosen);
  const demo = view.querySelector("dl-demo");
  return {
    j: () => (view.chosen = beds[Math.min(at + 1, beds.length - 1)] ?? ""),
    k: () => (view.chosen = beds[Math.max(at - 1, 0)] ?? ""),
    f: () => view.lookAt(view.chosen),
    s: () => view.hold(view.chosen, "SOFTEN"),
    h: () => view.hold(view.chosen, "HOLD"),
    x: () => view.hold(view.chosen, "ISOLATE"),
    l: () => view.hold(view.chosen, "NONE"),
    v: () => view.mark(view.chosen, "company"),
    d: () => view.mark(view.chosen, "lights"),
    o: () => view.mark(view.chosen, "bed"),
    q: () => view.hold("all", "FADE"),
    b: () => view.look(null),
    n: () => view.querySelector("#note")?.focus(),
    "?": () => (view.keys = !view.keys),
    ...(demo === null ? {} : { "-": () => demo.step(-1), "+": () => demo.step(1), p: () => demo.pause() }),
  };
}

/** @param {any} view */
export function keyList(view) {
  const keys = [
    ["j k", t("next and previous bed")],
    ["f", t("look closer")],
    ["s", t("softer")],
    ["h", t("hold: no cue")],
    ["x", t("stop: no sound")],
    ["l", t("let go")],
    ["v", t("private, or among others again")],
    ["d", t("lights off, or on")],
    ["o", t("out of bed, or back")],
    ["q", t("fade every bed")],
    ["n", t("note")],
    ["b", t("back from the past")],
    ["?", t("this list")],
    ...(view.isDemo ? [["- +", t("the demo slower, faster")], ["p", t("the demo still, or on")]] : []),
  ];
  return html`<section aria-label=${t("Keys")}>
    <dl class="keys">${keys.map(([key, text]) => html`<dt>${key}</dt><dd>${text}</dd>`)}</dl>
    <button @click=${() => view.toggleKeys()}>${view.noKeys ? t("Let single keys act") : t("Let no single key act")}</button>
  </section>`;
}
