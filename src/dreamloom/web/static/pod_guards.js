// What could go wrong with this phone tonight, in plain words: its screen, its battery, its place in front.

import { WORDS } from "./pod_words.js";

const LOW = 0.2;

/** Watches the phone; tells each time what there is to warn of. */
export class Guards {
  /** @param {(warnings: string[]) => void} told */
  constructor(told) {
    this.told = told;
    /** @type {any} */
    this.lock = null;
    /** @type {any} */
    this.battery = null;
    this.wanted = false;
    this.refused = false;
    this.wasHidden = false;
    document.addEventListener("visibilitychange", () => this.seen());
    void this.watchBattery();
  }

  /** How this phone stands, for the house. */
  get standing() {
    return {
      hidden: document.hidden,
      awake: this.lock !== null && !this.lock.released,
      battery: this.battery?.level ?? null,
      charging: this.battery?.charging ?? null,
    };
  }

  /** From a tap on: the screen stays on, and what keeps it from that is told. */
  async keepAwake() {
    this.wanted = true;
    this.wasHidden = false;
    const wakeLock = /** @type {any} */ (navigator).wakeLock;
    try {
      this.lock = await wakeLock.request("screen");
      this.refused = false;
      this.lock.addEventListener("release", () => this.tell());
    } catch {
      this.lock = null;
      this.refused = true;
    }
    this.tell();
  }

  seen() {
    if (!this.wanted) return;
    if (document.hidden) this.wasHidden = true;
    else void this.again();
    this.tell();
  }

  async again() {
    const was = this.wasHidden;
    if (this.lock === null || this.lock.released) await this.keepAwake();
    this.wasHidden = was;
    this.tell();
  }

  async watchBattery() {
    this.battery = await /** @type {any} */ (navigator).getBattery?.().catch(() => null);
    for (const name of ["chargingchange", "levelchange"]) this.battery?.addEventListener(name, () => this.tell());
    this.tell();
  }

  /** Seen and understood: what is over is not told any more. */
  settle() {
    this.wasHidden = false;
    this.tell();
  }

  tell() {
    const warnings = [];
    if (!window.isSecureContext) warnings.push(WORDS.insecure);
    if (this.wanted && window.isSecureContext && (this.refused || this.lock?.released)) warnings.push(WORDS.noWakeLock);
    if (this.wasHidden) warnings.push(WORDS.hidden);
    if (this.battery && !this.battery.charging) {
      warnings.push(this.battery.level <= LOW ? WORDS.lowBattery : WORDS.unplugged);
    }
    this.told(warnings);
  }
}
