/**
 * One conversation with the server: the session, the lines, and one's own messages until the server has them. Knows the
 * socket and nothing of the page; what happens is told to a listener.
 *
 * A message is sent with an id of its own, under which the server stores it once: sending it again is always safe. What is
 * not confirmed yet is remembered for all tabs; each shows it, and one of them sends it.
 */

import { alone, lasting, newId, watchTabs } from "./memory.js";
import { Socket } from "./socket.js";
import { Transcript } from "./transcript.js";

/**
 * @typedef {import("./transcript.js").Line} Line
 * @typedef {{error: string, title: string, detail: string}} Refusal
 * @typedef {"waiting" | "sending" | "sent" | "failed"} State
 * @typedef {{id: string, text: string, at: string, state: State, sequence: number | null, refusal: Refusal | null,
 *   tries: number}} Own
 * @typedef {{handled_by: string, place: number | null, open: boolean, until: string | null, opens_at: string,
 *   zone: string}} People
 * @typedef {object} Listener
 * @property {(lines: Line[], past: boolean) => void} lines  new lines; `past` when they were said before this page asked
 * @property {(own: Own) => void} own  one's own message, new or changed
 * @property {(own: Own) => void} dropped  it is sent or given up by another tab
 * @property {() => void} forget  the server began another conversation: what was shown is not part of it
 * @property {(online: boolean) => void} online
 * @property {(ready: boolean) => void} ready  whether the assistant has started
 * @property {(people: People) => void} people  who answers, the place in line, the hours
 * @property {(identified: boolean) => void} identified  whether the company's token was accepted
 * @property {(refusal: Refusal) => void} refused  no conversation is to be had
 */

const ANSWER_MS = 6_000; // the server acknowledges once the message is stored, long before it is answered
const TRIES = 3; // then the customer is told, and decides
const AGAIN_MS = 2_000;
const STARTING_MS = 4_000; // how often to ask whether the assistant has started

export class Conversation {
  #transcript = new Transcript();
  /** @type {Own[]} not confirmed yet, in the order written */
  #unsent = [];
  #joined = false;
  #joining = false;
  #again = false;
  #entered = false;
  #pumping = false;
  #notBefore = 0; // when the server takes messages again
  #token = null;
  #timer = 0;

  /**
   * @param {{server: URL, brand: string | null, language: () => string, listener: Listener}} options
   *   `server`: the folder that the loader came from
   */
  constructor({ server, brand, language, listener }) {
    this.#server = server;
    this.#brand = brand;
    this.#language = language;
    this.#listener = listener;
    this.#sessionKey = `session.${brand ?? ""}`;
    this.#unsentKey = `unsent.${brand ?? ""}.`;
    this.#session = lasting.get(this.#sessionKey);
    this.#socket = new Socket(new URL("socket.io/", server), {
      open: () => this.#join(),
      closed: () => this.#away(),
      heard: (name, data) => this.#hear(name, data),
    });
  }

  #server;
  #brand;
  #language;
  #listener;
  #sessionKey;
  #unsentKey;
  #session;
  #socket;
  #unwatch;

  /** @returns {Line[]} */
  get lines() {
    return this.#transcript.lines;
  }

  /** Whether anything was said. */
  get started() {
    return this.#unsent.length > 0 || this.#transcript.lines.length > 0;
  }

  /** Connects, and shows what an earlier page could not send. */
  open() {
    const kept = lasting.keys(this.#unsentKey).map((key) => lasting.get(key));
    for (const own of kept.map(readOwn).filter(Boolean).sort(byTime)) this.#add(own);
    this.#unwatch = watchTabs((key, value) => this.#otherTab(key, value));
    for (const name of WAKING) addEventListener(name, this.#wake);
    this.#socket.start();
    // Until shown otherwise there is a connection: making one takes a moment and is no interruption.
    this.#timer = setTimeout(() => this.#joined || this.#listener.online(false), AGAIN_MS);
  }

  /** Says something: shown at once, sent as soon as may be. @param {string} text */
  say(text) {
    const own = { id: newId(), text, at: new Date().toISOString() };
    lasting.set(this.#unsentKey + own.id, JSON.stringify(own));
    this.#add(own);
    this.#pump();
  }

  /** Sends a failed message again, under the same id, as the last one. @param {Own} own */
  retry(own) {
    own.refusal = null;
    own.tries = 0;
    this.#unsent = [...this.#unsent.filter((other) => other !== own), own];
    this.#change(own, "waiting");
    this.#pump();
  }

  /** Drops a message that was refused (its text goes back to the field). @param {Own} own */
  drop(own) {
    this.#unsent = this.#unsent.filter((other) => other !== own);
    lasting.set(this.#unsentKey + own.id, null);
  }

  /** Tells the server who the company's site says is here. @param {string} token */
  identify(token) {
    this.#token = token;
    if (this.#socket.connected) this.#join();
  }

  /** Leaves this conversation for a new one, in all tabs. */
  restart() {
    for (const own of this.#unsent) this.drop(own);
    lasting.set(this.#sessionKey, null);
    this.#session = null;
    this.#forget();
    // A new connection: the old one stays in the room of the old conversation.
    this.#socket.renew();
  }

  /** Asks who answers now, and the place in line. */
  async askPeople() {
    const people = await this.#socket.ask("standing", {}, ANSWER_MS).catch(() => null);
    if (people && !people.error) this.#listener.people(people);
  }

  /**
   * The customer's verdict. @param {"rate" | "feedback"} name @param {object} data
   * @returns {Promise<{ok?: true, error?: string, detail?: string}>}
   */
  judge(name, data) {
    return this.#socket.ask(name, data, ANSWER_MS).catch(() => ({ error: "offline" }));
  }

  /**
   * Asks the server over HTTP about this conversation.
   * @param {string} path below the conversation
   * @param {{method?: string, json?: object, body?: FormData, read?: "json" | "blob"}} [how]
   * @returns {Promise<{ok: boolean, status: number, body: any}>} status 0 without a connection
   */
  async call(path, { method = "POST", json, body, read = "json" } = {}) {
    const [id, token] = (this.#session ?? ".").split(".");
    const headers = { Authorization: `Bearer ${token}`, "Accept-Language": this.#language() };
    if (json) headers["Content-Type"] = "application/json";
    try {
      const url = new URL(`api/v1/conversations/${id}/${path}`, this.#server);
      const answer = await fetch(url, { method, headers, body: json ? JSON.stringify(json) : body });
      return { ok: answer.ok, status: answer.status, body: await answer[read]().catch(() => ({})) };
    } catch {
      return { ok: false, status: 0, body: {} };
    }
  }

  stop() {
    clearTimeout(this.#timer);
    this.#unwatch?.();
    for (const name of WAKING) removeEventListener(name, this.#wake);
    this.#socket.stop();
  }

  /** The network came or went, or a phone wakes up: what the connection is worth shows by making it anew. */
  #wake = ({ type }) => {
    if (type !== "pageshow" || !this.#socket.connected) this.#socket.renew();
  };

  #away() {
    this.#joined = false;
    // A connection that is there again at once (another network, a restart) is no interruption to speak of.
    this.#later(300, () => this.#joined || this.#listener.online(false));
  }

  #hear(name, data) {
    // The server gives this page another session once its customer has proved who they are; the one before is over.
    if (name === "session_confirm" && this.#joined && sameTalk(data, this.#session)) {
      this.#session = data;
      return lasting.set(this.#sessionKey, data);
    }
    if (name !== "bot_uttered" && name !== "user_line") return;
    this.#take([data], false);
    if (data.handled_by) this.#listener.people(data);
  }

  /** Takes the conversation up, or begins one. Also asked again while the assistant starts. */
  async #join() {
    if (this.#joining) return void (this.#again = true);
    this.#joining = true;
    try {
      // Of two tabs that open together one begins the conversation, and the other joins it.
      await (this.#session ? this.#request() : alone(this.#sessionKey, () => this.#request()));
    } catch {
      // No answer, or the connection broke: then "open" comes again by itself.
      if (this.#socket.connected) this.#later(AGAIN_MS, () => this.#join());
    }
    this.#joining = false;
    if (this.#again) {
      this.#again = false;
      if (this.#socket.connected) this.#join();
    }
  }

  async #request() {
    const token = this.#token;
    this.#session ??= lasting.get(this.#sessionKey);
    const answer = await this.#socket.ask(
      "session_request",
      {
        session_id: this.#session,
        brand: this.#brand,
        language: this.#language(),
        after: this.#transcript.after,
        identity_token: token,
      },
      ANSWER_MS,
    );
    // Too much at once, or the server's database is away: it says when to come back.
    if (answer.retry_after) return this.#later(answer.retry_after * 1000, () => this.#socket.connected && this.#join());
    if (answer.error) return this.#listener.refused(answer);
    if (token) {
      if (this.#token === token) this.#token = null;
      this.#listener.identified(answer.identified);
    }
    this.#enter(answer);
  }

  #enter(answer) {
    if (answer.session_id !== this.#session) {
      if (this.#session && !sameTalk(answer.session_id, this.#session)) this.#forget();
      this.#session = answer.session_id;
      lasting.set(this.#sessionKey, this.#session);
    }
    // Said before this page asked, the first time only; what was missed during an interruption is news.
    this.#take(answer.lines, !this.#entered);
    if (answer.more) return void (this.#again = true);
    clearTimeout(this.#timer);
    this.#joined = this.#entered = true;
    this.#listener.online(true);
    this.#listener.ready(answer.ready);
    this.#listener.people(answer.people);
    if (!answer.ready) this.#later(STARTING_MS, () => this.#socket.connected && this.#join());
    this.#pump();
  }

  /** Sends what waits, one after the other: the order in which the server stores them is the order written. */
  async #pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    let next;
    const may = () => this.#joined && Date.now() >= this.#notBefore;
    const waiting = () => may() && (next = this.#unsent.find((own) => own.state === "waiting"));
    while (waiting()) await alone(this.#unsentKey, async () => this.#unsent.includes(next) && this.#send(next));
    this.#pumping = false;
  }

  /** @param {Own} own */
  async #send(own) {
    if (!this.#joined || own.sequence !== null) return;
    this.#change(own, "sending");
    own.tries++;
    let answer;
    try {
      const message = { message: own.text, message_id: own.id, session_id: this.#session };
      answer = await this.#socket.ask("user_uttered", message, ANSWER_MS);
    } catch {
      if (own.sequence !== null) return;
      this.#change(own, own.tries < TRIES ? "waiting" : "failed");
      if (this.#socket.connected) this.#socket.renew(); // it does not answer: it may be dead
      return;
    }
    if (answer.error === "unauthorized") {
      // The server has forgotten who this socket is (it was restarted): the session says it again.
      this.#joined = false;
      this.#change(own, "waiting");
      this.#later(500, () => this.#socket.connected && this.#join());
    } else if (answer.retry_after) {
      own.tries = 0;
      this.#change(own, "waiting");
      this.#notBefore = Date.now() + answer.retry_after * 1000;
      setTimeout(() => this.#pump(), answer.retry_after * 1000 + 50);
    } else if (answer.error) {
      own.refusal = answer;
      this.#change(own, "failed");
    } else {
      this.#confirm(own, answer.sequence, answer.text);
      this.#listener.ready(answer.ready);
    }
  }

  /** @param {Line[]} lines @param {boolean} past */
  #take(lines, past) {
    const fresh = [];
    for (const line of lines) {
      const own = line.message_id && this.#unsent.find((other) => other.id === line.message_id);
      if (own) this.#confirm(own, line.sequence, line.text);
      else if (this.#transcript.add(line)) fresh.push(line);
    }
    if (fresh.length) this.#listener.lines(fresh, past);
  }

  /** The message stands in the transcript, as the server stored it. Comes as its acknowledgement or as a line, or as both. */
  #confirm(own, sequence, text) {
    // Sent by another tab in the meantime: then it is one of the lines.
    if (own.sequence !== null || !this.#unsent.includes(own)) return;
    own.sequence = sequence;
    own.text = text;
    this.drop(own);
    this.#transcript.add({ sequence, text, author: "customer", language: null, at: own.at, message_id: own.id });
    this.#change(own, "sent");
  }

  #add({ id, text, at }) {
    const own = { id, text, at, state: "waiting", sequence: null, refusal: null, tries: 0 };
    this.#unsent.push(own);
    this.#change(own, "waiting");
  }

  #change(own, state) {
    own.state = state;
    this.#listener.own(own);
  }

  #otherTab(key, value) {
    if (key === this.#sessionKey && value && value !== this.#session) {
      if (!sameTalk(value, this.#session)) this.#forget();
      this.#session = value;
      this.#socket.renew();
    }
    if (!key.startsWith(this.#unsentKey)) return;
    const known = this.#unsent.find((own) => this.#unsentKey + own.id === key);
    const own = readOwn(value);
    if (own && !known) {
      this.#add(own);
      this.#pump();
    } else if (!own && known) {
      this.#unsent = this.#unsent.filter((other) => other !== known);
      this.#listener.dropped(known);
    }
  }

  #forget() {
    this.#joined = this.#entered = false;
    this.#transcript.clear();
    this.#listener.forget();
  }

  #later(milliseconds, action) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(action, milliseconds);
  }
}

const WAKING = ["online", "offline", "pageshow"];
/** Whether two session ids are of one conversation: what stands before the point is its id. @param {any} one @param {string | null} other */
const sameTalk = (one, other) => String(one).split(".")[0] === String(other).split(".")[0];
const byTime = (one, other) => one.at.localeCompare(other.at);

/** What a tab remembered of a message; null for what is no such thing. */
function readOwn(value) {
  try {
    const { id, text, at } = JSON.parse(value);
    return typeof text === "string" ? { id, text, at } : null;
  } catch {
    return null;
  }
}
