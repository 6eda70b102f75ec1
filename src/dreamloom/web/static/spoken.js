// Telling by voice: recorded here and kept here. Where the house can write it down, its words come back to be corrected
// before anything is kept of them; the sound stays on this device, and is deleted by whoever spoke.

import { LitElement, html, nothing } from "lit";
import { asWav, canRecord, play, record } from "./spoken_sound.js";
import { add, forget, note, recordings, whole } from "./spoken_store.js";
import { t } from "./words.js";

const AGAIN_MS = 15000;
const MOST_S = 600;

/** @typedef {import("./spoken_store.js").Recording} Recording */

const freshId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {number} seconds */
const length = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

class Spoken extends LitElement {
  static properties = {
    list: { state: true },
    going: { state: true },
    hint: { state: true },
    playing: { state: true },
    sure: { state: true },
    writes: { state: true },
    sending: { state: true },
  };

  constructor() {
    super();
    /** @type {Recording[]} */
    this.list = [];
    /** @type {Recording | null} */
    this.going = null;
    this.hint = "";
    this.playing = "";
    this.sure = "";
    this.sending = "";
    /** @type {boolean | null} null: nobody knows yet */
    this.writes = null;
  }

  createRenderRoot() {
    this.replaceChildren();
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    void this.look();
    this.again = setInterval(() => this.send(), AGAIN_MS);
    this.online = () => void this.send();
    addEventListener("online", this.online);
    this.leaving = (/** @type {Event} */ event) => {
      if (this.going !== null) event.preventDefault();
    };
    addEventListener("beforeunload", this.leaving);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.again);
    if (this.online) removeEventListener("online", this.online);
    if (this.leaving) removeEventListener("beforeunload", this.leaving);
    void this.stop();
  }

  async look() {
    this.list = await recordings().catch(() => []);
    await this.send();
  }

  async begin() {
    if (this.going !== null) return;
    this.hint = "";
    /** @type {Recording} */
    const recording = { id: freshId(), at: new Date().toISOString(), type: "", seconds: 0, text: "", language: "", wanted: false, used: false };
    try {
      this.recorder = await record((piece) => this.keep(piece));
    } catch {
      this.hint = t("This device did not allow its microphone.");
      return;
    }
    this.going = { ...recording, type: this.recorder.type };
    await note(this.going).catch(() => this.full());
  }

  /** @param {ArrayBuffer} piece */
  async keep(piece) {
    if (this.going === null) return;
    try {
      await add(this.going, piece);
      this.going = { ...this.going, seconds: this.going.seconds + 1 };
      if (this.going.seconds >= MOST_S) void this.stop();
    } catch {
      this.full();
      void this.stop();
    }
  }

  full() {
    this.hint = t("This device is full: what is recorded from here on is not kept. Type it.");
  }

  async stop() {
    const recorder = this.recorder;
    this.recorder = undefined;
    await recorder?.end();
    this.going = null;
    await this.look();
  }

  /** @param {Recording} recording @param {Partial<Recording>} change */
  async change(recording, change) {
    await note({ ...recording, ...change }).catch(() => this.full());
    this.list = await recordings().catch(() => this.list);
  }

  /** @param {Recording} recording */
  async listen(recording) {
    if (this.playing !== "") {
      this.ending?.();
      return;
    }
    this.playing = recording.id;
    this.ending = await play(await whole(recording), () => (this.playing = "")).catch(() => {
      this.playing = "";
      this.hint = t("This recording cannot be played here. Keep it as a file.");
      return undefined;
    });
  }

  /** @param {Recording} recording */
  async download(recording) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await whole(recording));
    const ending = recording.type.includes("mp4") ? "m4a" : recording.type.includes("ogg") ? "ogg" : "webm";
    link.download = `recording-${recording.at.slice(0, 16).replace(/[:T]/g, "-")}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  /** @param {Recording} recording */
  async discard(recording) {
    if (this.sure !== recording.id) {
      this.sure = recording.id;
      return;
    }
    this.sure = "";
    await forget(recording.id);
    await this.look();
  }

  /** Asks for the words of whatever waits for them; away is away, and it is asked again. */
  async send() {
    if (this.writes === null) {
      const answer = await fetch("/api/pod/speech").catch(() => null);
      if (answer?.ok) this.writes = (await answer.json()).writes_down;
    }
    const waiting = this.list.find((each) => each.wanted && each.text === "");
    if (waiting === undefined || this.sending !== "") return;
    this.sending = waiting.id;
    try {
      await this.ask(waiting);
    } catch {
      this.hint = t("The house cannot be reached. It is written down once it can; the recording is kept here.");
    } finally {
      this.sending = "";
    }
  }

  /** @param {Recording} recording */
  async ask(recording) {
    const body = await asWav(await whole(recording));
    const answer = await fetch("/api/pod/speech", { method: "POST", headers: { "Content-Type": "audio/wav" }, body });
    const told = await answer.json();
    if (!answer.ok) {
      this.hint = t("The house could not write it down. Listen to it, and type.");
      await this.change(recording, { wanted: false });
      return;
    }
    this.hint = told.text === "" ? t("No words were understood. Listen to it, and type.") : t("Written down. Put it in, read it, and correct it.");
    await this.change(recording, { wanted: false, text: told.text, language: told.language });
  }

  /** @param {Recording} recording */
  async want(recording) {
    this.hint = "";
    await this.change(recording, { wanted: true });
    await this.send();
  }

  /** @param {Recording} recording */
  async use(recording) {
    this.dispatchEvent(new CustomEvent("words", { detail: { text: recording.text, language: recording.language }, bubbles: true }));
    this.hint = t("It stands among your words. Correct it before you keep it.");
    await this.change(recording, { used: true });
  }

  /** @param {Recording} recording */
  row(recording) {
    const { id, text, wanted, used } = recording;
    const at = new Date(recording.at);
    const clock = `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
    const words = text !== ""
      ? html`<button type="button" @click=${() => this.use(recording)}>${used ? t("Put it in again") : t("Put it in")}</button>`
      : this.writes
        ? html`<button type="button" ?disabled=${wanted} @click=${() => this.want(recording)}>${wanted ? t("Waits to be written down") : t("Write it down")}</button>`
        : nothing;
    return html`<li><span>${t("Spoken at {clock}, {length}", { clock, length: length(recording.seconds) })}</span>
      ${text === "" ? nothing : html`<q>${text}</q>`}
      <span class="spoken-buttons">${words}
        <button type="button" @click=${() => this.listen(recording)}>${this.playing === id ? t("Stop listening") : t("Listen")}</button>
        <button type="button" @click=${() => this.download(recording)}>${t("Keep as a file")}</button>
        <button type="button" @click=${() => this.discard(recording)}>${this.sure !== id ? t("Delete") : used ? t("Press again to delete") : t("Its words were not told. Press again to delete")}</button>
      </span></li>`;
  }

  render() {
    if (!canRecord()) return html`<p class="small">${t("This address is not secure, so that nothing can be recorded. Type it.")}</p>`;
    const begun = this.going !== null;
    return html`<section class="spoken" aria-label=${t("By voice")}>
      <button type="button" class="wide" aria-pressed=${begun} @click=${() => (begun ? this.stop() : this.begin())}>
        ${begun ? t("Stop recording, {length}", { length: length(this.going?.seconds ?? 0) }) : t("Tell it by voice")}
      </button>
      <p class="small">${this.writes === false
        ? t("It stays on this device. This house cannot write it down: listen to it, and type.")
        : t("It stays on this device. To be written down it is sent to the house's own machine, which keeps none of it.")}</p>
      <p role="status">${this.hint}</p>
      ${this.list.length === 0 ? nothing : html`<ul class="spoken-list">${this.list.filter((each) => each.id !== this.going?.id).map((each) => this.row(each))}</ul>`}
    </section>`;
  }
}

customElements.define("dl-spoken", Spoken);

