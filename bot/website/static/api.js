/** The server calls of the widget: four addresses, two kinds of failure. */

const REPLY_TIMEOUT = 45_000; // milliseconds; a first question may find the assistant waking up
const TIMEOUT = 15_000;

/** The server understood us and said no: `status`, `code`, a sentence in `message`, perhaps `contact`. */
export class Refused extends Error {
  constructor(status, body) {
    super(body?.error?.message ?? "");
    this.status = status;
    this.code = String(body?.error?.code ?? "");
    this.contact = body?.contact?.text;
  }

  get unknownChoice() {
    return this.code.includes("choice");
  }

  get unknownConversation() {
    return !this.unknownChoice && ([403, 404, 410].includes(this.status) || this.code.includes("conversation"));
  }
}

/** No usable reply came. Whether the server did what we asked is not known. */
export class Unreachable extends Error {}

export class ChatApi {
  #base;

  /** `base` is the absolute address of the chat API; /api/start and /api/conversation lie beside it. */
  constructor(base) {
    this.#base = base.replace(/\/+$/, "");
  }

  /** Greeting, what the assistant covers, first questions, contact, privacy notice, name of the trust. */
  start() {
    return call("GET", this.#beside("start"));
  }

  /**
   * One turn. `choice` is a button's id; without it `text` goes as typed. Gives the assistant's messages.
   * `key` names this message for good: Chromium by itself sends a POST again whose reused connection broke, so that only
   * the server can see that it has heard the message before.
   */
  say(conversation, { text, choice, key }) {
    const body = choice ? { conversation, choice } : { conversation, message: text };
    return call("POST", this.#base, body, { timeout: REPLY_TIMEOUT, headers: { "Idempotency-Key": key } });
  }

  /** Both sides' messages numbered above `after`. */
  since(conversation, after) {
    return call("GET", this.#beside(`conversation?after=${after}`), null, { headers: of(conversation) });
  }

  forget(conversation) {
    return call("DELETE", this.#beside("conversation"), null, { headers: of(conversation) });
  }

  /** `thumb` is "up" or "down"; `n` is the number of the message. */
  rate(conversation, n, thumb) {
    return call("POST", this.#beside("conversation/feedback"), { n, thumb }, { headers: of(conversation) });
  }

  #beside(address) {
    return new URL(address, this.#base).href;
  }
}

/** Says which conversation is meant: in a header, since addresses are kept in logs and histories. */
function of(conversation) {
  return { "Usher-Conversation": conversation };
}

/** A new name that no other message has. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function call(method, url, body, { timeout = TIMEOUT, headers = {} } = {}) {
  const request = { method, headers, cache: "no-store", signal: AbortSignal.timeout?.(timeout) };
  if (body) Object.assign(request, { body: JSON.stringify(body), headers: { ...headers, "Content-Type": "application/json" } });
  let response;
  let answer = null;
  try {
    response = await fetch(url, request);
    if (response.status === 204) return null;
    answer = await response.json();
  } catch (error) {
    if (!response || response.ok || response.status >= 500) throw new Unreachable(error.message);
  }
  if (response.ok) return answer;
  if (response.status >= 500 && response.status !== 503) throw new Unreachable(`status ${response.status}`);
  throw new Refused(response.status, answer);
}
