/**
 * The list of messages: a live region in which each message appears once. A node that moves or is built again is read
 * aloud again, so nodes stay where they are as long as their order allows, and other changes are made quietly.
 */

import { h, icon } from "./dom.js";
import { link, render } from "./markdown.js";
import { inPlace, placeOf } from "./transcript.js";
import { word } from "./words.js";

/**
 * @typedef {import("./transcript.js").Line} Line
 * @typedef {import("./conversation.js").Own} Own
 * @typedef {{node: HTMLElement, sequence: number | null, own: Own | null, relabel: () => void,
 *   update: (state: string) => void}} Entry
 * @typedef {object} Actions
 * @property {(text: string) => void} say
 * @property {(own: Own) => void} retry
 * @property {(own: Own) => void} edit
 * @property {() => void} onward  the conversation goes on by text message
 * @property {(line: Line, helpful: boolean) => Promise<boolean>} judge  whether a reply helped; true once the server has it
 */

const QUIET_MS = 250; // long enough for the browser to have told the screen reader about the change
const NEAR_PX = 80; // closer to the end than this, the reader follows the conversation
// Sending these again would be refused again: the customer has to change them.
const PERMANENT = new Set(["empty_message", "long_message", "binary_message", "bad_message_id", "message_id_used"]);

export class Log {
  /** @type {Entry[]} in the order shown */
  #entries = [];
  #buttons = null;
  #verdict = null; // the question whether the last article helped, and whose it is
  #quiet = 0;
  #pinned = true; // the end is in view

  /**
   * @param {{word: (key: string, values?: object) => string, language: () => string, server: URL, actions: Actions}} options
   */
  constructor({ word, language, server, actions }) {
    this.#word = word;
    this.#language = language;
    this.#server = server;
    this.#actions = actions;
    this.typing = h(
      "div",
      { class: "typing", "data-test": "typing", "aria-hidden": "true", hidden: true },
      ...[1, 2, 3].map(() => h("i")),
    );
    this.intro = h("div", { id: "intro", class: "intro", "data-test": "intro" });
    this.node = h(
      "div",
      // Focusable: who has no mouse scrolls it with the arrow keys.
      {
        class: "log",
        role: "log",
        "aria-live": "polite",
        "aria-relevant": "additions",
        tabindex: "0",
        "data-test": "log",
      },
      this.intro,
      this.typing,
    );
    this.more = h(
      "button",
      { class: "more", type: "button", hidden: true, onclick: () => this.toEnd() },
      icon("M12 5v14M5.5 12.5L12 19l6.5-6.5"),
    );
    this.node.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // The field grows, a notice comes, a phone's keyboard opens: who saw the last line still sees it.
    new ResizeObserver(() => this.#pinned && this.toEnd()).observe(this.node);
  }

  #word;
  #language;
  #server;
  #actions;

  /** @param {Line[]} lines @param {boolean} past said before this page: shown without being read aloud */
  show(lines, past) {
    if (past) this.quietly(() => lines.forEach((line) => this.#insert(this.#entryOf(line))));
    else this.#follow(() => lines.forEach((line) => this.#insert(this.#entryOf(line))));
    if (past) this.toEnd();
  }

  /** One's own message, at first or after a change. @param {Own} own @param {string} state as shown */
  showOwn(own, state) {
    let entry = this.#entries.find((other) => other.own === own);
    if (!entry) {
      entry = this.#ownEntry(own);
      this.#entries.push(entry);
      this.typing.before(entry.node);
    }
    const known = entry.sequence !== null;
    entry.sequence = own.sequence;
    entry.update(state);
    if (own.sequence !== null && !known) this.#settle(entry);
    this.toEnd();
  }

  /** Whether something was said that the server does not have yet: the choices above it are of the past. */
  get waits() {
    return this.#entries.some(({ own }) => own && own.sequence === null && !own.refusal);
  }

  /** Shows again how the unsent messages stand (the connection went or came). @param {(own: Own) => string} stateOf */
  restate(stateOf) {
    for (const { own, update } of this.#entries) if (own) update(stateOf(own));
  }

  /** A retried message goes below what was said since it failed. @param {Own} own */
  toBottom(own) {
    const entry = this.#entries.find((other) => other.own === own);
    if (!entry || this.#entries.at(-1) === entry) return;
    this.#entries = [...this.#entries.filter((other) => other !== entry), entry];
    this.quietly(() => this.typing.before(entry.node));
  }

  /** @param {Own} own */
  remove(own) {
    this.#entries = this.#entries.filter((entry) => entry.own !== own || (entry.node.remove(), false));
  }

  clear() {
    this.#ask(null);
    // Own messages that are not sent yet belong to whatever conversation comes.
    this.#entries = this.#entries.filter((entry) => entry.sequence === null || (entry.node.remove(), false));
  }

  /** Whether the last article helped is asked below it, once. @param {Line | null} line */
  ask(line) {
    const entry = line && this.#entries.find((other) => other.sequence === line.sequence);
    if (!entry || this.#verdict?.line === line) return;
    this.#ask({ line, entry });
  }

  #ask(verdict) {
    this.#verdict?.node.remove();
    this.#verdict = verdict;
    if (!verdict) return;
    const button = (key, helpful) =>
      h("button", { type: "button", "data-test": key, onclick: () => this.#judge(verdict, helpful) }, this.#word(key));
    // Not read aloud with the message: who wants to answer finds it below.
    verdict.node = h(
      "div",
      { class: "helped", role: "group", "data-test": "helped", "aria-live": "off", lang: this.#language() },
      h("span", { id: `helped-${verdict.line.sequence}` }, this.#word("helped")),
      button("yes", true),
      button("no", false),
    );
    verdict.node.setAttribute("aria-labelledby", `helped-${verdict.line.sequence}`);
    this.quietly(() => verdict.entry.node.append(verdict.node));
  }

  async #judge({ line, node }, helpful) {
    if (!(await this.#actions.judge(line, helpful))) return;
    const focused = node.contains(node.getRootNode().activeElement);
    const thanks = h("span", { role: "status", tabindex: "-1" }, this.#word("noted"));
    node.replaceChildren(thanks);
    if (focused) thanks.focus();
  }

  /** The choices under the latest reply; those of earlier ones go. @param {Line | null} line */
  offer(line) {
    const entry = line && this.#entries.find((other) => other.sequence === line.sequence);
    if (this.#buttons?.parentNode === (entry?.node ?? null)) return;
    this.#buttons?.remove();
    this.#buttons = null;
    if (!entry) return;
    const choices = line.buttons.map(({ title, reply }) =>
      h("button", { type: "button", "data-test": "reply-button", onclick: () => this.#actions.say(reply) }, title),
    );
    this.#buttons = h("div", { class: "replies", role: "group", "aria-label": this.#word("replies") }, ...choices);
    this.#follow(() => entry.node.append(this.#buttons));
  }

  /** The widget's words in another language; the messages stay as they were said. */
  relabel() {
    this.more.setAttribute("aria-label", this.#word("newMessages"));
    this.#buttons?.setAttribute("aria-label", this.#word("replies"));
    if (this.#verdict?.node.lastChild.localName === "button") this.#ask(this.#verdict);
    this.quietly(() => this.#entries.forEach((entry) => entry.relabel()));
  }

  /** Makes a change that is not to be read aloud. @param {() => void} change */
  quietly(change) {
    this.node.setAttribute("aria-live", "off");
    change();
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.node.setAttribute("aria-live", "polite"), QUIET_MS);
  }

  /** @param {boolean} shown */
  type(shown) {
    if (this.typing.hidden === !shown) return;
    const follow = this.#atEnd();
    this.typing.hidden = !shown;
    if (shown && follow) this.toEnd();
  }

  toEnd() {
    if (!this.#entries.length) return; // the first lines are read from the top
    this.node.scrollTop = this.node.scrollHeight;
    this.more.hidden = true;
  }

  #scrolled() {
    this.#pinned = this.#atEnd();
    if (this.#pinned) this.more.hidden = true;
  }

  #atEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR_PX;
  }

  /** Adds something and goes along, unless the customer reads further up. A long reply is shown from its beginning. */
  #follow(change) {
    const follow = this.#atEnd();
    change();
    if (!follow) {
      this.more.hidden = false;
      return;
    }
    // What the assistant says follows a message; what an agent says stands for itself, and there may be much of it.
    const begun = this.#entries.findLast((entry) => /customer|agent/.test(entry.node.dataset.author));
    this.node.scrollTop = begun ? Math.min(this.node.scrollHeight, begun.node.offsetTop - 12) : this.node.scrollHeight;
  }

  #sequences() {
    return this.#entries.map((entry) => entry.sequence);
  }

  /** @param {Entry} entry */
  #insert(entry) {
    const index = placeOf(this.#sequences(), entry.sequence);
    (this.#entries[index]?.node ?? this.typing).before(entry.node);
    this.#entries.splice(index, 0, entry);
  }

  /** Moves a message whose number shows that it came later than what stands below it. */
  #settle(entry) {
    const index = this.#entries.indexOf(entry);
    if (inPlace(this.#sequences(), index, entry.sequence)) return;
    this.#entries.splice(index, 1);
    this.quietly(() => this.#insert(entry));
  }

  /** @param {Line} line @returns {Entry} */
  #entryOf(line) {
    const text = h("div", { class: line.article ? "bubble article" : "bubble", "data-test": "text" });
    if (line.title) text.append(h("h3", {}, line.title));
    // What customers write is theirs as they wrote it; only replies are Markdown.
    if (line.author === "customer") text.append(h("p", { class: "plain" }, line.text));
    else if (line.text) text.append(render(line.text));
    const files = (line.attachments ?? []).map((file) => this.#fileOf(file)).filter(Boolean);
    const list = files.length ? h("ul", { class: "files" }, ...files.map((file) => h("li", {}, file))) : null;
    // In the language of the message, whose words name it.
    const onward =
      line.offers === "continue_by_text"
        ? h(
            "button",
            { class: "again", type: "button", "data-test": "go-onward", onclick: () => this.#actions.onward() },
            word(line.language, "onward"),
          )
        : null;
    return this.#entry(
      { author: line.author, language: line.language, at: line.at, sequence: line.sequence, channel: line.channel },
      text,
      list,
      onward,
    );
  }

  #fileOf({ title, url }) {
    const address = URL.canParse(url, this.#server) && new URL(url, this.#server);
    // An address that is code (javascript:) is no file.
    if (!address || !/^https?:$/.test(address.protocol)) return null;
    const anchor = link(title || address.pathname, address.href);
    anchor.dataset.test = "attachment";
    return anchor;
  }

  /** @param {Own} own */
  #ownEntry(own) {
    const text = h("p", { class: "plain" }, own.text);
    const state = h("span", { class: "state", "data-test": "state" });
    const problem = h("p", { class: "problem", role: "alert", "data-test": "problem" });
    const again = h("button", { type: "button", class: "again" });
    const entry = this.#entry(
      { author: "customer", language: null, at: own.at, sequence: null, state },
      h("div", { class: "bubble", "data-test": "text" }, text),
    );
    entry.own = own;
    again.addEventListener("click", () => this.#actions[again.dataset.test](own));
    entry.update = (shown) => {
      if (text.textContent !== own.text) text.textContent = own.text; // the server masks card numbers
      state.textContent = this.#word(shown);
      entry.node.dataset.state = shown;
      if (own.sequence !== null) entry.node.dataset.sequence = String(own.sequence);
      problem.remove();
      again.remove();
      if (shown !== "failed") return;
      const { title, detail, error } = own.refusal ?? { detail: this.#word("noAnswer") };
      problem.textContent = [title, detail].filter(Boolean).join(this.#word("colon"));
      again.dataset.test = PERMANENT.has(error) ? "edit" : "retry";
      again.textContent = this.#word(again.dataset.test);
      entry.node.append(problem, again);
    };
    const { relabel } = entry;
    entry.relabel = () => {
      relabel();
      entry.update(entry.node.dataset.state);
    };
    return entry;
  }

  /** The frame that all messages share: who, what, when. @returns {Entry} */
  #entry({ author, language, at, sequence, channel, state = null }, ...content) {
    const who = h("span", { class: author === "agent" ? "author" : "author unseen" });
    const time = h("time", { datetime: at });
    // Not part of the live region: who hears the message need not hear that it went from "sending" to "sent".
    const foot = h("div", { class: "foot", "aria-live": "off" }, time, state);
    const node = h(
      "div",
      {
        class: "message",
        "data-test": "message",
        "data-author": author,
        "data-sequence": sequence,
        lang: language ?? this.#language(),
      },
      who,
      ...content,
      foot,
    );
    const relabel = () => {
      const own = this.#language();
      who.lang = foot.lang = own;
      who.textContent =
        this.#word(author === "customer" || author === "agent" ? author : "assistant") + this.#word("colon");
      time.textContent = timeOf(at, own) + (channel === "sms" ? ` · ${this.#word("byText")}` : "");
    };
    relabel();
    return { node, sequence, own: null, relabel, update() {} };
  }
}

/** The hour, and the day where it is not today. */
function timeOf(at, language) {
  const moment = new Date(at);
  const today = moment.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(`${language}-CA`, { ...day, hour: "numeric", minute: "2-digit" }).format(moment);
}
