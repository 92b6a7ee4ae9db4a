/** What this browser remembers, and how its tabs tell one another. Works, for one page, where storage is forbidden. */

/** Runs `use` on a Storage of the window; undefined where the browser forbids it. */
export function stored(name, use) {
  try {
    return use(window[name]);
  } catch {
    return undefined;
  }
}

/** A value that this tab keeps over reloads and pages, and that is gone with it. */
export class TabMemory {
  #key;

  constructor(key) {
    this.#key = key;
  }

  /** What was written last; null where there is nothing, or nothing that can be read. */
  read() {
    try {
      return JSON.parse(stored("sessionStorage", (storage) => storage.getItem(this.#key)) ?? null);
    } catch {
      return null;
    }
  }

  /** Keeps a value; null keeps none. */
  write(value) {
    stored("sessionStorage", (storage) => (value === null ? storage.removeItem(this.#key) : storage.setItem(this.#key, JSON.stringify(value))));
  }
}

/** The id of the conversation in localStorage. Nothing is written before the first message. */
export class Memory {
  #key;
  #changed;
  #id = null;
  #channel = null;

  /** `changed` is called when another tab has said, started or erased something. */
  constructor(key, changed) {
    this.#key = key;
    this.#changed = changed;
  }

  read() {
    const id = stored("localStorage", (storage) => storage.getItem(this.#key));
    return id === undefined ? this.#id : id;
  }

  /** The id that another tab has just written: tabs see each other's writes a moment late. Null where none comes. */
  async arrival() {
    for (let looks = 0; looks < 25 && !this.read(); looks += 1) await new Promise((resolve) => setTimeout(resolve, 40));
    return this.read();
  }

  write(id) {
    this.#id = id;
    stored("localStorage", (storage) => (id === null ? storage.removeItem(this.#key) : storage.setItem(this.#key, id)));
  }

  listen(signal) {
    window.addEventListener("storage", ({ key }) => (key === this.#key || key === null) && this.#changed(), { signal });
    if (!("BroadcastChannel" in window)) return;
    this.#channel = new BroadcastChannel(this.#key);
    this.#channel.addEventListener("message", () => this.#changed());
    signal.addEventListener("abort", () => {
      this.#channel.close();
      this.#channel = null;
    });
  }

  tellOthers() {
    this.#channel?.postMessage("changed");
  }
}
