// The line between this page and the house: asks what time it is there, takes cues and what holds, tells what became of
// them. It comes back by itself; what the house has not noted is told again.

import { answerOf } from "./pod_clock.js";

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;
const ASK_OFTEN_MS = 250;
const ASK_SELDOM_MS = 2000;
const LEARNING = 12;
const ALIVE_EVERY_MS = 1000;
const SILENT_MS = 4000;

/** @typedef {import("./pod_sound.js").Became} Became */

/** One page's line to its house. */
export class PodLink {
  /**
   * @param {import("./pod_clock.js").HouseClock} clock
   * @param {{said: (word: any) => void, state: (state: string) => void, standing: () => Record<string, any>}} told
   */
  constructor(clock, told) {
    this.clock = clock;
    this.told = told;
    /** @type {Map<string, Became>} */
    this.unnoted = new Map();
    this.waitMs = FIRST_WAIT_MS;
    this.askedMs = -Infinity;
    this.aliveMs = -Infinity;
    this.heardMs = performance.now();
    this.nextMs = 0;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.refused = "";
  }

  get isOpen() {
    return this.socket !== null && this.socket.readyState === WebSocket.OPEN;
  }

  /** Called often and from anywhere: keeps the line, the clock and the sign of life going. */
  tick() {
    const nowMs = performance.now();
    if (this.refused !== "") return;
    if (this.socket === null) {
      if (nowMs >= this.nextMs) this.connect();
      return;
    }
    if (nowMs - this.heardMs > SILENT_MS) {
      this.lose();
      return;
    }
    if (!this.isOpen) return;
    const everyMs = this.clock.answers.length < LEARNING ? ASK_OFTEN_MS : ASK_SELDOM_MS;
    if (nowMs - this.askedMs >= everyMs) {
      this.askedMs = nowMs;
      this.send({ t: "ping", sent_ms: performance.now() });
    }
    if (nowMs - this.aliveMs >= ALIVE_EVERY_MS) {
      this.aliveMs = nowMs;
      this.send({ t: "alive", ...this.told.standing() });
    }
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/pod/live`);
    this.socket = socket;
    this.heardMs = performance.now();
    socket.onopen = () => {
      this.waitMs = FIRST_WAIT_MS;
      this.askedMs = -Infinity;
      this.aliveMs = -Infinity;
      this.tick();
      for (const became of this.unnoted.values()) this.send({ t: "became", ...became });
    };
    socket.onmessage = (message) => this.take(JSON.parse(message.data), performance.now());
    socket.onclose = (event) => {
      if (socket !== this.socket) return;
      if (event.code === 4401 || event.code === 4409) {
        this.refused = event.code === 4401 ? "unknown" : "replaced";
        this.told.state(this.refused);
        return;
      }
      this.lose();
    };
  }

  /** @param {any} word @param {number} receivedMs */
  take(word, receivedMs) {
    this.heardMs = receivedMs;
    if (word.t === "pong") {
      this.clock.take(answerOf({ sentMs: word.sent_ms, takenS: word.taken_s, givenS: word.given_s, receivedMs }));
    } else if (word.t === "noted") {
      this.unnoted.delete(word.cue_id);
    } else {
      this.told.said(word);
    }
  }

  /** @param {Became} became */
  tell(became) {
    this.unnoted.set(became.cue_id, became);
    this.send({ t: "became", ...became });
  }

  /** @param {any} word */
  send(word) {
    if (this.isOpen) this.socket?.send(JSON.stringify(word));
  }

  lose() {
    const socket = this.socket;
    this.socket = null;
    if (socket !== null) socket.close();
    this.nextMs = performance.now() + this.waitMs;
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
    this.told.state("away");
  }
}
