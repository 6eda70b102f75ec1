// The words around what is written between a bed and whoever is awake.

export const TALK = {
  write: "Write",
  waiting: "Somebody wrote",
  title: "Whoever is awake reads this",
  none: "Nothing was written yet.",
  you: "you",
  yours: "Your words",
  send: "Send",
  back: "Back",
  sent: "Sent.",
  notSent: "Not sent: the house cannot be reached. Try again.",
  nobody: "Not sent: the night does not run. Call out, or go to the door.",
};
