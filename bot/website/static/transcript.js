/** Draws the conversation: one list item per message, kept and updated, never drawn anew. */
import { blocks, element, withLinks } from "./text.js";
import { icon } from "./template.js";

const RATED = new Set(["answered", "not_known", "declined"]); // outcomes on which an opinion helps

/** A row of buttons; `pick(button)` is called once for each that is pressed while it is live. */
class Choices {
  element = element("ul", "choices");
  #buttons = [];

  constructor(choices, pick) {
    for (const { id, title } of choices) {
      const button = element("button", "choice");
      button.type = "button";
      button.append(element("span", "", title));
      button.addEventListener("click", () => button.ariaDisabled !== "true" && pick({ id, title }));
      const item = element("li");
      item.append(button);
      this.element.append(item);
      this.#buttons.push({ button, title });
    }
  }

  /** `chosen(title)` and `live(title)` say of each button what became of it. A used one stays readable and keeps focus. */
  show(chosen, live) {
    for (const { button, title } of this.#buttons) {
      const isChosen = chosen(title);
      if (isChosen && !button.classList.contains("chosen")) {
        button.classList.add("chosen");
        button.prepend(icon("tick"), element("span", "unseen", "You chose: "));
      }
      const isOver = isChosen || !live(title);
      button.ariaDisabled = String(isOver);
      button.tabIndex = isOver ? -1 : 0; // the Tab key passes what can no longer be pressed
    }
  }
}

export class Transcript {
  #list;
  #typing;
  #do;
  #drawn = new Map();

  /** `actions`: choose(button), retry(item), rate(item, thumb). */
  constructor(list, actions) {
    this.#list = list;
    this.#do = actions;
    this.#typing = element("li", "assistant typing");
    this.#typing.ariaHidden = "true";
    this.#typing.append(element("div", "bubble"));
    this.#typing.firstChild.append(element("i"), element("i"), element("i"));
  }

  /** Brings the page into line with `items`; gives the element of the newest message. */
  show(items, waiting) {
    for (const [item, drawn] of this.#drawn) {
      if (items.includes(item)) continue;
      drawn.element.remove();
      this.#drawn.delete(item);
    }
    let place = this.#list.firstChild;
    items.forEach((item, index) => {
      const drawn = this.#drawn.get(item) ?? this.#draw(item);
      if (drawn.element === place) place = place.nextSibling;
      else this.#list.insertBefore(drawn.element, place);
      drawn.update(items.slice(index + 1).find(({ from }) => from === "visitor")?.text);
    });
    if (waiting) this.#list.append(this.#typing);
    else this.#typing.remove();
    return this.#list.lastElementChild;
  }

  /** Where this message stands on the page. */
  elementOf(number) {
    for (const [{ from, n }, { element: drawn }] of this.#drawn) if (from === "assistant" && n === number) return drawn;
    return null;
  }

  #draw(item) {
    const drawn = item.from === "visitor" ? this.#visitor(item) : this.#assistant(item);
    this.#drawn.set(item, drawn);
    return drawn;
  }

  #visitor(item) {
    const line = element("li", "visitor");
    const bubble = element("p", "bubble");
    const trouble = element("p", "trouble");
    const again = element("button", "again", "Try again");
    again.type = "button";
    again.addEventListener("click", () => this.#do.retry(item));
    bubble.append(element("span", "unseen", "You: "), item.text);
    line.append(bubble);
    const update = () => {
      line.classList.toggle("failed", item.state === "failed");
      if (item.state !== "failed") return trouble.remove();
      trouble.textContent = `${item.trouble} `;
      if (!item.final) trouble.append(again);
      line.append(trouble);
    };
    return { element: line, update };
  }

  #assistant(item) {
    const line = element("li", "assistant");
    const bubble = element("div", "bubble");
    bubble.append(element("span", "unseen", "Assistant: "), blocks(item.text ?? ""));
    if (item.text) line.append(bubble);
    const updates = [];
    if (RATED.has(item.custom?.outcome)) {
      const thumbs = this.#thumbs(item);
      line.append(thumbs.element);
      updates.push(thumbs.update);
    }
    if (item.buttons?.length) {
      const choices = new Choices(item.buttons, (button) => this.#do.choose(button));
      line.append(choices.element);
      updates.push((next) => choices.show((title) => title === next, () => next === undefined && !item.past));
    }
    return { element: line, update: (next) => updates.forEach((update) => update(next)) };
  }

  #thumbs(item) {
    const group = element("div", "thumbs");
    group.role = "group";
    group.ariaLabel = "Was this helpful?";
    group.append(element("span", "", "Helpful?"));
    const buttons = [["up", "Yes, helpful"], ["down", "No, not helpful"]].map(([thumb, label]) => {
      const button = element("button", "thumb");
      Object.assign(button, { type: "button", ariaLabel: label, title: label });
      button.append(icon(thumb));
      button.addEventListener("click", () => this.#do.rate(item, thumb));
      group.append(button);
      return [thumb, button];
    });
    const update = () => {
      group.hidden = Boolean(item.past);
      for (const [thumb, button] of buttons) button.ariaPressed = String(item.feedback === thumb);
    };
    return { element: group, update };
  }
}

/** The opening words: what this is, what it covers, where the privacy notice is, first questions. */
export class Opening {
  #place;
  #ask;
  #questions = null;
  #shown = null;

  constructor(place, ask) {
    this.#place = place;
    this.#ask = ask;
  }

  /** `words`: {greeting, covers, questions}; `asked(title)` says whether a question was asked already; `covered` hides them. */
  show(words, asked, covered) {
    if (words !== this.#shown) this.#draw(words);
    if (!this.#questions) return;
    this.#questions.show(asked, () => true);
    this.#questions.element.hidden = covered;
  }

  #draw(words) {
    const { greeting, covers, questions } = words;
    this.#shown = words;
    const bubble = element("div", "bubble");
    bubble.append(withLinks(element("p"), greeting));
    if (covers) bubble.append(blocks(covers));
    this.#place.replaceChildren(bubble);
    this.#questions = questions?.length ? new Choices(questions.map((title) => ({ title })), this.#ask) : null;
    if (this.#questions) this.#place.append(this.#questions.element);
  }
}
