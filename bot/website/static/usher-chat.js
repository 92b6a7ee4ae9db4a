/**
 * Usher's chat widget. One tag on any page of the trust's website is enough:
 *
 *   <script type="module" src="/static/usher-chat.js"></script>
 *
 * It adds a <usher-chat> element to the end of the page. To say more, give the tag data- attributes, or write the element
 * yourself with the same names (without "data-"):
 *
 *   <script type="module" src="/static/usher-chat.js" data-name="Anytown Trust" data-privacy="/privacy"
 *           data-contact="Jo Doe, PA" data-phone="01632 960001" data-email="jo@example.org"></script>
 *
 *   api      the chat API; default /api/chat on the server this file comes from (/api/start lies beside it)
 *   name     the trust's name, in the heading             privacy  address of the privacy notice, linked in the footer
 *   contact, phone, email   whom to turn to while the server cannot be reached
 *   open     opens the panel with the page, without moving focus
 *
 * Colours, font and place are custom properties (usher-chat.css, :host) that the page may set: usher-chat { --usher-accent: #060 }
 * A strict Content-Security-Policy (default-src 'self') suffices. Before a visitor opens the panel nothing is stored and the API
 * is not asked. After the first message localStorage holds the conversation's id and when somebody was last here; the words stay on
 * the server. Only what is typed and not sent is kept, in sessionStorage: gone with the tab, and after the conversation rested.
 */
import { ChatApi } from "./api.js";
import { asked } from "./asked.js";
import { Composer, composing } from "./composer.js";
import { Conversation } from "./conversation.js";
import { TabMemory, stored } from "./memory.js";
import { parts } from "./template.js";
import { withLinks } from "./text.js";
import { Opening, Transcript } from "./transcript.js";

const STYLES = ["usher-chat.css", "usher-messages.css"];
const ATTRIBUTES = ["api", "name", "privacy", "contact", "phone", "email", "open"];
const SMALL = matchMedia("(max-width: 30rem), (max-height: 26rem)"); // the panel then fills the screen and is modal; as in the CSS
const KEYS = matchMedia("(hover: hover)"); // a machine with a keyboard, most likely
const OPEN_KEY = "usher-chat:open";
// What the panel says before, or without, the server's greeting.
const OWN_WORDS = { greeting: "Hello. I am an automated assistant, not a person. I answer questions about joining our trust." };

class UsherChat extends HTMLElement {
  #part = {}; // the parts of the template by class
  #conversation;
  #transcript;
  #composer;
  #opening;
  #following = null; // aborted when the panel closes
  #awayContact = null;
  #newest = null; // the last message on the page
  #stuck = true; // the visitor reads at the end
  #covered = false; // the conversation rested: what was said is not shown
  #restored = false; // the draft

  connectedCallback() {
    if (this.shadowRoot) return; // moved in the page: keep the conversation
    const api = new URL(this.getAttribute("api") || "/api/chat", import.meta.url).href;
    const key = `usher-chat:${api}`;
    this.#conversation = new Conversation(new ChatApi(api), key);
    this.#build(new TabMemory(`${key}:draft`));
    this.#listen();
    if (this.hasAttribute("open")) this.#show();
    else if (!SMALL.matches && stored("sessionStorage", (storage) => storage.getItem(OPEN_KEY))) this.#show();
  }

  #build(draft) {
    const root = this.attachShadow({ mode: "open" });
    root.append(parts());
    for (const part of root.querySelectorAll("[class]")) this.#part[part.classList[0]] ??= part;
    const { launcher, panel, messages, opening, heading, privacy } = this.#part;
    this.#composer = new Composer(this.#part.composer, draft, {
      send: (text) => this.#send(text),
      typed: () => this.#conversation.active(),
    });
    this.#transcript = new Transcript(messages, {
      choose: ({ id, title }) => this.#send(title, id),
      retry: (item) => this.#conversation.retry(item),
      rate: (item, thumb) => this.#rate(item, thumb),
    });
    this.#opening = new Opening(opening, ({ title }) => this.#send(title));
    if (this.getAttribute("name")) heading.firstElementChild.textContent = this.getAttribute("name");
    this.#linkPrivacy(this.getAttribute("privacy"), privacy);
    const loaded = STYLES.map((name) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL(name, import.meta.url).href });
      root.prepend(link);
      return new Promise((resolve) => ["load", "error"].forEach((event) => link.addEventListener(event, resolve)));
    });
    Promise.all(loaded).then(() => {
      launcher.hidden = panel.open;
      this.#stick();
    });
  }

  #listen() {
    const { launcher, panel, log, close, restart, erase, keep, composer, anew, stay } = this.#part;
    launcher.addEventListener("click", () => this.#openByVisitor());
    close.addEventListener("click", () => this.#close());
    panel.addEventListener("keydown", (event) => this.#escape(event));
    panel.addEventListener("close", () => this.#following && !panel.open && this.#close()); // a phone's back gesture
    for (const scroller of [log, panel]) scroller.addEventListener("scroll", () => (this.#stuck = this.#atEnd()));
    new ResizeObserver(() => this.#stick()).observe(log); // a keyboard, a notice or a longer field took room
    restart.addEventListener("click", () => this.#confirm(true));
    keep.addEventListener("click", () => this.#confirm(false));
    erase.addEventListener("click", () => this.#erase());
    anew.addEventListener("click", () => this.#conversation.beginAnew());
    stay.addEventListener("click", () => this.#conversation.stay());
    composer.addEventListener("keydown", (event) => this.#toChoices(event));
    this.#conversation.addEventListener("change", () => this.#draw());
    this.#conversation.addEventListener("reply", ({ detail }) => this.#announceReply(detail));
    this.#conversation.addEventListener("away", ({ detail }) => this.#away(detail));
    this.#conversation.addEventListener("back", () => (this.#part.notice.hidden = true));
  }

  // Opening and closing

  #openByVisitor() {
    stored("sessionStorage", (storage) => storage.setItem(OPEN_KEY, "yes"));
    this.#show(SMALL.matches);
    if (this.#covered) this.#part.anew.focus();
    else this.#composer.focus();
  }

  /** Opens without moving focus, unless modal. */
  #show(modal = false) {
    const { panel, launcher } = this.#part;
    if (this.#following) return;
    this.#following = new AbortController();
    const { signal } = this.#following;
    if (modal) panel.showModal();
    else panel.open = true;
    launcher.hidden = true;
    launcher.ariaExpanded = "true";
    SMALL.addEventListener("change", () => this.#refit(), { signal });
    for (const event of ["resize", "scroll"]) window.visualViewport?.addEventListener(event, () => this.#fit(), { signal });
    this.#fit();
    this.#conversation.follow(signal); // before anything is drawn: it may have rested
    this.#draw();
  }

  #close() {
    const { panel, launcher, confirm } = this.#part;
    this.#following?.abort();
    this.#following = null;
    stored("sessionStorage", (storage) => storage.removeItem(OPEN_KEY));
    confirm.hidden = true;
    panel.close();
    launcher.hidden = false;
    launcher.ariaExpanded = "false";
    launcher.focus();
  }

  #escape(event) {
    if (event.key !== "Escape" || composing(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.#part.confirm.hidden) this.#close();
    else this.#confirm(false);
  }

  /** The window became small or large: modal or not, with focus where it was. */
  #refit() {
    const { panel } = this.#part;
    const focused = this.shadowRoot.activeElement;
    const following = this.#following;
    this.#following = null; // this close is not the visitor's
    panel.close();
    if (SMALL.matches && focused) panel.showModal();
    else panel.open = true;
    this.#following = following;
    focused?.focus();
  }

  /** Keeps the panel above a phone's keyboard. A visitor who has zoomed in by pinching is left alone. */
  #fit() {
    const { height, offsetTop, scale } = window.visualViewport ?? { scale: 2 };
    const zoomed = scale > 1.1;
    this.#part.panel.style.setProperty("--usher-height", zoomed ? "100dvh" : `${height}px`);
    this.#part.panel.style.setProperty("--usher-top", zoomed ? "0px" : `${offsetTop}px`);
  }

  /** Shift+Tab in the field leads to the first choice that can be pressed, not to the last: Tab goes through them back to the field. */
  #toChoices(event) {
    if (event.key !== "Tab" || !event.shiftKey || event.target.localName !== "textarea") return;
    const { log, messages } = this.#part;
    const first = (messages.childElementCount ? messages : log).querySelector('.choice[aria-disabled="false"]');
    if (!first) return;
    event.preventDefault();
    first.focus();
  }

  #send(text, choice = null) {
    this.#say(""); // so that the same answer twice is announced twice
    this.#conversation.send(text, choice);
  }

  // Starting again

  #confirm(asking) {
    const { confirm, keep, restart } = this.#part;
    this.shadowRoot.getElementById("confirm-words").textContent = "Start again? This conversation will be erased.";
    confirm.hidden = !asking;
    (asking ? keep : restart).focus();
  }

  async #erase() {
    try {
      await this.#conversation.restart();
    } catch {
      const words = "The conversation could not be erased just now. Please try again in a moment.";
      this.shadowRoot.getElementById("confirm-words").textContent = words;
      return this.#say(words);
    }
    this.#part.confirm.hidden = true;
    this.#composer.clear();
    this.#composer.focus();
    this.#say("The conversation has been erased.");
  }

  // Showing

  #draw() {
    const { items, start, waiting, resting, ready } = this.#conversation;
    const { heading, restart, privacy } = this.#part;
    this.#cover(resting === true);
    if (ready && !resting && !this.#restored) this.#composer.restore((moment) => this.#conversation.isFresh(moment));
    this.#restored ||= ready;
    this.#composer.ask(asked(items));
    const wasAsked = (title) => items.some(({ from, text }) => from === "visitor" && text === title);
    if (start?.name) heading.firstElementChild.textContent = start.name;
    this.#linkPrivacy(this.getAttribute("privacy") ?? start?.privacy, privacy);
    this.#opening.show(start ?? OWN_WORDS, wasAsked, this.#covered);
    restart.hidden = this.#covered || !items.length;
    const newest = this.#covered ? this.#transcript.show([], false) : this.#transcript.show(items, waiting);
    if (newest === this.#newest) this.#stick();
    else if (this.#stuck || waiting) this.#scrollTo(newest);
    this.#newest = newest;
  }

  /** Puts the offer to begin anew in the place of what was said and of the field, or takes it away again. */
  #cover(covered) {
    if (covered === this.#covered) return;
    this.#covered = covered;
    const { composer, rested, anew, confirm } = this.#part;
    const focused = this.shadowRoot.activeElement;
    rested.hidden = !covered;
    composer.hidden = covered;
    confirm.hidden = true;
    if (!covered) {
      this.#say("");
      return rested.contains(focused) && this.#composer.focus();
    }
    this.#composer.clear();
    this.#restored = true;
    this.#say(this.shadowRoot.getElementById("rested-words").textContent);
    if (focused && !this.#part.close.contains(focused)) anew.focus();
  }

  /** An answer is read from its beginning: its first line is brought into view, and the question if there is room. */
  #scrollTo(target) {
    const scroller = this.#scroller;
    if (!target) return;
    const top = target.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    const end = scroller.scrollHeight - scroller.clientHeight;
    scroller.scrollTop = target.classList.contains("assistant") ? Math.min(end, top - 12) : end;
  }

  /** Who was at the end stays there when something grows. */
  #stick() {
    if (this.#stuck) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < 60;
  }

  get #scroller() {
    return getComputedStyle(this.#part.log).overflowY === "auto" ? this.#part.log : this.#part.panel;
  }

  #announceReply(messages) {
    const choices = messages.flatMap(({ buttons }) => buttons ?? []).length;
    const words = messages.map(({ text }) => text).filter(Boolean);
    if (choices) words.push(`${choices === 1 ? "One choice" : `${choices} choices`}, right before the field${KEYS.matches ? ": Shift+Tab" : ""}.`);
    const { name, placeholder } = asked(this.#conversation.items);
    if (name === placeholder) words.push(`The field asks for: ${name}.`); // a step of the form
    this.#say(words.join("\n"));
    if (this.#stuck && messages.length > 1) this.#scrollTo(this.#transcript.elementOf(messages[0].n)); // read from the first one
  }

  /** The one live region. */
  #say(words) {
    this.#part.status.textContent = words;
  }

  #away(contact) {
    const { notice } = this.#part;
    const words = navigator.onLine ? "The assistant cannot be reached just now." : "You seem to be offline. What you missed will appear here when you are back.";
    if (contact) this.#awayContact = contact;
    const whom = this.#contact;
    notice.firstElementChild.textContent = words;
    notice.lastElementChild.replaceChildren();
    withLinks(notice.lastElementChild, whom);
    if (notice.hidden) this.#say(`${words} ${whom}`);
    notice.hidden = false;
    this.#stick();
  }

  /** Whom to turn to: what the server said last, and what the page itself knows. */
  get #contact() {
    const known = this.#awayContact ?? this.#conversation.start?.contact ?? this.getAttribute("contact") ?? "";
    const missing = ["phone", "email"].map((name) => this.getAttribute(name)).filter((value) => value && !known.includes(value));
    return [known, missing.join(" or ")].filter(Boolean).join(/[.!?]$/.test(known) ? " " : ": ");
  }

  async #rate(item, thumb) {
    const saved = await this.#conversation.rate(item, thumb);
    if (!saved) this.#say("Your opinion could not be saved.");
  }

  #linkPrivacy(address, link) {
    link.hidden = !address;
    if (address) link.href = address;
  }
}

customElements.define("usher-chat", UsherChat);

if (!document.querySelector("usher-chat")) {
  const tag = [...document.scripts].find(({ src }) => src === import.meta.url);
  const chat = document.createElement("usher-chat");
  for (const name of ATTRIBUTES) if (tag && name in tag.dataset) chat.setAttribute(name, tag.dataset[name]);
  document.body.append(chat);
}
