// What happens to words that are not kept yet? They stay on this device until the house has them, and come back.
const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
const state = /** @type {HTMLElement} */ (document.querySelector(".state"));
const text = form?.querySelector("textarea");
const { step, draft = "" } = document.querySelector("main")?.dataset ?? {};
/** Which report it is. */
const report = () => /** @type {HTMLInputElement} */ (form.elements.namedItem("report"));
/** Of this bed in this night alone: a device may pass from one sleeper to the next. @param {string} [of] */
const place = (of) => `dreamloom-draft-${draft}-${of}`;
const DRAFT = place(step);

function kept() {
  try {
    return JSON.parse(localStorage.getItem(DRAFT) ?? "null");
  } catch {
    return null;
  }
}

function keep() {
  if (!text) return;
  try {
    if (text.value) localStorage.setItem(DRAFT, JSON.stringify({ text: text.value, report: report().value }));
    else localStorage.removeItem(DRAFT);
    state.textContent = text.value ? "Kept on this device until it is sent." : "";
  } catch {
    state.textContent = "This device is full: send it before you close the page.";
  }
}

if (text) {
  const before = kept();
  if (before && !text.value) {
    text.value = before.text;
    report().value = before.report;
    state.textContent = "These are your words from before; nothing is lost.";
  }
  text.addEventListener("input", keep);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = /** @type {[string, string][]} */ ([...new FormData(form, event.submitter)]);
    const words = new URLSearchParams(told);
    try {
      const answer = await fetch(form.action, { method: "POST", body: words });
      if (answer.ok || answer.redirected) {
        localStorage.removeItem(DRAFT);
        location.assign("/morning");
      } else {
        document.open();
        document.write(await answer.text());
        document.close();
      }
    } catch {
      keep();
      state.textContent = "No way to the house just now. Your words are kept here; it is sent when it is back.";
      addEventListener("online", () => form.requestSubmit(event.submitter), { once: true });
    }
  });
} else {
  // A step further: the house has everything before it.
  for (const name of ["report", "more"]) if (name !== step) localStorage.removeItem(place(name));
}
