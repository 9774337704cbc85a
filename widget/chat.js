/**
 * The open widget: brings the conversation (server) and the panel (page) together, and decides what the customer is told
 * about waiting: typing, starting, interrupted, in line.
 */

import { After } from "./after.js";
import { contrast, isColour, readable } from "./colours.js";
import { Conversation } from "./conversation.js";
import { sheet } from "./dom.js";
import { Log } from "./log.js";
import { lasting, watchTabs } from "./memory.js";
import { Panel } from "./panel.js";
import { playSound } from "./sound.js";
import { STYLES } from "./styles.js";
import { lineWithButtons } from "./transcript.js";
import { word } from "./words.js";

/**
 * @typedef {import("./words.js").Language} Language
 * @typedef {import("./conversation.js").Own} Own
 * @typedef {import("./transcript.js").Line} Line
 * @typedef {{id: string | null, name: string, assistant?: Record<Language, string>, subjects?: Record<Language, string>,
 *   greeting?: Record<Language, string>, logo?: string, texts?: boolean, colours?: {main: string, text_on_main: string}}} Brand
 * @typedef {{close: () => void, language: (language: Language) => void, unread: (count: number) => void,
 *   tell: (name: string, detail: object) => void}} Events
 */

const TYPING_MS = 20_000; // the server answers within 8 s; after this, dots would promise what may not come
const LINE_MS = 20_000; // how often the place in line is asked for
// What text in the brand's colour stands on: the darkest of the light surfaces and the lightest of the dark ones in styles.js.
const ON_LIGHT = "#f1f3f7";
const ON_DARK = "#2a2f3a";

export class Chat {
  #online = true; // until shown otherwise: connecting takes a moment and is no interruption
  #ready = true;
  #excused = false; // a reply came although the assistant is not said to have started
  /** @type {Partial<import("./conversation.js").People>} */
  #people = {};
  #judged = new Set(); // replies of which it is known whether they helped
  #open = false;
  #typing = 0;
  #lining = 0;

  /**
   * @param {{root: ShadowRoot, brand: Brand, server: URL, language: Language, events: Events}} options
   */
  constructor({ root, brand, server, language, events }) {
    this.#brand = brand;
    this.#language = language;
    this.#events = events;
    this.#seenKey = `seen.${brand.id ?? ""}`;
    this.#soundKey = `sound.${brand.id ?? ""}`;
    const say = (key, values) => word(this.#language, key, values);
    this.#log = new Log({
      word: say,
      language: () => this.#language,
      server,
      actions: {
        say: (text) => (this.#panel.focusAgain(), this.say(text)),
        retry: (own) => (this.#panel.focusAgain(), this.#log.toBottom(own), this.#conversation.retry(own)),
        edit: (own) => (this.#conversation.drop(own), this.#log.remove(own), this.#panel.field.edit(own.text)),
        onward: () => this.#after.onward(),
        judge: (line, helpful) => this.#judge(line, helpful),
      },
    });
    this.#panel = new Panel({
      log: this.#log,
      word: say,
      brand,
      actions: {
        send: (text) => this.say(text),
        close: events.close,
        switchLanguage: () => this.#switchLanguage(),
        person: () => (this.#panel.focusAgain(), this.say(say("askPerson"))),
        files: (files) => this.#after.attach(files),
        rate: () => this.#after.rate(),
      },
    });
    this.#conversation = new Conversation({
      server,
      brand: brand.id,
      language: () => this.#language,
      listener: {
        lines: (lines, past) => this.#hear(lines, past),
        own: (own) => this.#showOwn(own),
        dropped: (own) => (this.#log.remove(own), this.#refresh()),
        forget: () => this.#forget(),
        online: (online) => this.#connected(online),
        ready: (ready) => this.#assistant(ready),
        people: (people) => this.#answeredBy(people),
        identified: (identified) => events.tell("identified", { identified }),
        refused: ({ title, detail }) => this.#panel.refuse(`${title}${say("colon")}${detail}`),
      },
    });
    this.#after = new After({
      conversation: this.#conversation,
      sheet: this.#panel.sheet,
      word: say,
      language: () => this.#language,
      say: (text) => this.say(text),
      title: brand.name,
    });
    this.#fillMenu();
    this.#root = root;
    this.#sheets = [sheet(STYLES), coloursOf(brand)];
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...this.#sheets];
    root.append(this.#panel.node);
    this.#relabel();
    this.#unwatch = watchTabs((key) => key === this.#seenKey && this.#countUnread());
    this.#conversation.open();
  }

  #root;
  #sheets;
  #brand;
  #language;
  #events;
  #seenKey;
  #soundKey;
  #log;
  #panel;
  #conversation;
  #after;
  #unwatch;

  /** @param {boolean} focus whether the customer asked for it */
  open(focus) {
    this.#open = true;
    this.#panel.open(focus);
    this.#countUnread();
  }

  close() {
    this.#open = false;
    this.#panel.close();
  }

  stop() {
    clearTimeout(this.#typing);
    clearTimeout(this.#lining);
    this.#unwatch();
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

  #fillMenu() {
    const { menu } = this.#panel;
    const sounds = () => lasting.get(this.#soundKey) === "on";
    menu.add("download", () => this.#after.download());
    menu.add("mail", () => this.#after.mail());
    if (this.#brand.texts) menu.add("onward", () => this.#after.onward());
    menu.add("requests", () => this.#after.requests());
    const toggle = () => {
      lasting.set(this.#soundKey, sounds() ? null : "on");
      if (sounds()) playSound();
    };
    menu.add("sound", toggle, () => (sounds() ? "soundOff" : "soundOn"));
    menu.add("rate", () => this.#after.rate());
    menu.add("restart", () => this.#after.restart());
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
    if (replies.length && !past) {
      this.#excused = !this.#ready;
      this.#notify();
      if (lasting.get(this.#soundKey)) playSound();
      for (const { author, language, article } of replies) this.#events.tell("message", { author, language, article });
      this.#after.resume();
    }
    this.#countUnread();
    this.#refresh();
  }

  async #judge({ id }, helpful) {
    const { ok } = await this.#conversation.judge("feedback", { reply_id: id, helpful });
    if (ok) this.#judged.add(id);
    return Boolean(ok);
  }

  /** Replies that nobody has had before their eyes, in any tab. */
  #countUnread() {
    const { lines } = this.#conversation;
    const last = lines.at(-1)?.sequence ?? 0;
    if (this.#open && last) lasting.set(this.#seenKey, String(last));
    const seen = Number(lasting.get(this.#seenKey) ?? (this.#open ? last : 0));
    const count = this.#open ? 0 : lines.filter((line) => line.author !== "customer" && line.sequence > seen).length;
    this.#events.unread(count);
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
    this.#people = {};
    lasting.set(this.#seenKey, null);
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
    const before = this.#people.handled_by;
    this.#people = { ...this.#people, ...people };
    const { handled_by: by, place } = this.#people;
    if (by === "queue") this.#panel.strip = place ? ["queued", { place }] : null;
    else if (by === "agent") this.#panel.strip = ["withAgent"];
    else if (before === "agent") this.#panel.strip = ["toRate"];
    else if (before === "queue") this.#panel.strip = null;
    this.#panel.people(by === "assistant", this.#hours());
    clearTimeout(this.#lining);
    const ask = () => this.#open && this.#conversation.askPeople();
    if (by === "queue") this.#lining = setTimeout(ask, people.zone ? LINE_MS : 0);
    this.#refresh();
  }

  /** "Ouvert jusqu’à 20 h", "Opens Monday, 8 a.m.": in the time of the brand's people. */
  #hours() {
    const { open, until, opens_at: opensAt, zone } = this.#people;
    if (!zone) return "";
    const moment = new Date(open ? until : opensAt);
    const locale = `${this.#language}-CA`;
    const dayOf = (date, how) => date.toLocaleDateString(locale, { ...how, timeZone: zone });
    const minutes = moment.getUTCMinutes() ? { minute: "2-digit" } : {};
    // "8 h" in French, where the browser writes « 08 h ».
    const time = moment.toLocaleTimeString(locale, { hour: "numeric", ...minutes, timeZone: zone }).replace(/^0/, "");
    const key = open ? "openUntil" : dayOf(moment) === dayOf(new Date()) ? "opensToday" : "opensOn";
    return word(this.#language, key, { time, day: dayOf(moment, { weekday: "long" }) });
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

  /** What depends on the last lines: the choices that can be pressed, the code asked for, and whether a reply is awaited. */
  #refresh() {
    const { lines } = this.#conversation;
    const last = lines.at(-1);
    const unanswered = this.#log.waits;
    this.#log.offer(unanswered ? null : lineWithButtons(lines));
    const article = lines.findLast((line) => line.article && line.author === "assistant");
    if (article && !this.#judged.has(article.id)) this.#log.ask(article);
    this.#panel.field.asksCode(!unanswered && last?.author === "assistant" && last.asks === "code");
    const age = last ? Math.max(0, Date.now() - Date.parse(last.at)) : TYPING_MS;
    // A person at the desk answers when they can: no dots for them.
    const agent = this.#people.handled_by === "agent";
    const awaited = last?.author === "customer" && age < TYPING_MS && this.#ready && this.#online && !agent;
    this.#log.type(awaited);
    clearTimeout(this.#typing);
    if (awaited) this.#typing = setTimeout(() => this.#log.type(false), TYPING_MS - age);
  }

  #relabel() {
    const language = this.#language;
    const { name, assistant, subjects } = this.#brand;
    const who = assistant?.[language] ?? word(language, "anyAssistant", { brand: name });
    this.#panel.relabel(language, [
      this.#brand.greeting?.[language] ?? word(language, "hello", { assistant: who }),
      word(language, "disclosure"),
      ...(subjects ? [word(language, "subjects", { subjects: subjects[language] })] : []),
      word(language, "caution"),
    ]);
    this.#panel.people((this.#people.handled_by ?? "assistant") === "assistant", this.#hours());
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
