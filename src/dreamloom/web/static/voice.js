// Talking to a bed, or listening to its room: opened by a person, told at the bed all the while, over by itself.

import { LitElement, html, nothing } from "lit";
import { endInWords, refusalInWords } from "./voice_ends.js";
import { hear, isAble, sound } from "./voice_sound.js";
import { number, t } from "./words.js";

const SILENT_MS = 2500;

class AcrossTheWall extends LitElement {
  static properties = {
    night: { type: String },
    pod: { type: String },
    state: { state: true },
    way: { state: true },
    held: { state: true },
    leftS: { state: true },
    hint: { state: true },
  };

  constructor() {
    super();
    this.night = "";
    this.pod = "";
    /** @type {"" | "opening" | "open"} */
    this.state = "";
    this.way = "talk";
    this.held = false;
    this.leftS = 0;
    this.hint = "";
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {(() => void)[]} */
    this.endings = [];
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.end("");
  }

  /** @param {"talk" | "listen"} way */
  async open(way) {
    if (this.state !== "") return;
    if (!isAble()) {
      this.hint = t("This address is not secure, so that no voice passes it. Open it over https.");
      return;
    }
    this.way = way;
    this.state = "opening";
    this.hint = t("The record is told of it first …");
    this.context = new AudioContext({ latencyHint: "interactive" });
    await this.context.resume();
    const chosen = /** @type {HTMLInputElement | null} */ (this.querySelector("input[name=although]"))?.checked;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const asked = `way=${way}${chosen ? "&although=asleep" : ""}`;
    const socket = new WebSocket(`${scheme}://${location.host}/live/nights/${this.night}/beds/${this.pod}/voice?${asked}`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.told(JSON.parse(data)) : this.ear?.take(data));
    socket.onclose = () => {
      if (socket === this.socket) this.end(t("The line dropped: nobody is heard any more."));
    };
  }

  /** @param {any} word */
  told(word) {
    this.heardMs = performance.now();
    if (word.t === "open") void this.begin();
    if (word.t === "standing") this.leftS = Math.max(0, Math.round(word.left_s));
    if (word.t === "over") this.end(endInWords(word.why));
    if (word.t === "wrong") this.end(t("Ended."));
    if (word.t === "refused") this.end(refusalInWords(word.error));
  }

  async begin() {
    const [socket, context] = [this.socket, this.context];
    if (socket === null || context === null) return;
    const ending = await this.carry(socket, context).catch(() => null);
    if (socket !== this.socket) {
      ending?.();
      return;
    }
    if (ending === null) {
      this.end(t("This browser was not allowed a microphone."));
      return;
    }
    this.endings.push(ending);
    this.state = "open";
    this.hint = "";
    this.watching = setInterval(() => {
      if (performance.now() - (this.heardMs ?? 0) > SILENT_MS) this.end(t("The line dropped: nobody is heard any more."));
    }, 250);
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector("button.hold, button.end"))?.focus();
  }

  /** @param {WebSocket} socket @param {AudioContext} context */
  async carry(socket, context) {
    if (this.way === "talk") {
      return hear(context, (frame) => this.held && socket.readyState === WebSocket.OPEN && socket.send(frame), true);
    }
    this.ear = await sound(context, context.destination, 1);
    return this.ear.end;
  }

  /** @param {string} hint */
  end(hint) {
    const socket = this.socket;
    this.socket = null;
    clearInterval(this.watching);
    for (const ending of this.endings) ending();
    this.endings = [];
    this.ear = undefined;
    void this.context?.close();
    this.context = null;
    if (socket !== null) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ t: "enough" }));
      socket.close();
    }
    this.held = false;
    this.state = "";
    if (hint !== "") this.hint = hint;
  }

  /** @param {KeyboardEvent} event @param {boolean} down */
  key(event, down) {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    this.held = down;
  }

  closed() {
    return html`<div class="buttons">
        <button @click=${() => this.open("talk")} ?disabled=${this.state !== ""}>${t("Talk to this bed")}</button>
        <button @click=${() => this.open("listen")} ?disabled=${this.state !== ""}>${t("Listen to this room")}</button>
        ${this.state === "opening" ? html`<button class="end" @click=${() => this.end(t("Ended."))}>${t("Leave it")}</button>` : nothing}
      </div>
      <label class="although"><input type="checkbox" name="although" />
        ${t("Talk although somebody in the room may sleep. It may wake them, and they are told.")}</label>`;
  }

  opened() {
    const left = t("over by itself in {seconds} s", { seconds: number(this.leftS) });
    const hold = html`<button class="hold" aria-pressed=${this.held}
        @pointerdown=${(/** @type {PointerEvent} */ event) => this.press(event)}
        @pointerup=${() => (this.held = false)} @pointercancel=${() => (this.held = false)} @blur=${() => (this.held = false)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.key(event, true)}
        @keyup=${(/** @type {KeyboardEvent} */ event) => this.key(event, false)}>
        ${this.held ? t("You are heard") : t("Hold to talk")}</button>`;
    return html`<p class="open"><strong>${this.way === "talk" ? t("The bed can hear you while you hold.") : t("You hear this room. Its page says so.")}</strong>
        <small>${left}</small></p>
      <div class="buttons">${this.way === "talk" ? hold : nothing}
        <button class="end" @click=${() => this.end(t("Ended."))}>${t("End it")}</button></div>`;
  }

  /** @param {PointerEvent} event */
  press(event) {
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.held = true;
  }

  render() {
    return html`<section class="voice" aria-label=${t("By voice")}>
      ${this.state === "open" ? this.opened() : this.closed()}
      <p role="status">${this.hint}</p>
    </section>`;
  }
}

customElements.define("dl-voice", AcrossTheWall);
