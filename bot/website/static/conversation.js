/**
 * One conversation with the server: what was said, what still waits to be sent, what was missed, whether it rested too long.
 *
 * `items` holds both sides in order. A visitor's item has a `state`: waiting → sending → sent, or failed
 * (then `trouble` says why and `final` that trying again is no use). Numbers `n` are the server's.
 * Events: "change" (draw again), "reply" (detail: new messages), "away" (detail: contact text), "back".
 */
import { Refused, newKey } from "./api.js";
import { Memory, TabMemory } from "./memory.js";
import { Reach } from "./reach.js";
import { Rest } from "./rest.js";

const LOOK_AGAIN = [0, 1500, 2000, 3000, 4000, 5000, 5000, 5000]; // milliseconds before each look for a lost turn
const NOT_SENT = "Not sent.";
const NOT_ANSWERED = "No answer came.";
const ASK_AGAIN = "No answer came. Please ask again."; // of words that only the server has, and may have masked
const UNSENT = new Set(["waiting", "sending", "failed"]);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const plain = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();

/** Whether the server's copy of a message is of this text: names and addresses are masked in it, or all is left out. */
function isCopy(copy, text) {
  const rest = plain(text);
  let place = 0;
  if (copy.startsWith("(not kept")) return true;
  return plain(copy).split(/\[(?:name|phone|e-mail)\]/).every((part, index, { length }) => {
    const found = rest.indexOf(part, place);
    place = found + part.length;
    return index ? found >= 0 : length > 1 ? found === 0 : part === rest;
  });
}

export class Conversation extends EventTarget {
  items = [];
  start = null; // what /api/start said last
  ready = false; // how long a rest is, is known
  resting = null; // true: it rested, and is covered until the visitor says how to go on; null: not known yet
  #api;
  #key;
  #memory;
  #reach = new Reach(() => this.refresh(), (event) => this.dispatchEvent(event));
  #id = null;
  #last = 0; // every message up to this number is here
  #seen = new Set();
  #round = 0; // counts restarts: what belongs to an earlier one is dropped
  #pumping = false;
  #lookLater = false;
  #fetching = Promise.resolve();
  #following = null; // the signal of follow()
  #awaited = null; // the message of another page whose answer is being looked for
  #view = 0; // counts coverings: what was fetched before one is dropped
  #rest;
  #unsent; // in this tab: what may not have arrived yet
  #left; // what an earlier page left there: {at, items}; null once it is taken up

  constructor(api, key) {
    super();
    this.#api = api;
    this.#key = key;
    this.#rest = new Rest(key);
    this.#unsent = new TabMemory(`${key}:unsent`);
    const left = this.#unsent.read();
    this.#left = Array.isArray(left?.items) ? left : null;
    this.#memory = new Memory(key, () => this.#look());
  }

  /** True while an answer is owed. */
  get waiting() {
    return this.items.some(({ state }) => state === "sending") || this.#owed !== null;
  }

  /** The visitor's message that the server has and nobody answered yet: sent before a reload, or by another tab. */
  get #owed() {
    const last = this.items.findLast(({ state }) => state !== "waiting");
    return last?.from === "visitor" && last.state === "sent" && Number.isInteger(last.n) && !last.past ? last : null;
  }

  /** Follows the conversation from now until `signal` aborts: other tabs, a returning connection, a returning visitor. */
  follow(signal) {
    this.#following = signal;
    if (this.ready) this.#settle();
    this.#memory.listen(signal);
    this.#rest.watch(signal, () => this.#lookWhetherItRests());
    const refresh = () => document.visibilityState === "visible" && this.refresh();
    window.addEventListener("online", refresh, { signal });
    window.addEventListener("offline", () => this.#reach.lost(), { signal });
    window.addEventListener("focus", refresh, { signal });
    document.addEventListener("visibilitychange", refresh, { signal });
    signal.addEventListener("abort", () => this.#reach.rest());
    return this.#look();
  }

  /** Fetches whatever is missing. A conversation the server no longer knows is let go quietly. */
  async refresh() {
    this.#reach.rest();
    const asked = [];
    if (!this.start || (this.#reach.away && !this.#id)) asked.push(this.#fetchStart());
    if (!this.start) await Promise.allSettled(asked); // it says how long a rest is
    const isFirst = !this.ready;
    this.ready = true;
    this.#settle();
    if (isFirst) this.#changed();
    if (!this.resting) asked.push(this.#catchUp());
    const failed = (await Promise.allSettled(asked)).find(({ status }) => status === "rejected");
    if (failed) this.#reach.lost(failed.reason);
    else this.#reach.found();
  }

  /** True of a moment within the last rest. */
  isFresh(moment) {
    return this.#rest.isFresh(moment);
  }

  /** Somebody is typing: they are here, unless a rest lies behind them. */
  active() {
    if (this.ready) this.#settle();
    if (this.resting === false) this.#rest.touch(Boolean(this.#id));
  }

  /** Shows what rested. */
  stay() {
    this.#rest.touch(true);
    this.#memory.tellOthers();
    return this.#look();
  }

  /** Lets what rested go without showing it; on the server it stays for as long as any other. */
  beginAnew() {
    const waiting = this.items;
    this.#leave();
    this.items = waiting;
    this.resting = false;
    this.#changed();
    this.#pump();
  }

  /** Puts a message, or a chosen button, in the queue; they go one at a time and in order. */
  send(text, choice = null, key = newKey()) {
    this.active();
    if (this.resting) return;
    this.items.push({ from: "visitor", text, choice, key, state: "waiting" });
    this.#changed();
    this.#pump();
  }

  /** Sends a failed message again, unless it turns out to have arrived. */
  async retry(item) {
    if (item.state !== "failed") return;
    this.#set(item, "sending");
    try {
      await this.#fetch();
    } catch (error) {
      this.#reach.lost(error);
      return this.#set(item, "failed", item.trouble ?? NOT_SENT);
    }
    if (this.#answered(item)) return this.#set(item, "sent");
    this.#set(item, "sent");
    if (item.n !== undefined) return this.send(item.text, item.choice);
    this.items = this.items.filter((other) => other !== item);
    this.send(item.text, item.choice, item.key);
  }

  /** Erases the conversation on the server and here; throws if the server did not confirm. */
  async restart() {
    const id = this.#id;
    if (id) await this.#forget(id);
    this.#leave();
    this.items = [];
    this.#changed();
  }

  /** Keeps the visitor's opinion of one message; false if it could not be saved. */
  async rate(item, thumb) {
    const before = item.feedback;
    if (before === thumb) return true;
    item.feedback = thumb;
    this.#changed();
    try {
      await this.#api.rate(this.#id, item.n, thumb);
      return true;
    } catch {
      item.feedback = before;
      this.#changed();
      return false;
    }
  }

  async #pump() {
    if (this.#pumping || this.resting !== false) return;
    this.#pumping = true;
    for (let item; (item = this.items.find(({ state }) => state === "waiting")); ) await this.#deliver(item);
    this.#pumping = false;
    if (!this.#lookLater) return;
    this.#lookLater = false;
    this.#look();
  }

  /** The first message opens the conversation; two tabs must not open two. */
  #deliver(item) {
    const open = async (waited) => {
      this.#id ??= waited ? await this.#memory.arrival() : this.#memory.read();
      await this.#post(item);
      return true;
    };
    if (this.#answered(item)) return this.#set(item, "sent");
    item.after ??= this.#last;
    item.tried = true;
    this.#set(item, "sending");
    if (this.#id || !navigator.locks) return open(false);
    const opened = navigator.locks.request(this.#key, { ifAvailable: true }, (lock) => lock && open(false));
    return opened.then((done) => done || navigator.locks.request(this.#key, () => open(true)));
  }

  async #post(item) {
    const round = this.#round;
    try {
      const turn = await this.#say(item);
      if (round !== this.#round) return void (await this.#forget(turn.conversation).catch(() => {}));
      this.#accept(item, turn);
    } catch (error) {
      if (round !== this.#round) return;
      if (error instanceof Refused) this.#refused(item, error);
      else await this.#recover(item);
    }
  }

  /** POSTs an item; if the server has lost the conversation or the button, once more as plain text. */
  async #say(item) {
    try {
      return await this.#api.say(this.#id, item);
    } catch (error) {
      if (!(error instanceof Refused) || !(error.unknownChoice || (this.#id && error.unknownConversation))) throw error;
      if (error.unknownConversation) this.#leave({ keepRound: true });
      item.choice = null;
      return this.#api.say(this.#id, item);
    }
  }

  #accept(item, { conversation, messages }) {
    if (this.#id !== conversation) this.#memory.write((this.#id = conversation));
    this.#rest.touch(true);
    const first = messages[0]?.n;
    const copy = this.items.find(({ from, n }) => from === "visitor" && n === first - 1);
    if (copy && copy !== item) {
      this.items = this.items.filter((other) => other !== copy);
      item.n = copy.n;
    }
    if (item.n === undefined && first === this.#last + 2) this.#seen.add((item.n = first - 1));
    item.n ??= first === undefined ? undefined : first - 0.5; // its own number comes with the next look
    this.#set(item, "sent");
    this.#merge(messages.map((message) => ({ ...message, from: "assistant" })));
    this.#memory.tellOthers();
    this.#reach.found();
    if (!Number.isInteger(item.n)) this.#look();
  }

  #refused(item, error) {
    if (error.status === 503) {
      this.#failAll(item, NOT_ANSWERED);
      this.#reach.lost(error);
    } else if (error.status === 429) {
      this.#failAll(item, "Not sent: too many messages at once. Please wait a minute.");
    } else {
      item.final = true;
      this.#set(item, "failed", `Not sent. ${error.message}`.trim());
    }
  }

  /** After a lost POST: looks whether the message arrived before calling it unsent; waits for its answer if it did. */
  async #recover(item) {
    const round = this.#round;
    let looks = 0;
    let reached = false;
    for (const wait of this.#id ? LOOK_AGAIN : []) {
      await pause(wait);
      reached = await this.#fetch().then(() => true, () => false);
      if (round !== this.#round) return;
      if (this.#answered(item)) return this.#set(item, "sent");
      if (++looks === 2 && (!reached || item.n === undefined)) break;
    }
    if (!this.#id) await pause(500); // a page that is being left tells its messages so; the next page sends them
    if (round !== this.#round) return;
    this.#failAll(item, item.arrived ? NOT_ANSWERED : NOT_SENT);
    if (!reached) this.#reach.lost();
  }

  #failAll(item, trouble) {
    for (const other of this.items) {
      if (other === item || other.state === "waiting") this.#set(other, "failed", trouble);
    }
  }

  #answered(item) {
    return item.n !== undefined && this.items.some(({ from, n }) => from === "assistant" && n > item.n);
  }

  /** One look at a time, so that two never mix. */
  #fetch() {
    const look = this.#fetching.catch(() => {}).then(() => this.#fetchMissed());
    this.#fetching = look;
    look.catch(() => {});
    return look;
  }

  async #fetchMissed() {
    const round = this.#round;
    const view = this.#view;
    const after = this.#last;
    if (!this.#id || this.resting) return;
    const quiet = after === 0; // the first look at a page shows what was said before: nothing new
    try {
      const { messages, last } = await this.#api.since(this.#id, after);
      if (round !== this.#round || view !== this.#view) return;
      if (last < after) this.#takeBack(last);
      this.#merge(messages, quiet);
      this.#last = Math.max(this.#last, last ?? 0);
      this.#awaitAnswer();
    } catch (error) {
      if (!(error instanceof Refused && error.status < 500 && error.status !== 429)) throw error;
      if (round === this.#round) this.#leave({ keepRound: true });
    }
  }

  async #fetchStart() {
    this.start = await this.#api.start();
    this.#rest.minutes = this.start.rest_minutes ?? this.#rest.minutes;
    this.#changed();
  }

  #merge(messages, quiet = false) {
    const replies = [];
    for (const message of messages) {
      if (this.#seen.has(message.n)) continue;
      this.#seen.add(message.n);
      const mine = message.from === "visitor" && this.#mine(message);
      if (mine) this.#arrived(mine, message.n);
      else this.items.push({ ...message, state: "sent" });
      if (message.from === "assistant") replies.push(message);
    }
    while (this.#seen.has(this.#last + 1)) this.#last += 1;
    this.items.sort((one, other) => (one.n ?? Infinity) - (other.n ?? Infinity) || 0);
    for (const item of this.items) if (item.state === "failed" && this.#answered(item)) this.#set(item, "sent");
    this.#changed();
    if (replies.length && !quiet) this.dispatchEvent(new CustomEvent("reply", { detail: replies }));
  }

  /** The item here that a visitor's message from the server is. */
  #mine({ n, text }) {
    const isMine = (item) => item.n === n + 0.5 || (item.n === undefined && n > (item.after ?? 0) && isCopy(text, item.text));
    return this.items.find((item) => item.tried && !Number.isInteger(item.n) && isMine(item));
  }

  #arrived(item, n) {
    Object.assign(item, { n, arrived: true });
    if (item.state === "failed") item.trouble = NOT_ANSWERED;
  }

  /** What nobody could answer in time the server no longer has: it is to be said again. */
  #takeBack(last) {
    for (const item of this.items) {
      if (item.past || !(item.n > last)) continue;
      this.#seen.delete(item.n);
      item.n = undefined;
      item.final = !item.key;
      if (item.state === "sent") this.#set(item, "failed", item.key ? NOT_ANSWERED : ASK_AGAIN);
    }
    this.#last = last;
  }

  /** Looks for the answer to a message that another page sent, until it stands or none comes. */
  async #awaitAnswer() {
    const item = this.#owed;
    const signal = this.#following;
    if (!item || item === this.#awaited || signal?.aborted) return;
    this.#awaited = item;
    for (const wait of LOOK_AGAIN) {
      await pause(wait);
      if (this.#owed !== item || signal?.aborted) break;
      await this.#fetch().catch((error) => this.#reach.lost(error));
    }
    this.#awaited = null;
    if (this.#owed !== item || signal?.aborted || this.#reach.away) return;
    item.final = true;
    this.#set(item, "failed", ASK_AGAIN);
  }

  /** Fetches what was missed; then sends what a page left unsent, unless it turns out to be answered. */
  async #catchUp() {
    this.#restore();
    try {
      await this.#fetch();
    } finally {
      this.#pump();
    }
  }

  /** Takes up, once, what this tab had not sent for certain when the page was left. The server knows by its key what it has heard. */
  #restore() {
    const { at, items } = this.#left ?? {};
    this.#left = null;
    if (items && this.isFresh(at)) this.items.unshift(...items.filter(({ key, text }) => key && typeof text === "string"));
    this.#keepUnsent();
  }

  /** Keeps in this tab what may not have arrived. */
  #keepUnsent() {
    const items = this.items
      .filter(({ from, key, state, final }) => from === "visitor" && key && !final && UNSENT.has(state))
      .map(({ text, choice, key, after, tried, trouble, state }) => ({
        from: "visitor", text, choice, key, after, tried, trouble, state: state === "failed" ? state : "waiting",
      }));
    const left = this.#left?.items ?? [];
    this.#unsent.write(left.length || items.length ? { at: this.#left?.at ?? Date.now(), items: [...left, ...items] } : null);
  }

  /** Time went by, or another tab went on. */
  #lookWhetherItRests() {
    const wasResting = this.resting;
    if (this.ready) this.#settle();
    if (wasResting && !this.resting) this.refresh();
  }

  /** Decides whether what was said is covered: it rested, and nobody has said yet that they are still here. */
  #settle() {
    const resting = this.#id !== null && this.#rest.isOver;
    if (resting === this.resting) return;
    this.resting = resting;
    if (resting) {
      this.items = this.items.filter(({ state, tried }) => state === "waiting" && !tried); // written while this was being found out
      this.#left = null;
      this.#last = 0;
      this.#seen.clear();
      this.#view += 1;
    }
    this.#changed();
    this.#pump();
  }

  /** Another tab said or erased something. */
  async #look() {
    if (this.#pumping) return void (this.#lookLater = true);
    const id = this.#memory.read();
    if (id !== this.#id) {
      this.#leave({ tell: false });
      this.items = this.items.filter(({ n }) => n === undefined);
      this.#id = id;
      this.#changed();
    }
    if (!id) this.#settle();
    await this.refresh();
  }

  /** Lets the conversation go. What is on the screen stays readable, but is numbered no more. */
  #leave({ keepRound = false, tell = true } = {}) {
    if (!keepRound) this.#round += 1;
    this.#id = null;
    this.#last = 0;
    this.#seen.clear();
    for (const item of this.items) Object.assign(item, item.n === undefined ? { after: 0 } : { n: item.n - 1e6, past: true });
    if (!tell) return;
    this.#memory.write(null);
    this.#rest.forget();
    this.#memory.tellOthers();
    this.#changed();
  }

  async #forget(id) {
    try {
      await this.#api.forget(id);
    } catch (error) {
      if (!(error instanceof Refused && error.unknownConversation)) throw error;
    }
  }

  #set(item, state, trouble = null) {
    Object.assign(item, { state, trouble });
    this.#changed();
  }

  #changed() {
    this.#keepUnsent();
    this.dispatchEvent(new Event("change"));
  }
}
