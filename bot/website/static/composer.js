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
  #label;
  #draft;
  #send;
  #typed;

  /** `send(text)` is called once for each message, `typed()` at each change; `draft` keeps over a reload what is not sent yet. */
  constructor(form, draft, { send, typed }) {
    this.#form = form;
    this.#field = form.querySelector("textarea");
    this.#left = form.querySelector(".left");
    this.#label = form.querySelector("label");
    this.#draft = draft;
    this.#send = send;
    this.#typed = typed;
    form.addEventListener("submit", (event) => this.#submit(event));
    this.#field.addEventListener("keydown", (event) => this.#enter(event));
    this.#field.addEventListener("input", () => this.#input());
  }

  /** Says what is asked for; both words are plain text. */
  ask({ name, placeholder }) {
    if (this.#field.placeholder !== placeholder) Object.assign(this.#field, { placeholder });
    if (this.#label.textContent !== name) this.#label.textContent = name;
  }

  /** Brings back what was typed here before a reload, if it `isFresh` and nothing was typed since. */
  restore(isFresh) {
    const kept = this.#draft.read();
    if (typeof kept?.text !== "string" || !isFresh(kept.at)) return this.#draft.write(null);
    if (this.#field.value) return;
    this.#field.value = kept.text.slice(0, this.#field.maxLength);
    this.#measure();
  }

  /** Empties the field for good. */
  clear() {
    this.#field.value = "";
    this.#draft.write(null);
    this.#measure();
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
    this.clear();
    this.#send(text);
  }

  #input() {
    const text = this.#field.value;
    this.#draft.write(text.trim() ? { text, at: Date.now() } : null);
    this.#measure();
    this.#typed();
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
