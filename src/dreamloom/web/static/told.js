// What the house says in English, in the language of the page: rows, needs and lines come from the record's own words.

import { t } from "./words.js";

const SHAPES = [
  "held: {why}", "silent for tonight: {why}", "{who} wrote a note", "{who} asked for {what}", "armed again ({who})",
  "{who} sees {what}", "{who}: {what}", "a signal of {who} waits for the gate here", "{what} heard", "{what} to {then}",
  "{who} hears this room", "{who} may be heard here", "{who} hears it no more", "{who} is heard no more", "{who} wrote to them",
].map((shape) => ({
  shape,
  names: [...shape.matchAll(/\{(\w+)\}/g)].map((found) => found[1]),
  reads: new RegExp(`^${shape.replace(/[()]/g, "\\$&").replace(/\{\w+\}/g, "(.+)")}$`),
}));

/** @param {string} text as the house says it @returns {string} */
export function tell(text) {
  const whole = t(text);
  if (whole !== text) return whole;
  for (const { shape, names, reads } of SHAPES) {
    const found = reads.exec(text);
    if (found !== null) return t(shape, Object.fromEntries(names.map((name, at) => [name, t(found[at + 1])])));
  }
  return text;
}
