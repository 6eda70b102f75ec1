// Why is nobody heard any more, or was not let through?

import { t } from "./words.js";

const ENDS = () => ({
  CLOSED: t("Ended."),
  SLEEPER: t("Ended at the bed."),
  WITHDRAWN: t("Ended: somebody in the room said no."),
  NO_CONSENT: t("Ended: a consent that it needs does not hold any more."),
  ASLEEP: t("Ended: somebody in the room may have fallen asleep."),
  NO_SOUND: t("Ended: this bed was told to be without any sound."),
  TIME: t("Ended by itself after two minutes."),
  LOST: t("The line dropped: nobody is heard any more."),
  NIGHT_OVER: t("Ended: the night is over."),
  NOT_READY: t("The bed's page cannot do that now: it is not open, its sound is not unlocked, or it has no microphone."),
});

/** @param {string} why */
export const endInWords = (why) => /** @type {Record<string, string>} */ (ENDS())[why] ?? t("Ended.");

const REFUSED = () => ({
  "DL-E507": t("The night does not run, so that nothing would be written down. Go to the bed."),
  "DL-E770": t("Not everybody in the room agreed to this. Go there."),
  "DL-E771": t("Somebody in the room said no to everything tonight. Go there."),
  "DL-E772": t("Nobody knows that everybody in the room is awake. Write, or choose to talk although they may sleep."),
  "DL-E774": t("The night did not write it down in time. Nothing was heard; look whether it runs."),
  "DL-E775": t("Somebody is heard in this room already. One at a time."),
  "DL-E776": t("Whoever is blinded does not listen to a room: cues can be heard in it."),
});

/** @param {{code: string, what: string, do: string}} error */
export const refusalInWords = (error) => {
  if (error.code === "DL-E773") return endInWords("NOT_READY");
  return /** @type {Record<string, string>} */ (REFUSED())[error.code] ?? `${error.what} ${error.do}`.trim();
};
