// The words around a voice across the wall.

import { t } from "./words.js";

export const VOICE = {
  listens: t("hears this room now."),
  talks: t("speaks to you."),
  enough: t("End it"),
  mayBeHeard: t("You agreed that whoever is awake may hear this room. It always stands here while they do."),
  allow: t("Allow the microphone"),
  allowed: t("Allowed. Nobody hears anything now."),
  denied: t("Not allowed by this phone. Nobody can hear this room through it."),
};
