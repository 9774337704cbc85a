/**
 * The loader: a launcher in the corner of the page, and everything else once it is pressed.
 *
 *   <script type="module" src="https://…/widget.js" data-brand="primus" data-language="fr"></script>
 *
 * or, by hand: <support-chat brand="primus" language="fr" open></support-chat>
 *
 * Served as /widget.js; its parts are in widget/ beside that address. A page with a Content-Security-Policy needs this
 * server in script-src and connect-src (wss: too), and nothing else: no style, frame or Trusted Types policy.
 */

import { languageOf, word } from "./widget/words.js";

const HERE = new URL(import.meta.url);

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
@media (prefers-reduced-motion: no-preference) { .launcher { transition: filter .12s; } }
`;
const BUBBLE = "M4 5.5h16v11H11l-4.5 4v-4H4z";

const make = (name, properties) => Object.assign(document.createElement(name), properties);
const draw = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);

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
  static observedAttributes = ["brand", "language", "open"];

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
  #chosen = null; // the language chosen with the widget's own button

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
    this.toggleAttribute("open", Boolean(open));
  }

  /** Opens the panel and says this for the customer. @param {string} text */
  async say(text) {
    this.#openByHand();
    (await this.#load())?.say(text);
  }

  /** Leaves the conversation and begins a new one. */
  async restart() {
    (await this.#load())?.restart();
  }

  connectedCallback() {
    this.#start();
  }

  disconnectedCallback() {
    this.#stop();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.isConnected || before === now) return;
    if (name === "brand") {
      this.#stop();
      this.#start();
    } else if (name === "language") {
      this.#chosen = null;
      this.#relabel();
      this.#chat?.speak(this.#language());
    } else if (this.open) {
      this.#show();
    } else {
      this.#hide();
    }
  }

  #language() {
    return (
      this.#chosen ?? languageOf(this.getAttribute("language")) ?? languageOf(document.documentElement.lang) ?? "fr"
    );
  }

  #start() {
    this.#brand = brandOf(this.getAttribute("brand"));
    this.#brand.then(({ colours }) => {
      const fits = [colours?.main, colours?.text_on_main].every((colour) => /^#[0-9a-f]{6}$/i.test(colour));
      if (fits) this.#colours.replaceSync(`:host { --main: ${colours.main}; --on-main: ${colours.text_on_main}; }`);
      this.#relabel();
    });
    this.#relabel();
    if (this.open) this.#show();
  }

  #stop() {
    this.#chat?.stop();
    this.#chat = this.#loading = null;
    this.#launcher.hidden = false;
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
    const [{ Chat }, brand] = await Promise.all([import(new URL("widget/chat.js", HERE)), mine]);
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
        },
        unread: (count) => this.#count(count),
      },
    });
    return this.#chat;
  }

  async #show() {
    this.#launcher.setAttribute("aria-busy", "true");
    const chat = await this.#load();
    this.#launcher.removeAttribute("aria-busy");
    this.#fault.hidden = Boolean(chat) || !this.isConnected;
    if (!chat) this.open = false;
    if (!this.open || chat !== this.#chat) return;
    this.#launcher.hidden = true;
    chat?.open(this.#focus);
    this.#focus = false;
  }

  #hide() {
    this.#chat?.close();
    this.#launcher.hidden = false;
    if (this.#focus) this.#launcher.focus();
    this.#focus = false;
  }

  #relabel() {
    const language = this.#language();
    this.#launcher.lang = this.#fault.lang = language;
    this.#label.textContent = word(language, "launcher");
    this.#fault.textContent = word(language, "notLoaded");
    this.#brand?.then(({ name }) => (this.#launcher.title = word(language, "launcherOf", { brand: name })));
  }

  #count(count) {
    this.#badge.hidden = !count;
    this.#badge.textContent = String(count);
    this.#badge.ariaLabel = word(this.#language(), "unread", { count });
  }
}

if (!customElements.get("support-chat")) customElements.define("support-chat", SupportChat);

// A module cannot ask which script element it is (document.currentScript is null): it looks for its own address.
const script = [...document.querySelectorAll("script[data-brand]")].find((node) => node.src === HERE.href);
if (script) {
  const element = document.createElement("support-chat");
  for (const name of ["brand", "language"]) if (script.dataset[name]) element.setAttribute(name, script.dataset[name]);
  // A script marked `async` may run before there is a body.
  if (document.body) document.body.append(element);
  else addEventListener("DOMContentLoaded", () => document.body.append(element), { once: true });
}
