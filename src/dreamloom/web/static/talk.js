// What is written at a bed and to it: the list goes on by itself, and a line is sent without loading the page.

import { clock, t } from "./words.js";

const EVERY_MS = 2000;
const list = /** @type {HTMLOListElement} */ (document.querySelector("ol.talk"));
const form = /** @type {HTMLFormElement} */ (document.querySelector("form[method=post]"));
const field = /** @type {HTMLTextAreaElement} */ (document.querySelector("#text"));
const state = /** @type {HTMLElement} */ (document.querySelector(".state"));
const path = list.dataset.talk ?? "";
let shown = list.querySelectorAll("li:not(.none)").length;

/** @param {string} name @param {string} text */
const element = (name, text) => {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
};

/** @param {{at_s: number, by: string, toward: string, text: string}} line */
const item = (line) => {
  const made = document.createElement("li");
  made.className = line.toward;
  const who = line.toward === "bed" ? line.by : list.dataset.pod ?? "";
  made.append(element("time", clock(line.at_s)), " ", element("strong", who), " ", element("span", line.text));
  return made;
};

const look = async () => {
  const answer = await fetch(path, { headers: { accept: "application/json" } }).catch(() => null);
  if (answer === null || !answer.ok) {
    state.textContent = t("The house cannot be reached. What is above may be old.");
    return;
  }
  const lines = await answer.json();
  if (lines.length === shown && lines.length > 0 === (list.querySelector(".none") === null)) return;
  shown = lines.length;
  list.replaceChildren(...lines.map(item));
  state.textContent = "";
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (text === "") return;
  const words = { method: "POST", headers: { "content-type": "application/json", accept: "application/json" }, body: JSON.stringify({ text }) };
  const answer = await fetch(path, words).catch(() => null);
  if (answer?.ok) {
    field.value = "";
    state.textContent = t("Sent. It stands above once the night has it.");
  } else {
    const told = await answer?.json().catch(() => null);
    state.textContent = told ? `${told.error.what} ${told.error.do}`.trim() : t("The house cannot be reached. Your words are still here.");
  }
});
setInterval(look, EVERY_MS);
