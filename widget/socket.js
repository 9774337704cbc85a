/**
 * A client for socket.io servers (Engine.IO 4, Socket.IO 5): the default namespace, text only. WebSocket first, long polling
 * where no WebSocket comes through. Connects again by itself until it is stopped. Knows nothing of conversations.
 *
 * @typedef {{open: () => void, closed: () => void, heard: (name: string, data: any) => void}} Listener
 * @typedef {{send: (packet: string) => void, close: () => void}} Transport
 */

const SEPARATOR = "\x1e"; // between packets of one poll
const OPEN_MS = 5_000; // a network that swallows a WebSocket says nothing: then polling is tried
const FIRST_MS = 400;
const LONGEST_MS = 5_000;

export class Socket {
  /** @type {Transport | null} */
  #transport = null;
  #wanted = false;
  #connected = false;
  #polling = false;
  #failures = 0;
  #timer; // the next try, the end of a try, or the next sign of life: one at a time
  #answers = new Map();
  #count = 0;

  /** @param {URL} address of the folder `socket.io/` @param {Listener} listener */
  constructor(address, listener) {
    this.#address = address;
    this.#listener = listener;
  }

  #address;
  #listener;

  get connected() {
    return this.#connected;
  }

  start() {
    this.#wanted = true;
    this.#connect();
  }

  stop() {
    this.#wanted = false;
    this.#lost();
  }

  /** Connects now: at once where it waits for its next try, anew where the connection may be dead. */
  renew() {
    this.#failures = 0;
    this.#lost(0);
  }

  /**
   * Sends an event and waits for its acknowledgement. Rejects without a connection, when it breaks, and after a time.
   * @param {string} name @param {object} data @param {number} milliseconds
   * @returns {Promise<any>}
   */
  ask(name, data, milliseconds) {
    return new Promise((resolve, reject) => {
      if (!this.#connected) return reject(new Error("no connection"));
      const id = this.#count++;
      const late = setTimeout(() => this.#settle(id, "reject", new Error("no answer")), milliseconds);
      this.#answers.set(id, { resolve, reject, late });
      this.#transport.send(`42${id}${JSON.stringify([name, data])}`);
    });
  }

  #settle(id, how, value) {
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    clearTimeout(answer?.late);
    answer?.[how](value);
  }

  #connect() {
    clearTimeout(this.#timer);
    if (!this.#wanted || this.#transport) return;
    this.#timer = setTimeout(() => this.#lost(), OPEN_MS);
    const url = new URL(this.#address);
    url.search = `EIO=4&transport=${this.#polling ? "polling" : "websocket"}`;
    // What an old transport still says is not heard.
    const mine = (act) => (value) => this.#transport === transport && act(value);
    const open = this.#polling ? poll : webSocket;
    const transport = open(
      url,
      mine((packet) => this.#take(packet)),
      mine(() => this.#lost()),
    );
    this.#transport = transport;
  }

  #take(packet) {
    const rest = packet.slice(1);
    if (packet[0] === "0") {
      const { pingInterval, pingTimeout } = JSON.parse(rest);
      this.#silence = pingInterval + pingTimeout;
      this.#transport.send("40");
    } else if (packet[0] === "2") {
      this.#transport.send("3");
      this.#alive();
    } else if (packet[0] === "1") {
      this.#lost();
    } else if (packet[0] === "4") {
      this.#message(rest);
    }
  }

  #silence = 45_000;

  /** Nothing was heard for longer than the server promised: nobody is there. */
  #alive() {
    if (!this.#connected) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lost(0), this.#silence);
  }

  #message(packet) {
    const [, id, json] = /^.(\d*)(.*)/s.exec(packet);
    if (packet[0] === "0") {
      this.#connected = true;
      this.#failures = 0;
      this.#alive();
      this.#listener.open();
    } else if (packet[0] === "2") {
      this.#listener.heard(...JSON.parse(json));
    } else if (packet[0] === "3") {
      this.#settle(Number(id), "resolve", JSON.parse(json)[0]);
    } else {
      this.#lost(); // "1": the server sends us away; "4": it does not take us
    }
  }

  /** The end of a connection or of a try; the next one follows, later each time and at no common moment of many pages. */
  #lost(wait) {
    clearTimeout(this.#timer);
    const was = this.#connected;
    // A WebSocket that did not come about is followed by polling, and that by a pause.
    const fallBack = wait === undefined && this.#transport && !was && !this.#polling;
    const transport = this.#transport;
    this.#transport = null;
    this.#connected = false;
    this.#polling = Boolean(fallBack);
    transport?.close();
    for (const id of [...this.#answers.keys()]) this.#settle(id, "reject", new Error("connection lost"));
    if (was) this.#listener.closed();
    if (!this.#wanted) return;
    const pause = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    if (!fallBack && wait === undefined) this.#failures++;
    this.#timer = setTimeout(() => this.#connect(), fallBack ? 0 : (wait ?? pause));
  }
}

/** @returns {Transport} */
function webSocket(url, take, gone) {
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  socket.onmessage = ({ data }) => take(data);
  socket.onclose = socket.onerror = gone;
  return { send: (packet) => socket.readyState === 1 && socket.send(packet), close: () => socket.close() };
}

/** @returns {Transport} */
function poll(url, take, gone) {
  const end = new AbortController();
  let waiting = [];
  let posting = false;
  const ask = async (body, how = {}) => {
    const method = body === undefined ? "GET" : "POST";
    const answer = await fetch(url, { method, body, cache: "no-store", signal: end.signal, ...how });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  };
  const listen = async () => {
    try {
      while (!end.signal.aborted) {
        for (const packet of (await ask()).split(SEPARATOR)) {
          if (packet[0] === "0") url.searchParams.set("sid", JSON.parse(packet.slice(1)).sid);
          take(packet);
        }
      }
    } catch {
      gone();
    }
  };
  const post = async () => {
    posting = true;
    try {
      while (waiting.length) await ask(waiting.splice(0).join(SEPARATOR));
    } catch {
      gone();
    }
    posting = false;
  };
  listen();
  return {
    send(packet) {
      waiting.push(packet);
      if (!posting) post();
    },
    close() {
      end.abort();
      // Said in passing, so that the server need not find out by waiting.
      if (url.searchParams.has("sid")) ask("1", { signal: undefined, keepalive: true }).catch(() => {});
    },
  };
}
