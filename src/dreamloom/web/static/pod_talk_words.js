// The words around what is written between a bed and whoever is awake.

import { t } from "./words.js";

export const TALK = {
  write: t("Write"),
  waiting: t("Somebody wrote"),
  title: t("Whoever is awake reads this"),
  none: t("Nothing was written yet."),
  you: t("you"),
  voices: t("Voices tonight"),
  spoke: t("spoke here"),
  heardYou: t("heard this room"),
  maySleep: t("and you may have slept"),
  ofNight: t("of the night"),
  yours: t("Your words"),
  send: t("Send"),
  back: t("Back"),
  sent: t("Sent."),
  notSent: t("Not sent: the house cannot be reached. Try again."),
  many: t("Not sent: too many lines within a minute. Wait a minute, call out, or go to the door."),
  nobody: t("Not sent: the night does not run. Call out, or go to the door."),
};
