/** The field a visitor writes in: Enter sends, Shift+Enter makes a new line, a composition (IME) is left alone. */

const NEAR_LIMIT = 200; // characters left at which the counter appears

/** True while an input method is being used: its Enter and Escape are not ours. */
export function composing(event) {
  return event.isComposing || event.keyCode === 229;
}

export class Composer {
  #form;
  #field;
  #left;
  #send;

  /** `send(text)` is called once for each message. */
  constructor(form, send) {
    this.#form = form;
    this.#field = form.querySelector("textarea");
    this.#left = form.querySelector(".left");
    this.#send = send;
    form.addEventListener("submit", (event) => this.#submit(event));
    this.#field.addEventListener("keydown", (event) => this.#enter(event));
    this.#field.addEventListener("input", () => this.#measure());
  }

  focus() {
    this.#field.focus();
  }

  #enter(event) {
    if (event.key !== "Enter" || event.shiftKey || composing(event)) return;
    event.preventDefault();
    if (!event.repeat) this.#form.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#field.value.trim();
    if (!text) return;
    this.#field.value = "";
    this.#measure();
    this.#send(text);
  }

  /** The field grows with its text; near its limit it says what is left. */
  #measure() {
    const remaining = this.#field.maxLength - this.#field.value.length;
    this.#left.hidden = remaining > NEAR_LIMIT;
    this.#left.textContent = this.#left.hidden ? "" : `${remaining} ${remaining === 1 ? "character" : "characters"} left`;
    if (CSS.supports("field-sizing", "content")) return;
    this.#field.style.setProperty("height", "auto");
    this.#field.style.setProperty("height", `${this.#field.scrollHeight + 2}px`);
  }
}
