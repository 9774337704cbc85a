/**
 * What a customer can do with a conversation beside talking: rate it, keep it, begin another, and join files to a support
 * request. Loaded with the panel; each opens a sheet.
 */

import { holdsCard } from "./cards.js";
import { h } from "./dom.js";

const MOST_BYTES = 10 * 1024 * 1024; // as the server's
const SCORES = [1, 2, 3, 4, 5];

export class After {
  /** @type {File[]} that wait for a request to be opened */
  #waiting = [];

  /**
   * @param {{conversation: import("./conversation.js").Conversation, sheet: import("./sheet.js").Sheet,
   *   word: (key: string, values?: object) => string, language: () => string, say: (text: string) => void, title: string}} options
   */
  constructor({ conversation, sheet, word, language, say, title }) {
    this.#conversation = conversation;
    this.#sheet = sheet;
    this.#word = word;
    this.#language = language;
    this.#say = say;
    this.#title = title;
  }

  #conversation;
  #sheet;
  #word;
  #language;
  #say;
  #title;

  /** A rating from 1 to 5 and a comment; the latest counts. */
  rate() {
    const word = this.#word;
    const scores = SCORES.map((score) =>
      h("label", {}, h("input", { type: "radio", name: "score", value: score, "data-test": `score-${score}` }), `${score}`),
    );
    const ends = h("p", { class: "ends" }, h("span", {}, `1 – ${word("worst")}`), h("span", {}, `5 – ${word("best")}`));
    const comment = h("textarea", { id: "comment", rows: "2", maxlength: 2000, "data-test": "comment" });
    const parts = [
      h("fieldset", {}, h("legend", {}, word("rateQuestion")), h("div", { class: "scores" }, ...scores), ends),
      h("label", { for: "comment" }, word("comment")),
      comment,
    ];
    this.#sheet.open(word("rate"), parts, word("send"), async () => {
      const chosen = scores.find((label) => label.firstChild.checked);
      if (!chosen) return scores[0].firstChild.focus();
      if (holdsCard(comment.value)) return this.#sheet.tell(word("card"));
      const answer = await this.#conversation.judge("rate", {
        score: Number(chosen.firstChild.value),
        comment: comment.value.trim() || null,
      });
      this.#ended(answer, "rate", word("noted"));
    });
  }

  /** The conversation to an address. */
  mail() {
    const done = (email) => this.#ended({}, "mail", this.#word("mailed", { address: email }));
    this.#post("mail", "send", "transcript", { email: ["address", { type: "email", autocomplete: "email" }] }, done);
  }

  /** The conversation goes on by text message: a phone, then the code that comes there. What follows stands in the conversation. */
  onward() {
    const code = { code: ["code", { inputmode: "numeric", autocomplete: "one-time-code" }] };
    const confirm = (_, { phone }) =>
      this.#post("onward", "confirm", "phone/code", code, () => this.#sheet.close(), this.#word("codeSent", { phone }));
    const phone = { phone: ["phone", { type: "tel", autocomplete: "tel-national" }] };
    this.#post("onward", "sendCode", "phone", phone, confirm, this.#word("onwardWhy"));
  }

  /** A sheet with one field, whose value goes to the server. `field`: by its name there, its word and what it is. */
  #post(title, submit, path, field, done, why) {
    const [[name, [word, kind]]] = Object.entries(field);
    const input = h("input", { id: "asked", "data-test": `sheet-${name}`, ...kind });
    const parts = [why && h("p", { role: "status" }, why), h("label", { for: "asked" }, this.#word(word)), input];
    this.#sheet.open(this.#word(title), parts, this.#word(submit), async () => {
      this.#sheet.busy = true;
      const { ok, body } = await this.#conversation.call(path, { json: { [name]: input.value } });
      if (ok) done(input.value, body);
      else this.#sheet.tell(body.detail ?? this.#word("notNow"));
    });
  }

  /** The customer's support requests, with the files that were added: each can be had again. */
  async requests() {
    const word = this.#word;
    const { ok, body } = await this.#conversation.call("requests", { method: "GET" });
    const parts = [];
    for (const { number, description } of body.requests ?? []) {
      const path = `requests/${number}/attachments`;
      const found = await this.#conversation.call(path, { method: "GET" });
      const files = (found.body.attachments ?? []).map(({ id, name, size }) => {
        const act = () => this.#again(`${path}/${id}`, name);
        const button = h("button", { type: "button", class: "link", "data-test": "file-again", onclick: act }, name);
        return h("li", {}, button, " ", h("small", {}, sizeOf(size, this.#language())));
      });
      parts.push(h("p", {}, `${number} – ${description}`), files.length ? h("ul", { class: "names" }, ...files) : null);
    }
    if (!parts.length) parts.push(h("p", {}, ok ? word("noRequests") : (body.detail ?? word("notNow"))));
    this.#sheet.open(word("requests"), parts, null);
  }

  async #again(path, name) {
    const { ok, body } = await this.#conversation.call(path, { method: "GET", read: "blob" });
    if (ok) save(body, name);
    else this.#sheet.tell(this.#word("notNow"));
  }

  /** The conversation as a text file, made here. */
  download() {
    const format = new Intl.DateTimeFormat(`${this.#language()}-CA`, { dateStyle: "long", timeStyle: "short" });
    const entries = this.#conversation.lines.map(({ author, at, title, text }) => {
      const who = this.#word(author === "customer" || author === "agent" ? author : "assistant");
      return [`${who} · ${format.format(new Date(at))}`, title, text].filter(Boolean).join("\n");
    });
    const file = new Blob([[this.#title, ...entries, ""].join("\n\n")], { type: "text/plain;charset=utf-8" });
    save(file, `${this.#word("fileName")}.txt`);
  }

  /** Another conversation, after a word of warning. */
  restart() {
    const parts = [h("p", {}, this.#word("restartWarning"))];
    this.#sheet.open(this.#word("restart"), parts, this.#word("restart"), () => {
      this.#sheet.close();
      this.#conversation.restart();
    });
  }

  /** Files go to a request: which one, or the offer to open one. @param {File[]} files */
  async attach(files) {
    if (!files.length) return;
    const word = this.#word;
    const { ok, body } = await this.#conversation.call("requests", { method: "GET" });
    if (!ok) return this.#sheet.open(word("files"), [h("p", {}, body.detail ?? word("notNow"))], null);
    const open = body.requests.filter((request) => request.open);
    const names = files.map((file) => {
      const size = file.size > MOST_BYTES ? word("fileTooLarge") : sizeOf(file.size, this.#language());
      return h("li", {}, file.name, " ", h("small", {}, size));
    });
    const list = h("ul", { class: "names", "data-test": "files" }, ...names);
    if (!open.length) {
      this.#waiting = files;
      return this.#sheet.open(word("files"), [list, h("p", {}, word("noRequest"))], word("openRequest"), () => {
        this.#sheet.close();
        this.#say(word("askRequest"));
      });
    }
    const options = open.map(({ number, description }) => h("option", { value: number }, `${number} – ${description}`));
    const choice = h("select", { id: "request", "data-test": "request" }, ...options);
    const label = h("label", { for: "request" }, word("whichRequest"));
    this.#sheet.open(word("files"), [list, label, choice], word("send"), async () => {
      this.#sheet.busy = true;
      const failed = await this.#send(files, names, choice.value);
      if (failed) return this.#sheet.tell(failed);
      this.#waiting = [];
      this.#sheet.close();
    });
  }

  /** A request may have been opened for the files that wait. */
  async resume() {
    if (!this.#waiting.length) return;
    const { body } = await this.#conversation.call("requests", { method: "GET" });
    if (body.requests?.some((request) => request.open)) this.attach(this.#waiting);
  }

  /** One after the other; what the server says of one that it refuses. */
  async #send(files, names, number) {
    let failed = "";
    for (const [index, file] of files.entries()) {
      const state = names[index].lastChild;
      if (state.className === "sent") continue; // the second try of the others
      state.textContent = this.#word("sending");
      const body = new FormData();
      body.append("file", file, file.name || "image.png");
      const tooLarge = file.size > MOST_BYTES;
      const answer = tooLarge ? { ok: false, body: {} } : await this.#conversation.call(`requests/${number}/attachments`, { body });
      state.className = answer.ok ? "sent" : "problem";
      state.textContent = answer.ok ? this.#word("sent") : tooLarge ? this.#word("fileTooLarge") : this.#word("failed");
      if (!answer.ok) failed = tooLarge ? this.#word("fileTooLarge") : (answer.body.detail ?? this.#word("notNow"));
    }
    return failed;
  }

  #ended(answer, title, said) {
    if (answer.error !== undefined) return this.#sheet.tell(answer.detail ?? this.#word("notNow"));
    const text = h("p", { role: "status", "data-test": "sheet-done" }, said);
    this.#sheet.open(this.#word(title), [text], null);
  }
}

/** @param {Blob} file @param {string} name */
function save(file, name) {
  const link = h("a", { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** "12 Ko", "1.5 MB". */
function sizeOf(bytes, language) {
  const [unit, amount] = bytes < 1_000_000 ? ["kilobyte", Math.max(1, bytes / 1000)] : ["megabyte", bytes / 1_000_000];
  return new Intl.NumberFormat(`${language}-CA`, { style: "unit", unit, maximumFractionDigits: bytes < 1_000_000 ? 0 : 1 }).format(amount);
}
