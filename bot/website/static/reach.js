/** Whether the server can be reached; looks again, ever more slowly, while it cannot. */

const FIRST_WAIT = 3000; // milliseconds; doubled each time up to LONGEST_WAIT
const LONGEST_WAIT = 60_000;

export class Reach {
  away = false;
  #look;
  #tell;
  #tries = 0;
  #timer = 0;

  /** `look()` tries the server again; `tell(event)` passes on "away" (detail: contact text or null) and "back". */
  constructor(look, tell) {
    this.#look = look;
    this.#tell = tell;
  }

  lost(error = null) {
    this.rest();
    this.away = true;
    this.#timer = setTimeout(this.#look, Math.min(FIRST_WAIT * 2 ** this.#tries, LONGEST_WAIT));
    this.#tries += 1;
    this.#tell(new CustomEvent("away", { detail: error?.contact ?? null }));
  }

  found() {
    this.#tries = 0;
    if (!this.away) return;
    this.rest();
    this.away = false;
    this.#tell(new Event("back"));
  }

  /** Looks no more by itself. */
  rest() {
    clearTimeout(this.#timer);
  }
}
