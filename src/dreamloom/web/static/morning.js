// What happens to words that are not kept yet? They stay on this device until the house has them, and come back.
import { forgetPicture, picture } from "./morning_drawing.js";
import { remember, remembered } from "./pod_store.js";
import { t } from "./words.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
const state = /** @type {HTMLElement} */ (document.querySelector(".state"));
const text = form?.querySelector("textarea");
const { step, draft = "" } = document.querySelector("main")?.dataset ?? {};
/** Which report it is. */
const report = () => /** @type {HTMLInputElement} */ (form.elements.namedItem("report"));
/** Of this bed in this night alone: a device may pass from one sleeper to the next. @param {string} [of] */
const place = (of) => `dreamloom-draft-${draft}-${of}`;
const DRAFT = place(step);
const AGAIN_MS = 5000;

/** @typedef {{text: string, report: string, at: number}} Draft */

/** At once, through a reload. @returns {Draft | null} */
function noted() {
  try {
    return JSON.parse(localStorage.getItem(DRAFT) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} name @param {Draft | null} words */
function note(name, words) {
  try {
    if (words) localStorage.setItem(name, JSON.stringify(words));
    else localStorage.removeItem(name);
    return true;
  } catch {
    return false;
  }
}

/** On the disk, through whatever ends this browser. @param {string} name @param {Draft | null} words */
const store = (name, words) => remember(name, words).then(() => true, () => false);

/** @param {string} name */
const forget = async (name) => {
  note(name, null);
  await store(name, null);
};

let writing = Promise.resolve(true);
let at = 0;

/** Says what became of the words as they are now, once it is known. */
async function keep() {
  if (!text) return;
  const words = text.value ? { text: text.value, report: report().value, at: Date.now() } : null;
  const mine = ++at;
  const isNoted = note(DRAFT, words);
  writing = writing.then(() => (mine === at ? store(DRAFT, words) : true));
  const isStored = await writing;
  if (mine !== at) return;
  if (!words) state.textContent = "";
  else if (isStored || isNoted) state.textContent = t("Kept on this device until it is sent.");
  else state.textContent = t("This device is full: send it before you close the page.");
}

/** @param {HTMLTextAreaElement} where */
async function bringBack(where) {
  const stored = /** @type {Draft | null} */ (await remembered(DRAFT).catch(() => null));
  const before = [noted(), stored].reduce((one, other) => ((other?.at ?? 0) > (one?.at ?? 0) ? other : one));
  if (where.value) return keep(); // somebody was quicker than this script
  if (!before) return;
  where.value = before.text;
  report().value = before.report;
  state.textContent = t("These are your words from before; nothing is lost.");
}

/** Whether the picture that the house has is to go: what was chosen since is not sent, and stays. @param {HTMLElement | null} pressed */
const isWithout = (pressed) => pressed?.getAttribute("name") === "without";

/** Words alone, or words and a picture. @param {HTMLElement | null} pressed @param {File | null} given */
function said(pressed, given) {
  const all = new FormData(form, pressed);
  if (given) return all;
  all.delete("drawing");
  return new URLSearchParams(/** @type {[string, string][]} */ ([...all]));
}

/** Shows why not; a picture that may be sent again stays chosen, so its page stays. @param {string} page @param {File | null} given */
function refused(page, given) {
  const wrong = given && new DOMParser().parseFromString(page, "text/html").querySelector("main.morning > .wrong");
  if (wrong) {
    document.querySelector("main > .wrong")?.remove();
    document.querySelector("main")?.prepend(document.adoptNode(wrong));
    wrong.scrollIntoView({ block: "center" });
    return;
  }
  document.open();
  document.write(page);
  document.close();
}

/** @param {SubmitEvent} event */
async function send(event) {
  event.preventDefault();
  const pressed = /** @type {HTMLElement | null} */ (event.submitter);
  try {
    const given = isWithout(pressed) ? null : picture();
    const answer = await fetch(form.action, { method: "POST", body: said(pressed, given) });
    const isKept = answer.ok || answer.redirected;
    const isSettled = isKept || answer.headers.has("Picture-Refused");
    if (given && given === picture() && isSettled) await forgetPicture();
    if (isKept) {
      at += 1;
      await writing;
      if (!isWithout(pressed)) await forget(DRAFT);
      location.assign("/morning");
    } else {
      refused(await answer.text(), isSettled ? null : given);
    }
  } catch {
    await keep();
    state.textContent = t("No way to the house just now. Your words are kept here; it is sent when it is back.");
    sendAgain(pressed);
  }
}

/** Once: when the network is back, or a little later, for a house that was only started again. @param {HTMLElement | null} pressed */
function sendAgain(pressed) {
  const ended = new AbortController();
  const again = () => {
    ended.abort();
    clearTimeout(later);
    form.requestSubmit(pressed);
  };
  const later = setTimeout(again, AGAIN_MS);
  addEventListener("online", again, { signal: ended.signal });
}

/** Words that were spoken come to those that were typed; which language wrote them down goes with them. */
function put(/** @type {{text: string, language: string}} */ said) {
  if (!text) return;
  text.value = `${text.value.trim()}\n${said.text}`.trim();
  const mark = form.elements.namedItem("spoken") ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "spoken" }));
  /** @type {HTMLInputElement} */ (mark).value = said.language;
  const told = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=recall][value=content]"));
  if (told) told.checked = true;
  keep();
  text.focus();
}

if (text) {
  form.querySelector("dl-spoken")?.addEventListener("words", (event) => put(/** @type {CustomEvent} */ (event).detail));
  void bringBack(text);
  text.addEventListener("input", () => void keep());
  form.addEventListener("submit", (event) => void send(event));
} else {
  // A step further: the house has everything before it.
  for (const name of ["report", "more"]) if (name !== step) void forget(place(name));
}
