// What is there to be seen right now? Sentences for a newcomer, each made of something that the night just recorded.

import { clock, t } from "./words.js";

const LEAST_MS = 5000;
const MOST_WAITING = 3;
const SURE = 0.8;
const CUED_IN = "R";

/**
 * @typedef {{at_s: number, pod: string, text: string, line?: number, key: string, matters?: boolean}} Sentence
 * @typedef {{type: string, pod: string | null, onset_s: number, [name: string]: any}} Happening
 */

/** Each kind of thing is told once, the first time that it happens. */
export class Guide {
  /** @param {(event: Happening) => number | undefined} lineOf in which line of what is played it stands */
  constructor(lineOf) {
    this.lineOf = lineOf;
    /** @type {Sentence[]} */
    this.said = [];
    /** @type {Sentence[]} */
    this.waiting = [];
    this.known = new Set();
    this.saidMs = -Infinity;
  }

  /** @param {Happening[]} events @param {Record<string, {sleeper: string}>} rows */
  hear(events, rows) {
    const name = (/** @type {string | null | undefined} */ pod) => rows[pod ?? ""]?.sleeper || pod || "";
    for (const event of events) {
      const found = this.sentence(event, name);
      if (found === null || this.known.has(found.key)) continue;
      this.known.add(found.key);
      this.waiting.push(found);
      if (this.waiting.length > MOST_WAITING) this.waiting.splice(this.waiting.findIndex((each) => !each.matters), 1);
    }
  }

  /** The sentence to be shown from now on, what matters before the rest; the one before is left for some seconds. @param {number} nowMs */
  next(nowMs) {
    if (this.waiting.length === 0 || nowMs - this.saidMs < LEAST_MS) return null;
    const first = Math.max(0, this.waiting.findIndex((each) => each.matters));
    const [sentence] = this.waiting.splice(first, 1);
    this.said = [...this.said, sentence];
    this.saidMs = nowMs;
    return sentence;
  }

  /** @param {Happening} event @param {(pod: string | null | undefined) => string} name @returns {Sentence | null} */
  sentence(event, name) {
    const who = name(event.pod);
    const say = (/** @type {string} */ key, /** @type {string} */ text, /** @type {object} */ more = {}) => ({
      key, text, at_s: event.onset_s, pod: event.pod ?? "", ...more,
    });
    switch (event.type) {
      case "NightOpened":
        return say("opened", t("Six beds. S01 is real recorded sleep, the others are simulated people. Every line below is what the night just recorded; nothing here needs you."), { matters: true });
      case "StageScored": {
        if (event.stage !== CUED_IN || event.confidence < SURE) return null;
        const line = this.lineOf({ ...event, type: "CueDue", part: 0 });
        return say("rem", t("{who} just entered REM. Watch line {line} of what is played: its chord waits until REM has held.", { who, line: line ?? "?" }), { line, matters: true });
      }
      case "CuePlayed":
        return this.played(event, who, say);
      case "CueWithheld":
        return event.reason === "STALE" ? null
          : say("withheld", t("At {who} a cue was due and did not sound. Each no is recorded with its reason; the row shows it.", { who }));
      case "ArousalSeen":
        return event.onset_s < 60 ? null
          : say("stirred", t("{who} stirs. A cue that sounds there fades within a tenth of a second, and then none comes for two minutes.", { who }));
      case "EyeSignalSeen":
        return event.status !== "confirmed" ? null
          : say("looked", t("{who} looked left-right-left-right, twice, in the middle of a dream: “I know that I dream.”", { who }), { matters: true });
      case "RelayOffered":
        return say("relay", t("That may reach {who} as a bell, by line {line}: each has named the other. It waits for {who}’s own REM.", { who, line: this.lineOf(event) ?? "?" }), { line: this.lineOf(event), matters: true });
      case "StreamLost":
        return say("lost", t("{who}’s headband sends nothing. Silence there, at once; the other beds go on.", { who }), { matters: true });
      case "StreamFound":
        return say("found", t("{who} is seen again. The guardian lets cues back once the signal has been good for a minute.", { who }));
      case "ConsentWithdrawn":
        return say("withdrew", t("{who} withdraws. From this second on nothing sounds there, and nothing from there reaches anybody.", { who }), { matters: true });
      case "NightClosed":
        return say("closed", t("The night is over at {time}. Its record is verified, and its morning page written.", { time: clock(event.onset_s) }), { matters: true });
      default:
        return null;
    }
  }

  /** @param {Happening} event @param {string} who @param {(key: string, text: string, more?: object) => Sentence} say */
  played(event, who, say) {
    if (event.cue === "bell") return say("bell", t("{who} hears the bell: what another dreamer signalled has arrived.", { who }), { matters: true });
    const line = this.lineOf({ ...event, type: "CueDue", part: 0 });
    return say("cue", t("A chord sounds softly at {who}, by line {line}. It may not be louder than 45 dB(A).", { who, line: line ?? "?" }), { line, matters: true });
  }
}
