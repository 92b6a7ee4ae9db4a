/** Whether the conversation rested so long that somebody else may be sitting here: a school's office shares its computers. */
import { stored } from "./memory.js";

const LOOK_EVERY = 15_000; // milliseconds
const AHEAD = 60_000; // a moment further in the future than this was written by a clock that has been put right

export class Rest {
  minutes = 60; // until the server says; 0 never asks
  #key;
  #latest = 0;

  constructor(key) {
    this.#key = `${key}:at`;
  }

  /** Somebody is here. `keep` tells the browser's other tabs and pages too. */
  touch(keep) {
    this.#latest = Date.now();
    if (keep) stored("localStorage", (storage) => storage.setItem(this.#key, this.#latest));
  }

  /** True once nobody was here, in any tab, for as long as a rest is. */
  get isOver() {
    const kept = Number(stored("localStorage", (storage) => storage.getItem(this.#key)));
    return ![this.#latest, kept].some((moment) => this.isFresh(moment));
  }

  /** True of a moment since when less than a rest has passed. */
  isFresh(moment) {
    const age = Date.now() - moment;
    return !this.minutes || (age > -AHEAD && age < this.minutes * 60_000);
  }

  forget() {
    this.#latest = 0;
    stored("localStorage", (storage) => storage.removeItem(this.#key));
  }

  /** Calls `look` now and then, and when another tab has touched it, until `signal` aborts; a machine that slept is found out too. */
  watch(signal, look) {
    const timer = setInterval(look, LOOK_EVERY);
    signal.addEventListener("abort", () => clearInterval(timer));
    window.addEventListener("storage", ({ key }) => key === this.#key && look(), { signal });
  }
}
