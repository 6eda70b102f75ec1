// How does a passkey come in? The house says what to sign, the browser has it signed, the house looks at the answer.

import { t } from "./words.js";

/** @param {string} text */
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
/** @param {ArrayBuffer} buffer */
const letters = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** As the browser wants it: bytes where JSON has letters. @param {any} asked */
const asAsked = (asked) => ({
  ...asked,
  challenge: bytes(asked.challenge),
  ...(asked.user && { user: { ...asked.user, id: bytes(asked.user.id) } }),
  ...(asked.excludeCredentials && {
    excludeCredentials: asked.excludeCredentials.map((/** @type {any} */ each) => ({ ...each, id: bytes(each.id) })),
  }),
  ...(asked.allowCredentials && {
    allowCredentials: asked.allowCredentials.map((/** @type {any} */ each) => ({ ...each, id: bytes(each.id) })),
  }),
});

/** As the house wants it: letters where the browser has bytes. @param {any} found */
const asAnswered = (found) => {
  const response = /** @type {Record<string, string>} */ ({});
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (found.response[name]) response[name] = letters(found.response[name]);
  }
  return { id: found.id, rawId: letters(found.rawId), type: found.type, clientExtensionResults: {}, response };
};

/** @param {string} path @param {object} [words] */
const ask = async (path, words) => {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    ...(words && { body: JSON.stringify(words) }),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error([told.error.what, told.error.do].filter(Boolean).join(" "));
  return told;
};

/** @param {string} path @param {boolean} makes */
const comeIn = async (path, makes) => {
  const { ceremony, publicKey } = await ask(`${path}/options`);
  const asked = { publicKey: asAsked(publicKey) };
  const found = makes ? await navigator.credentials.create(asked) : await navigator.credentials.get(asked);
  return ask(path, { ceremony, credential: asAnswered(found) });
};

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-passkey]"));
const state = document.querySelector(".state");
const button = form?.querySelector("button");
if (form && state && button) {
  if (window.PublicKeyCredential === undefined) {
    state.textContent = t("This browser has no passkeys here: they need https, or this machine itself.");
  } else {
    button.disabled = false;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    state.textContent = t("Your device asks you now.");
    try {
      const told = await comeIn(form.dataset.passkey ?? "", form.dataset.make === "yes");
      state.textContent = t("You are in as {name}.", { name: told.name });
      location.assign(told.next);
    } catch (error) {
      const own = error instanceof DOMException;
      state.textContent = own ? t("Nothing was signed. Try again when you are ready.") : /** @type {Error} */ (error).message;
      button.disabled = false;
    }
  });
}
