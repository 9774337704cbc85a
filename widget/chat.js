/**
 * The open widget: brings the conversation (server) and the panel (page) together, and decides what the customer is told
 * about waiting: typing, starting, interrupted.
 */

import { contrast, isColour, readable } from "./colours.js";
import { Conversation } from "./conversation.js";
import { sheet } from "./dom.js";
import { Log } from "./log.js";
import { Panel } from "./panel.js";
import { STYLES } from "./styles.js";
import { lineWithButtons } from "./transcript.js";
import { word } from "./words.js";

/**
 * @typedef {import("./words.js").Language} Language
 * @typedef {import("./conversation.js").Own} Own
 * @typedef {import("./transcript.js").Line} Line
 * @typedef {{id: string | null, name: string, assistant?: Record<Language, string>, subjects?: Record<Language, string>,
 *   colours?: {main: string, text_on_main: string}}} Brand
 * @typedef {{close: () => void, language: (language: Language) => void, unread: (count: number) => void}} Events
 */

const TYPING_MS = 20_000; // the server answers within 8 s; after this, dots would promise what may not come
// What text in the brand's colour stands on: the darkest of the light surfaces and the lightest of the dark ones in styles.js.
const ON_LIGHT = "#f1f3f7";
const ON_DARK = "#2a2f3a";

export class Chat {
  #online = true; // until shown otherwise: connecting takes a moment and is no interruption
  #ready = true;
  #excused = false; // a reply came although the assistant is not said to have started
  #agent = false;
  #open = false;
  #unread = 0;
  #typing = 0;

  /**
   * @param {{root: ShadowRoot, brand: Brand, server: URL, language: Language, events: Events}} options
   */
  constructor({ root, brand, server, language, events }) {
    this.#brand = brand;
    this.#language = language;
    this.#events = events;
    const say = (key, values) => word(this.#language, key, values);
    this.#log = new Log({
      word: say,
      language: () => this.#language,
      server,
      actions: {
        say: (text) => (this.#panel.focusAgain(), this.say(text)),
        retry: (own) => (this.#panel.focusAgain(), this.#log.toBottom(own), this.#conversation.retry(own)),
        edit: (own) => (this.#conversation.drop(own), this.#log.remove(own), this.#panel.edit(own.text)),
      },
    });
    this.#panel = new Panel({
      log: this.#log,
      word: say,
      brand,
      actions: { send: (text) => this.say(text), close: events.close, switchLanguage: () => this.#switchLanguage() },
    });
    this.#conversation = new Conversation({
      server,
      brand: brand.id,
      language: () => this.#language,
      listener: {
        lines: (lines, past) => this.#hear(lines, past),
        own: (own) => this.#showOwn(own),
        forget: () => this.#forget(),
        dropped: (own) => (this.#log.remove(own), this.#refresh()),
        online: (online) => this.#connected(online),
        ready: (ready) => this.#assistant(ready),
        people: (people) => this.#answeredBy(people),
        identified: (identified) => events.tell("identified", { identified }),
        refused: ({ title, detail }) => this.#panel.refuse(`${title}${say("colon")}${detail}`),
      },
    });
    this.#root = root;
    this.#sheets = [sheet(STYLES), coloursOf(brand)];
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...this.#sheets];
    root.append(this.#panel.node);
    this.#relabel();
    this.#conversation.open();
  }

  #root;
  #sheets;
  #brand;
  #language;
  #events;
  #log;
  #panel;
  #conversation;

  /** @param {boolean} focus whether the customer asked for it */
  open(focus) {
    this.#open = true;
    this.#events.unread((this.#unread = 0));
    this.#panel.open(focus);
  }

  close() {
    this.#open = false;
    this.#panel.close();
  }

  stop() {
    clearTimeout(this.#typing);
    this.#conversation.stop();
    this.#panel.stop();
    this.#root.adoptedStyleSheets = this.#root.adoptedStyleSheets.filter((one) => !this.#sheets.includes(one));
  }

  /** @param {string} text */
  say(text) {
    this.#conversation.say(text);
  }

  /** @param {string} token signed by the company's site */
  identify(token) {
    this.#conversation.identify(token);
  }

  /** Begins a new conversation: a demonstration starts over, or a shared computer passes to somebody else. */
  restart() {
    this.#conversation.restart();
  }

  /** The page's language changed: the widget's words follow, and nothing is said. @param {Language} language */
  speak(language) {
    this.#language = language;
    this.#relabel();
  }

  /** The customer wants the other language: from the widget at once, and from the assistant if they are talking. */
  #switchLanguage() {
    const { started } = this.#conversation;
    this.speak(this.#language === "fr" ? "en" : "fr");
    this.#events.language(this.#language);
    if (started) this.say(word(this.#language, "askLanguage"));
  }

  #hear(lines, past) {
    this.#log.show(lines, past);
    const replies = lines.filter((line) => line.author !== "customer");
    if (replies.length) this.#agent = replies.at(-1).author === "agent";
    if (replies.length && !past) {
      this.#excused = !this.#ready;
      this.#notify();
      if (!this.#open) this.#events.unread((this.#unread += replies.length));
    }
    this.#refresh();
  }

  #showOwn(own) {
    this.#log.showOwn(own, this.#shown(own));
    this.#refresh();
  }

  /** "Waiting" only where there is something to wait for: a first connection looks like sending. */
  #shown(own) {
    return own.state === "waiting" && this.#online ? "sending" : own.state;
  }

  #forget() {
    this.#agent = false;
    this.#log.clear();
    this.#refresh();
  }

  #connected(online) {
    if (online === this.#online) return;
    this.#online = online;
    this.#notify();
    this.#log.restate((own) => this.#shown(own));
    this.#refresh();
  }

  #answeredBy(people) {
    this.#agent = people.handled_by === "agent";
    this.#refresh();
  }

  #assistant(ready) {
    this.#ready = ready;
    if (ready) this.#excused = false;
    this.#notify();
    this.#refresh();
  }

  /** One notice at a time: without a connection, nothing is known of the assistant. */
  #notify() {
    this.#panel.offline = !this.#online;
    this.#panel.starting = this.#online && !this.#ready && !this.#excused;
  }

  /** What depends on the last lines: the choices that can be pressed, and whether a reply is awaited. */
  #refresh() {
    const { lines } = this.#conversation;
    const last = lines.at(-1);
    const unanswered = this.#log.waits;
    this.#log.offer(unanswered ? null : lineWithButtons(lines));
    const age = last ? Math.max(0, Date.now() - Date.parse(last.at)) : TYPING_MS;
    // A person at the desk answers when they can: no dots for them.
    const awaited = last?.author === "customer" && age < TYPING_MS && this.#ready && this.#online && !this.#agent;
    this.#log.type(awaited);
    clearTimeout(this.#typing);
    if (awaited) this.#typing = setTimeout(() => this.#log.type(false), TYPING_MS - age);
  }

  #relabel() {
    const language = this.#language;
    const { name, assistant, subjects } = this.#brand;
    const who = assistant?.[language] ?? word(language, "anyAssistant", { brand: name });
    this.#panel.relabel(language, [
      word(language, "hello", { assistant: who }),
      word(language, "disclosure"),
      ...(subjects ? [word(language, "subjects", { subjects: subjects[language] })] : []),
      word(language, "caution"),
    ]);
  }
}

/** The brand's colours, and the two that its links and outlines need to be readable by day and by night. */
function coloursOf({ colours }) {
  const { main, text_on_main: text } = colours ?? {};
  if (!isColour(main)) return sheet("");
  const onMain = isColour(text) && contrast(text, main) >= 4.5 ? text : readable("#ffffff", main);
  return sheet(
    `:host{--main:${main};--on-main:${onMain};--by-day:${readable(main, ON_LIGHT)};--by-night:${readable(main, ON_DARK, 6)}}`,
  );
}
