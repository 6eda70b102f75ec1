// What may be asked of the night's past: how it stood then, a bed from close by, what was recorded.

import { readFrame } from "./feed.js";

export class Past {
  /** @param {string} night */
  constructor(night) {
    this.night = night;
  }

  /** How the night stood. @param {number} at @returns {Promise<any>} */
  then(at) {
    return this.json(`then?at_s=${at}`);
  }

  /** How sure each stage was, how well waves were met. @param {string} pod @param {number} until @returns {Promise<any>} */
  closer(pod, until) {
    return this.json(`beds/${pod}/closer?until_s=${until}`);
  }

  /** @param {string} pod @param {number} until @returns {Promise<any>} */
  spectrogram(pod, until) {
    return this.json(`beds/${pod}/spectrogram?until_s=${until}`);
  }

  /** The 30 s before then. @param {string} pod @param {number} until */
  async samples(pod, until) {
    const answer = await fetch(`/api/nights/${this.night}/beds/${pod}/samples?until_s=${until}`);
    return answer.ok ? readFrame(await answer.arrayBuffer(), [pod]) : null;
  }

  /** @param {string} what */
  async json(what) {
    const answer = await fetch(`/api/nights/${this.night}/${what}`);
    return answer.ok ? answer.json() : null;
  }
}
