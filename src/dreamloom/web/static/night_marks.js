// What does a person say of a bed that then holds until it is said otherwise? Private, lights, out of bed: pairs of words.

import { t } from "./words.js";

/**
 * For each pair: whether the first of the two holds at a bed, the words that the night takes, what the button says that
 * would say it or take it back, and what is told once it is left there.
 * @type {Record<string, {holds: (row: any) => boolean, marks: string[], does: string[], told: string[]}>}
 */
export const PAIRS = {
  company: {
    holds: (row) => row.apart,
    marks: ["private", "shared"],
    does: [t("Private"), t("Among others")],
    told: [t("private asked for"), t("among others asked for")],
  },
  lights: {
    holds: (row) => row.lights === "off",
    marks: ["lights-off", "lights-on"],
    does: [t("Lights off"), t("Lights on")],
    told: [t("lights off said"), t("lights on said")],
  },
  bed: {
    holds: (row) => row.out_of_bed,
    marks: ["out-of-bed", "back-in-bed"],
    does: [t("Out of bed"), t("Back in bed")],
    told: [t("out of bed said"), t("back in bed said")],
  },
};

/** The word that a press means at this bed, and what is told of it. @param {string} which @param {any} row */
export function wordOf(which, row) {
  const pair = PAIRS[which];
  const at = pair.holds(row) ? 1 : 0;
  return { mark: pair.marks[at], told: pair.told[at] };
}
