// How is something said in the language of this page? English is what is written in the code; the catalogue of another
// language has a text for each of them.

import { language, texts } from "/words.js";

const table = /** @type {Record<string, string>} */ (texts);

/**
 * The text in the language of the page, with what stands for each {name} in it.
 * @param {string} text as it stands in English
 * @param {Record<string, string | number>} [values]
 */
export function t(text, values = {}) {
  const said = table[text] ?? text;
  return said.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const numbers = new Map();

/** A number as this language writes it. @param {number} value @param {number} [digits] behind the point */
export function number(value, digits = 0) {
  if (!numbers.has(digits)) {
    numbers.set(digits, new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  }
  return numbers.get(digits).format(value);
}

const share = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });

/** Of 1. @param {number} value */
export const percent = (value) => share.format(value);

const two = new Intl.NumberFormat(language, { minimumIntegerDigits: 2, useGrouping: false });

/** Time of the night: hours, minutes, seconds since it began. @param {number} at_s */
export function clock(at_s) {
  const whole = Math.max(0, Math.floor(at_s));
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return `${number(hours)}:${two.format(minutes)}:${two.format(seconds)}`;
}

const lists = new Intl.ListFormat(language, { type: "conjunction" });

/** Several as one phrase. @param {string[]} names */
export const list = (names) => lists.format(names);

export { language };
