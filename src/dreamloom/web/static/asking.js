// What is asked of a bed? One request each; the night decides, and its record tells what became of it.

import { t } from "./words.js";

/**
 * @param {string} night
 * @param {string} pod
 * @param {"held" | "stage" | "notes" | "cues" | "seen" | "marks"} what
 * @param {object} words
 * @returns {Promise<string>} what went wrong, in words; empty where nothing did
 */
export async function ask(night, pod, what, words) {
  try {
    const answer = await fetch(`/api/nights/${night}/beds/${pod}/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(words),
    });
    if (answer.ok) return "";
    const { error } = await answer.json();
    return [error.what, error.do].filter(Boolean).join(" ");
  } catch {
    return t("The page cannot reach the night. Use the terminal: dreamloom now stop NIGHT all --by NAME");
  }
}
