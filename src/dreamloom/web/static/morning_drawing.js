// What has somebody chosen to go with their words? Shown before it is sent, kept on this device until the house has it.
import { remember, remembered } from "./pod_store.js";
import { t } from "./words.js";

const field = /** @type {HTMLInputElement | null} */ (document.querySelector("input[type=file][name=drawing]"));
const chosen = /** @type {HTMLElement | null} */ (document.querySelector(".chosen"));
const { step, draft = "" } = document.querySelector("main")?.dataset ?? {};
const PLACE = `dreamloom-draft-${draft}-${step}-drawing`;
const WIDTH_PX = 640;

/** The picture that is chosen now. */
export const picture = () => field?.files?.[0] ?? null;

/** Nothing of it stays on this device: the house has it, or cannot take it. */
export const forgetPicture = () => remember(PLACE, null).catch(() => null);

/** A reader of this format may be missing here and there in the house: then only its name is told. @param {File} file */
async function drawn(file) {
  const canvas = document.createElement("canvas");
  try {
    const bitmap = await createImageBitmap(file, { resizeWidth: WIDTH_PX });
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    bitmap.close();
  } catch {
    return null;
  }
  canvas.className = "drawing";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", t("What you chose"));
  return canvas;
}

/** @param {string} kept */
async function show(kept) {
  const file = picture();
  if (!chosen) return;
  if (!file) return chosen.replaceChildren();
  const seen = await drawn(file);
  if (file !== picture()) return;
  const state = Object.assign(document.createElement("p"), { className: "small", textContent: kept });
  const not = Object.assign(document.createElement("button"), { type: "button", textContent: t("Not this one") });
  not.addEventListener("click", () => void drop());
  chosen.replaceChildren(...(seen ? [seen] : []), state, not);
}

async function drop() {
  if (field) field.value = "";
  await forgetPicture();
  await show("");
  field?.focus();
}

async function choose() {
  const file = picture();
  const isKept = await remember(PLACE, file).then(() => true, () => false);
  if (file === picture()) await show(isKept ? t("Kept on this device until it is sent.") : t("This device is full: send it before you close the page."));
}

/** Behind a reload: what was chosen before is chosen again, unless somebody was quicker. @param {HTMLInputElement} where */
async function bringBack(where) {
  const kept = await remembered(PLACE).catch(() => null);
  if (picture()) return choose();
  if (!(kept instanceof File)) return;
  const again = new DataTransfer();
  again.items.add(kept);
  where.files = again.files;
  await show(t("Kept on this device until it is sent."));
}

if (field) {
  field.addEventListener("change", () => void choose());
  void bringBack(field);
}
