/**
 * One conversation with the server: the session, the lines, and one's own messages until the server has them. Knows the
 * socket and nothing of the page; what happens is told to a listener.
 *
 * A message is sent with an id of its own, under which the server stores it once: sending it again is always safe.
 */

import { lasting, newId, ofTab } from "./memory.js";
import { Transcript } from "./transcript.js";
import { io } from "./vendor/socket.io.esm.min.js";

/**
 * @typedef {import("./transcript.js").Line} Line
 * @typedef {{error: string, title: string, detail: string}} Refusal
 * @typedef {"waiting" | "sending" | "sent" | "failed"} State
 * @typedef {{id: string, text: string, at: string, state: State, sequence: number | null, refusal: Refusal | null}} Own
 * @typedef {object} Listener
 * @property {(lines: Line[], past: boolean) => void} lines  new lines; `past` when they were said before this page asked
 * @property {(own: Own) => void} own  one's own message, new or changed
 * @property {() => void} forget  the server began another conversation: what was shown is not part of it
 * @property {(online: boolean) => void} online
 * @property {(ready: boolean, handledBy?: string) => void} ready  whether the assistant has started
 * @property {(refusal: Refusal) => void} refused  no conversation is to be had
 */

const ANSWER_MS = 10_000; // the server acknowledges once the message is stored, long before it is answered
const AGAIN_MS = 2_000;
const STARTING_MS = 4_000; // how often to ask whether the assistant has started

export class Conversation {
  #transcript = new Transcript();
  /** @type {Own[]} not confirmed yet, in the order written */
  #unsent = [];
  #joined = false;
  #joining = false;
  #entered = false;
  #pumping = false;
  #timer = 0;

  /**
   * @param {{server: URL, brand: string | null, language: () => string, listener: Listener}} options
   *   `server`: the folder that the loader came from
   */
  constructor({ server, brand, language, listener }) {
    this.#brand = brand;
    this.#language = language;
    this.#listener = listener;
    this.#sessionKey = `session.${brand ?? ""}`;
    this.#unsentKey = `unsent.${brand ?? ""}`;
    this.#session = lasting.get(this.#sessionKey);
    this.#socket = io(server.origin, {
      path: new URL("socket.io/", server).pathname,
      // Long polling needs every request to reach the same server; it is for networks that let no websocket through.
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      autoConnect: false,
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
    });
  }

  #brand;
  #language;
  #listener;
  #sessionKey;
  #unsentKey;
  #session;
  #socket;

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
    for (const { id, text, at } of this.#kept()) this.#add({ id, text, at });
    const socket = this.#socket;
    socket.on("connect", () => this.#join());
    socket.on("bot_uttered", (line) => this.#take([line], false));
    socket.on("user_line", (line) => this.#take([line], false));
    socket.on("connect_error", () => this.#listener.online(false));
    socket.on("disconnect", (reason) => {
      this.#joined = false;
      if (reason === "io client disconnect") return; // our own doing, to connect anew
      this.#listener.online(false);
      // The one reason after which the library does not try again by itself.
      if (reason === "io server disconnect") this.#later(AGAIN_MS, () => socket.connect());
    });
    addEventListener("online", this.#hurry);
    socket.connect();
  }

  /** Says something: shown at once, sent as soon as may be. @param {string} text */
  say(text) {
    this.#add({ id: newId(), text, at: new Date().toISOString() });
    this.#pump();
  }

  /** Sends a failed message again, under the same id, as the last one. @param {Own} own */
  retry(own) {
    own.refusal = null;
    this.#unsent = [...this.#unsent.filter((other) => other !== own), own];
    this.#change(own, "waiting");
    this.#pump();
  }

  /** Drops a message that was refused (its text goes back to the field). @param {Own} own */
  drop(own) {
    this.#unsent = this.#unsent.filter((other) => other !== own);
    this.#keep();
  }

  /** Leaves this conversation for a new one. */
  restart() {
    lasting.set(this.#sessionKey, null);
    this.#session = null;
    this.#unsent = [];
    this.#keep();
    this.#forget();
    // A new socket connection: the old one stays in the room of the old conversation.
    this.#joined = false;
    this.#socket.disconnect().connect();
  }

  stop() {
    clearTimeout(this.#timer);
    removeEventListener("online", this.#hurry);
    this.#socket.disconnect();
  }

  /** The network is back: no need to wait for the next try. */
  #hurry = () => {
    if (!this.#socket.connected) this.#socket.disconnect().connect();
  };

  /** Takes the conversation up, or begins one. Also asked again while the assistant starts. */
  async #join() {
    if (this.#joining) return;
    this.#joining = true;
    try {
      const answer = await this.#socket.timeout(ANSWER_MS).emitWithAck("session_request", {
        session_id: this.#session,
        brand: this.#brand,
        language: this.#language(),
        after: this.#transcript.after,
      });
      if (answer.error) return this.#listener.refused(answer);
      this.#enter(answer);
    } catch {
      // No answer, or the connection broke: then "connect" comes again by itself.
      if (this.#socket.connected) this.#later(AGAIN_MS, () => this.#join());
    } finally {
      this.#joining = false;
    }
  }

  #enter(answer) {
    if (answer.session_id !== this.#session) {
      if (this.#session) this.#forget();
      this.#session = answer.session_id;
      lasting.set(this.#sessionKey, this.#session);
    }
    // Said before this page asked, the first time only; what was missed during an interruption is news.
    this.#take(answer.lines, !this.#entered);
    this.#joined = this.#entered = true;
    this.#listener.online(true);
    this.#listener.ready(answer.ready, answer.handled_by);
    if (!answer.ready) this.#later(STARTING_MS, () => this.#socket.connected && this.#join());
    // What failed for want of an answer may go now; what was refused would be refused again.
    for (const own of this.#unsent) if (own.state === "failed" && !own.refusal) this.#change(own, "waiting");
    this.#pump();
  }

  /** Sends what waits, one after the other: the order in which the server stores them is the order written. */
  async #pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    let next;
    while (this.#joined && (next = this.#unsent.find((own) => own.state === "waiting"))) await this.#send(next);
    this.#pumping = false;
  }

  /** @param {Own} own */
  async #send(own) {
    this.#change(own, "sending");
    const message = { message: own.text, message_id: own.id, session_id: this.#session };
    let answer;
    try {
      answer = await this.#socket.timeout(ANSWER_MS).emitWithAck("user_uttered", message);
    } catch {
      if (own.sequence === null) this.#change(own, this.#joined ? "failed" : "waiting");
      return;
    }
    if (answer.error === "unauthorized") {
      // The server has forgotten who this socket is (it was restarted): the session says it again.
      this.#joined = false;
      this.#change(own, "waiting");
      this.#later(500, () => this.#socket.connected && this.#join());
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
    if (own.sequence !== null) return;
    own.sequence = sequence;
    own.text = text;
    this.#unsent = this.#unsent.filter((other) => other !== own);
    this.#transcript.add({ sequence, text, author: "customer", language: null, at: own.at, message_id: own.id });
    this.#change(own, "sent");
  }

  #add({ id, text, at }) {
    const own = { id, text, at, state: "waiting", sequence: null, refusal: null };
    this.#unsent.push(own);
    this.#change(own, "waiting");
  }

  #change(own, state) {
    own.state = state;
    this.#keep();
    this.#listener.own(own);
  }

  #forget() {
    this.#transcript.clear();
    this.#listener.forget();
  }

  #keep() {
    ofTab.set(this.#unsentKey, this.#unsent.length ? JSON.stringify(this.#unsent) : null);
  }

  #kept() {
    try {
      return JSON.parse(ofTab.get(this.#unsentKey) ?? "[]");
    } catch {
      return [];
    }
  }

  #later(milliseconds, action) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(action, milliseconds);
  }
}
