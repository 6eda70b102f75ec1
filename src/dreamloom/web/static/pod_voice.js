// Somebody across the wall: heard here, or hearing this room. It stands on this page all the while; whatever drops ends it.

import { html, nothing } from "lit";
import { hear, isAble, mayHear, sound } from "./voice_sound.js";
import { VOICE } from "./pod_voice_words.js";

const SILENT_MS = 2500;
const BY_SLEEPER = 4411;

/** @typedef {{use: string, way: "talk" | "listen", by: string, here: boolean, loudest: number}} Told */

/** One use of the intercom at a time, as this page takes part in it. */
export class Voice {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    /** @type {Told | null} */
    this.told = null;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {(() => void)[]} */
    this.endings = [];
    this.heardMs = 0;
    this.mayListen = true;
  }

  /** A word of the house. @param {any} word */
  hear(word) {
    if (word.t === "voice") {
      this.end();
      this.told = word;
      if (word.here) this.join();
      else this.heardMs = Infinity;
      this.page.requestUpdate();
    } else if (word.t === "voice_over" && word.use === this.told?.use) {
      this.end();
    }
  }

  join() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/pod/voice?use=${this.told?.use}`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.heardMs = performance.now() + SILENT_MS;
    socket.onopen = () => this.ready(socket);
    socket.onclose = () => {
      if (socket === this.socket) this.end();
    };
  }

  /** @param {WebSocket} socket */
  async ready(socket) {
    const ending = await this.part(socket).catch(() => null);
    if (socket !== this.socket) {
      ending?.();
      return;
    }
    if (ending === null) {
      socket.send(JSON.stringify({ t: "cannot" }));
      return;
    }
    this.endings.push(ending);
    socket.send(JSON.stringify({ t: "ready" }));
  }

  /** Opens the microphone, or the ear. @param {WebSocket} socket */
  async part(socket) {
    const { graph, stopped, paused } = this.page.deck;
    if (!isAble() || stopped || graph.context === null) return null;
    if (this.told?.way === "listen") {
      if (!(await mayHear())) return null;
      await graph.open();
      socket.onmessage = () => this.alive();
      return hear(graph.context, (frame) => socket.readyState === WebSocket.OPEN && socket.send(frame), false);
    }
    if (paused || !graph.isRunning || this.page.bed?.plays_here !== true) return null;
    const ear = await sound(graph.context, graph.alive, Math.min(this.told?.loudest ?? 0, 1));
    socket.onmessage = ({ data }) => {
      this.alive();
      if (typeof data !== "string") ear.take(data);
    };
    return ear.end;
  }

  alive() {
    this.heardMs = performance.now();
  }

  /** A house that says nothing any more ends it. */
  tick() {
    if (this.told?.here && performance.now() - this.heardMs > SILENT_MS) this.end();
  }

  /** The sleeper has had enough, of a voice or of an ear; here it ends first. */
  enough() {
    if (this.told === null) return;
    this.page.link.send({ t: "enough" });
    this.end(BY_SLEEPER);
  }

  /** @param {number} [code] */
  end(code) {
    const socket = this.socket;
    this.socket = null;
    for (const ending of this.endings) ending();
    this.endings = [];
    if (socket !== null) socket.close(code);
    if (this.told === null) return;
    this.told = null;
    this.page.requestUpdate();
  }

  /** Who is heard or hears, as long as it lasts. */
  view() {
    const told = this.told;
    if (told === null) return html`<div class="voice" role="status"></div>`;
    return html`<div class="voice on" role="status">
      <span><strong>${told.by}</strong> ${told.way === "listen" ? VOICE.listens : VOICE.talks}</span>
      <button @click=${() => this.enough()}>${VOICE.enough}</button>
    </div>`;
  }

  /** In the evening, while somebody is awake to be asked. */
  evening() {
    if (!this.page.bed?.may_be_heard) return nothing;
    return html`<p class="small">${VOICE.mayBeHeard}</p>
      <button class="wide" @click=${() => this.page.allowVoice()}>${VOICE.allow}</button>
      <p role="status">${this.page.voiceHint}</p>`;
  }
}
