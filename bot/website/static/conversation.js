/**
 * One conversation with the server: what was said, what still waits to be sent, what was missed.
 *
 * `items` holds both sides in order. A visitor's item has a `state`: waiting → sending → sent, or failed
 * (then `trouble` says why and `final` that trying again is no use). Numbers `n` are the server's.
 * Events: "change" (draw again), "reply" (detail: new messages), "away" (detail: contact text), "back".
 */
import { Refused, newKey } from "./api.js";
import { Memory } from "./memory.js";
import { Reach } from "./reach.js";

const LOOK_AGAIN = [0, 1500, 2000, 3000, 4000, 5000, 5000, 5000]; // milliseconds before each look for a lost turn
const NOT_SENT = "Not sent.";
const NOT_ANSWERED = "No answer came.";
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const plain = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();

export class Conversation extends EventTarget {
  items = [];
  start = null; // what /api/start said last
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

  constructor(api, key) {
    super();
    this.#api = api;
    this.#key = key;
    this.#memory = new Memory(key, () => this.#look());
  }

  /** True while an answer is owed. */
  get waiting() {
    return this.items.some(({ state }) => state === "sending");
  }

  /** Follows the conversation from now until `signal` aborts: other tabs, a returning connection, a returning visitor. */
  follow(signal) {
    this.#memory.listen(signal);
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
    const asked = [this.#fetch()];
    if (!this.start || (this.#reach.away && !this.#id)) asked.push(this.#fetchStart());
    const failed = (await Promise.allSettled(asked)).find(({ status }) => status === "rejected");
    if (failed) this.#reach.lost(failed.reason);
    else this.#reach.found();
  }

  /** Puts a message, or a chosen button, in the queue; they go one at a time and in order. */
  send(text, choice = null, key = newKey()) {
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
    if (this.#pumping) return;
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
    this.#set(item, "sending");
    if (this.#id || !navigator.locks) return open(false);
    const opened = navigator.locks.request(this.#key, { ifAvailable: true }, (lock) => lock && open(false));
    return opened.then((done) => done || navigator.locks.request(this.#key, () => open(true)));
  }

  async #post(item) {
    const round = this.#round;
    item.tried = true;
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
    const first = messages[0]?.n;
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
    this.#failAll(item, item.n === undefined ? NOT_SENT : NOT_ANSWERED);
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
    if (!this.#id) return;
    const quiet = this.#last === 0; // the first look at a page shows what was said before: nothing new
    try {
      const { messages, last } = await this.#api.since(this.#id, this.#last);
      if (round !== this.#round) return;
      this.#merge(messages, quiet);
      this.#last = Math.max(this.#last, last ?? 0);
    } catch (error) {
      if (!(error instanceof Refused && error.status < 500 && error.status !== 429)) throw error;
      if (round === this.#round) this.#leave({ keepRound: true });
    }
  }

  async #fetchStart() {
    this.start = await this.#api.start();
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
    return this.items.find(
      (item) => item.tried && !Number.isInteger(item.n) && (item.n === n + 0.5 || (item.n === undefined && plain(item.text) === plain(text))),
    );
  }

  #arrived(item, n) {
    item.n = n;
    if (item.state === "failed") item.trouble = NOT_ANSWERED;
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
    await this.refresh();
  }

  /** Lets the conversation go. What is on the screen stays readable, but is numbered no more. */
  #leave({ keepRound = false, tell = true } = {}) {
    if (!keepRound) this.#round += 1;
    this.#id = null;
    this.#last = 0;
    this.#seen.clear();
    for (const item of this.items) if (item.n !== undefined) Object.assign(item, { n: item.n - 1e6, past: true });
    if (!tell) return;
    this.#memory.write(null);
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
    this.dispatchEvent(new Event("change"));
  }
}
