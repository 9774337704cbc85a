/**
 * The loader: a launcher in the corner of the page, and everything else once it is pressed.
 *
 *   <script type="module" src="https://…/widget.js" data-brand="primus" data-language="fr"></script>
 *
 * or, by hand: <support-chat brand="primus" language="fr" open></support-chat>. What a page can set and ask: docs/widget.md.
 *
 * Served as /widget.js; its parts are in widget/ beside that address. A page with a Content-Security-Policy needs this
 * server in script-src and connect-src (wss: too), and nothing else: no style, frame or Trusted Types policy.
 */

import { entry, languageOf, LAUNCHER } from "./widget/launcher_words.js";

const HERE = new URL(import.meta.url);
const SETTINGS = ["brand", "language", "open", "position", "colour", "text-colour", "launcher"];

const STYLES = `
:host { all: initial; font: 400 max(16px, 1rem)/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
:host([hidden]), [hidden] { display: none !important; }
.launcher {
  position: fixed; inset: auto 1.25em 1.25em auto; z-index: 2147483000; display: flex; align-items: center; gap: .6em;
  min-height: 3.4em; padding: 0 1.35em 0 1.1em; border: 1px solid transparent; border-radius: 1.7em; cursor: pointer;
  font: inherit; font-weight: 600; background: var(--main, #0b4f8a); color: var(--on-main, #fff);
  box-shadow: 0 .1em .3em rgb(15 23 42 / .2), 0 .6em 1.6em rgb(15 23 42 / .28);
}
.launcher:hover { filter: brightness(1.1); }
.launcher:focus-visible {
  outline: 3px solid var(--on-main, #fff); outline-offset: -5px; box-shadow: 0 0 0 3px var(--main, #0b4f8a);
}
.launcher svg {
  width: 1.5em; height: 1.5em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round;
}
.launcher[aria-busy] { cursor: progress; }
.badge {
  position: absolute; top: -.35em; right: -.1em; min-width: 1.7em; padding: 0 .4em; border-radius: 1em;
  font-size: .8em; line-height: 1.7; text-align: center; background: #b3261e; color: #fff;
  box-sizing: border-box;
}
.fault {
  position: fixed; inset: auto 1.25em 5.4em auto; z-index: 2147483000; max-width: 18em; margin: 0;
  padding: .7em 1em; border-radius: .8em; font-size: .9em; background: #1c2129; color: #fff;
}
:host([position=left]) :is(.launcher, .fault) { inset-inline: 1.25em auto; }
@media (prefers-reduced-motion: no-preference) { .launcher { transition: filter .12s; } }
@media print { .launcher, .fault { display: none; } }
`;
const WIDE = "(min-width: 481px) and (min-height: 481px)"; // as in styles.js
const BUBBLE = "M4 5.5h16v11H11l-4.5 4v-4H4z";

const make = (name, properties) => Object.assign(document.createElement(name), properties);
const draw = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
const isColour = (value) => /^#[0-9a-f]{6}$/i.test(value ?? "");

/** What the browser remembers; nothing where storage is off or forbidden. */
function remembered(storage, key, value) {
  try {
    return value === undefined ? globalThis[storage].getItem(key) : globalThis[storage].setItem(key, value);
  } catch {
    return null;
  }
}

let failures = 0; // of loading the rest
let asked;
/** The brand's name and colours; without an answer the widget works, in plain blue. The list is asked for once a page. */
async function brandOf(id) {
  asked ??= fetch(new URL("api/v1/brands", HERE)).then((answer) =>
    answer.ok ? answer.json() : Promise.reject(answer.status),
  );
  try {
    const brands = await asked;
    return (id ? brands.find((brand) => brand.id === id) : brands[0]) ?? { id, name: id };
  } catch {
    asked = undefined;
    return { id, name: id ?? "" };
  }
}

class SupportChat extends HTMLElement {
  static observedAttributes = SETTINGS;

  #root = this.attachShadow({ mode: "open" });
  #launcher = make("button", {
    className: "launcher",
    type: "button",
    ariaHasPopup: "dialog",
    onclick: () => this.#openByHand(),
  });
  #label = make("span");
  #badge = make("span", { className: "badge", role: "img", hidden: true });
  #fault = make("p", { className: "fault", role: "alert", hidden: true });
  #colours = new CSSStyleSheet();
  /** @type {import("./chat.js").Chat | null} */
  #chat = null;
  #brand = null; // a promise of it
  #loading = null;
  #focus = false; // whether it is the customer who opens or closes; where a page does, the focus stays where it is
  #from = null; // what had the focus before the panel
  #chosen = null; // the language chosen with the widget's own button
  #token = null;

  constructor() {
    super();
    const look = new CSSStyleSheet();
    look.replaceSync(STYLES);
    this.#root.adoptedStyleSheets = [look, this.#colours];
    this.#launcher.dataset.test = "launcher";
    this.#badge.dataset.test = "unread";
    const drawing = draw("svg");
    const path = draw("path");
    drawing.setAttribute("viewBox", "0 0 24 24");
    drawing.setAttribute("aria-hidden", "true");
    path.setAttribute("d", BUBBLE);
    drawing.append(path);
    this.#launcher.append(drawing, this.#label, this.#badge);
    this.#root.append(this.#launcher, this.#fault);
  }

  /** Whether the panel is open; the attribute `open` says the same. */
  get open() {
    return this.hasAttribute("open");
  }

  set open(open) {
    // A page that opens it because of what the customer just did is the customer opening it.
    this.#focus ||= Boolean(navigator.userActivation?.isActive);
    this.toggleAttribute("open", Boolean(open));
  }

  /** Opens the panel and says this for the customer. @param {string} text */
  async say(text) {
    this.#openByHand();
    (await this.#load())?.say(text);
  }

  /** Who is logged in on the company's site, by a token that it signed. @param {string} token */
  identify(token) {
    this.#token = token;
    this.#chat?.identify(token);
  }

  /** Leaves the conversation and begins a new one. */
  async reset() {
    this.#token = null;
    (await this.#load())?.restart();
  }

  connectedCallback() {
    this.#start();
    takeQueue(this);
  }

  disconnectedCallback() {
    this.#stop();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.isConnected || before === now) return;
    if (name === "language") {
      this.#chosen = null;
      this.#relabel();
      this.#chat?.speak(this.#language());
    } else if (name === "launcher") {
      this.#hideLauncher();
    } else if (name !== "open") {
      this.#stop();
      this.#start();
    } else {
      if (this.open) this.#show();
      else this.#hide();
      remembered("sessionStorage", this.#key("open"), String(this.open));
      this.#tell(this.open ? "open" : "close");
    }
  }

  #key(what) {
    return `support-chat.${what}.${this.getAttribute("brand") ?? ""}`;
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #language() {
    return (
      this.#chosen ?? languageOf(this.getAttribute("language")) ?? languageOf(document.documentElement.lang) ?? "fr"
    );
  }

  #start() {
    const own = { main: this.getAttribute("colour"), text_on_main: this.getAttribute("text-colour") ?? "#ffffff" };
    const mine = brandOf(this.getAttribute("brand")).then((brand) =>
      isColour(own.main) ? { ...brand, colours: own } : brand,
    );
    this.#brand = mine;
    mine.then(({ colours }) => {
      if (mine !== this.#brand) return;
      const fits = isColour(colours?.main) && isColour(colours.text_on_main);
      if (fits) this.#colours.replaceSync(`:host { --main: ${colours.main}; --on-main: ${colours.text_on_main}; }`);
      this.#relabel();
    });
    this.#relabel();
    this.#hideLauncher();
    if (this.open) this.#show();
    // Open on the page before: beside the page only, on a phone it would cover it.
    else if (remembered("sessionStorage", this.#key("open")) === "true" && matchMedia(WIDE).matches)
      this.toggleAttribute("open", true);
    // A conversation of before may have been answered since: whoever has one sees what is new without opening it.
    else if (remembered("localStorage", this.#key("seen"))) setTimeout(() => this.#load(), 1000);
  }

  #stop() {
    this.#chat?.stop();
    this.#chat = this.#loading = null;
    this.#hideLauncher();
  }

  #hideLauncher() {
    this.#launcher.hidden = this.open || this.getAttribute("launcher") === "hidden";
  }

  #openByHand() {
    this.#focus = true;
    if (this.open) this.#show();
    else this.open = true;
  }

  /** @returns {Promise<import("./chat.js").Chat | null>} null where the parts cannot be had, and on a page that is left */
  #load() {
    return (this.#loading ??= this.#parts().catch((error) => {
      console.error("support-chat:", error);
      this.#loading = null;
      return null;
    }));
  }

  async #parts() {
    const mine = this.#brand;
    // A browser remembers that a module failed: another try needs another address.
    const address = new URL(`widget/chat.js${failures ? `?${failures}` : ""}`, HERE);
    const loaded = import(address).catch((error) => (failures++, Promise.reject(error)));
    const [{ Chat }, brand] = await Promise.all([loaded, mine]);
    if (!this.isConnected || mine !== this.#brand) return null;
    this.#chat = new Chat({
      root: this.#root,
      brand,
      server: HERE,
      language: this.#language(),
      events: {
        close: () => {
          this.#focus = true;
          this.open = false;
        },
        language: (language) => {
          this.#chosen = language;
          this.#relabel();
          this.#tell("language", { language });
        },
        unread: (count) => this.#count(count),
        tell: (name, detail) => this.#tell(name, detail),
      },
    });
    if (this.#token) this.#chat.identify(this.#token);
    this.#tell("ready");
    return this.#chat;
  }

  async #show() {
    this.#from = document.activeElement;
    this.#launcher.setAttribute("aria-busy", "true");
    const chat = await this.#load();
    this.#launcher.removeAttribute("aria-busy");
    this.#fault.hidden = Boolean(chat) || !this.isConnected;
    if (!chat) this.open = false;
    if (!this.open || chat !== this.#chat) return;
    this.#hideLauncher();
    chat?.open(this.#focus);
    this.#focus = false;
  }

  #hide() {
    this.#chat?.close();
    this.#hideLauncher();
    // Back to where the customer was: the launcher, or the page's own button.
    const from = this.#from === this || !this.#from?.isConnected ? this.#launcher : this.#from;
    if (this.#focus) from.focus();
    this.#focus = false;
  }

  #relabel() {
    const language = this.#language();
    const word = (key, values) => entry(LAUNCHER, language, key, values);
    this.#launcher.lang = this.#fault.lang = language;
    this.#label.textContent = word("launcher");
    this.#fault.textContent = word("notLoaded");
    this.#brand?.then(({ name }) => (this.#launcher.title = word("launcherOf", { brand: name })));
  }

  #count(count) {
    this.#badge.hidden = !count;
    this.#badge.textContent = String(count);
    this.#badge.ariaLabel = entry(LAUNCHER, this.#language(), "unread", { count });
    this.#tell("unread", { count });
  }
}

/** What a page asks of its widget: supportChat("open"). */
const COMMANDS = {
  open: (chat) => (chat.open = true),
  close: (chat) => (chat.open = false),
  say: (chat, text) => chat.say(String(text)),
  identify: (chat, token) => chat.identify(String(token)),
  setLanguage: (chat, language) => chat.setAttribute("language", language),
  reset: (chat) => chat.reset(),
  on: (chat, name, listener) => chat.addEventListener(name, ({ detail }) => listener(detail)),
};

let queue = [...(globalThis.supportChat?.q ?? [])];

/** Whatever was asked before there was a widget, in order. */
function takeQueue(chat) {
  const waiting = queue;
  queue = [];
  for (const [name, ...given] of waiting) COMMANDS[name](chat, ...given);
}

globalThis.supportChat = (name, ...given) => {
  if (!Object.hasOwn(COMMANDS, name)) throw new TypeError(`supportChat: ${name}?`);
  queue.push([name, ...given]);
  const chat = document.querySelector("support-chat");
  if (chat?.isConnected) takeQueue(chat);
};

if (!customElements.get("support-chat")) customElements.define("support-chat", SupportChat);

// A module cannot ask which script element it is (document.currentScript is null): it looks for its own address.
const script = [...document.querySelectorAll("script[data-brand]")].find((node) => node.src === HERE.href);
if (script) {
  const element = document.createElement("support-chat");
  for (const name of SETTINGS) if (script.hasAttribute(`data-${name}`)) element.setAttribute(name, script.getAttribute(`data-${name}`));
  // A script marked `async` may run before there is a body.
  if (document.body) document.body.append(element);
  else addEventListener("DOMContentLoaded", () => document.body.append(element), { once: true });
}
