/**
 * The window of the conversation: header, notices, messages, field. A `<dialog>`: beside the page on a wide screen, over
 * it on a small one, where the browser then keeps the keyboard and the screen reader inside.
 */

import { h, icon } from "./dom.js";
import { Field } from "./field.js";
import { Menu } from "./menu.js";
import { Sheet } from "./sheet.js";

/** @typedef {{send: (text: string) => void, close: () => void, switchLanguage: () => void, person: () => void,
 *   files: (files: File[]) => void, rate: () => void}} Actions */

const SMALL = "(max-width: 480px), (max-height: 480px)"; // the same as in styles.js

export class Panel {
  #small = matchMedia(SMALL);
  /** @type {string | null} why no conversation is to be had */
  #refusal = null;
  #strip = null; // what is told of people, as [key, values]

  /**
   * @param {{log: import("./log.js").Log, word: (key: string, values?: object) => string, brand: {name: string}, actions: Actions}} options
   */
  constructor({ log, word, brand, actions }) {
    this.#word = word;
    this.#brand = brand;
    this.#actions = actions;
    this.#log = log;

    this.#name = h("h2", {}, brand.name);
    this.#automated = h("p", { "data-test": "disclosure" });
    const mark = h("span", { class: "mark", "aria-hidden": "true" }, brand.logo ? icon(brand.logo) : [...brand.name][0]);
    this.#language = h("button", { class: "language", "data-test": "language", onclick: actions.switchLanguage });
    this.menu = new Menu(word);
    const close = { class: "close", "data-test": "close", onclick: actions.close };
    this.#close = h("button", close, icon("M6 6l12 12M18 6L6 18"));
    const notice = (name) => h("p", { class: `notice ${name}`, role: "status", "data-test": name, hidden: true });
    this.#offline = notice("offline");
    this.#notice = notice("notice");
    this.#people = notice("people");
    this.#rate = h("button", { class: "again", "data-test": "offer-rating", onclick: actions.rate, hidden: true });
    this.sheet = new Sheet(word, () => this.field.focus());
    this.#person = h("button", { class: "person", "data-test": "person", onclick: actions.person });
    this.#hours = h("span", { "data-test": "hours" });
    this.field = new Field({ word, send: actions.send, files: actions.files });
    this.#drop = h("p", { class: "drop", "data-test": "drop", hidden: true });

    this.node = h(
      "dialog",
      // Described by the first lines: a screen reader says on entering that this is a program.
      {
        class: "panel",
        "data-test": "panel",
        "aria-describedby": "intro",
        onkeydown: (event) => this.#escape(event),
        oncancel: (event) => this.#cancel(event),
        ondragover: (event) => this.#dragged(event, true),
        ondragleave: (event) => this.node.contains(event.relatedTarget) || this.#dragged(event, false),
        ondrop: (event) => this.#dragged(event, false, true),
      },
      h(
        "div",
        { class: "head" },
        mark,
        h("div", { class: "who" }, this.#name, this.#automated),
        this.#language,
        this.menu.button,
        this.#close,
      ),
      this.menu.node,
      this.#offline,
      this.#notice,
      h("div", { class: "strip" }, this.#people, this.#rate),
      h("div", { class: "view" }, log.node, log.more),
      this.sheet.node,
      this.field.node,
      h("p", { class: "below" }, this.#person, this.#hours),
      this.#drop,
    );
    for (const button of this.node.querySelectorAll("button:not([type])")) button.type = "button";
    this.#small.addEventListener("change", this.#fit);
    globalThis.visualViewport?.addEventListener("resize", this.#resize);
    globalThis.visualViewport?.addEventListener("scroll", this.#resize);
  }

  #word;
  #brand;
  #actions;
  #log;
  #name;
  #automated;
  #language;
  #close;
  #offline;
  #notice;
  #people;
  #rate;
  #person;
  #hours;
  #drop;

  /** @param {boolean} focus whether the customer opened it: a page that opens it by itself must not take the focus */
  open(focus) {
    this.#fit();
    this.#log.toEnd();
    if (focus) this.field.focus();
  }

  close() {
    this.menu.close();
    this.node.close();
  }

  stop() {
    this.#small.removeEventListener("change", this.#fit);
    globalThis.visualViewport?.removeEventListener("resize", this.#resize);
    globalThis.visualViewport?.removeEventListener("scroll", this.#resize);
    this.node.remove();
  }

  /** All words in the language of now. @param {string} language @param {string[]} introduction */
  relabel(language, introduction) {
    const word = this.#word;
    this.node.lang = language;
    this.node.setAttribute("aria-label", word("panel", { brand: this.#brand.name }));
    this.#log.node.setAttribute("aria-label", word("log"));
    this.#automated.textContent = word("automated");
    this.#language.textContent = word("otherLanguage");
    this.#language.lang = language === "fr" ? "en" : "fr";
    this.#close.ariaLabel = this.#close.title = word("close");
    this.#person.textContent = word("person");
    this.#rate.textContent = word("rate");
    this.#drop.textContent = word("drop");
    this.offline = !this.#offline.hidden;
    this.starting = !this.#notice.hidden;
    this.strip = this.#strip;
    this.menu.relabel();
    this.sheet.close();
    this.field.relabel();
    this.#log.quietly(() => this.#log.intro.replaceChildren(...introduction.map((text) => h("p", {}, text))));
    this.#log.relabel();
  }

  /** @param {boolean} shown */
  set offline(shown) {
    notice(this.#offline, shown && (this.#refusal ?? this.#word("offline")));
  }

  /** @param {boolean} shown */
  set starting(shown) {
    notice(this.#notice, shown && this.#word("starting"));
  }

  /** What is told of people while one is waited for or there. @param {[string, object?] | null} said */
  set strip(said) {
    this.#strip = said;
    const text = said ? this.#word(...said) : "";
    if (this.#people.textContent !== text) notice(this.#people, text);
    this.#rate.hidden = said?.[0] !== "toRate";
  }

  /** @param {boolean} reachable whether a person can be asked for @param {string} hours when people are there */
  people(reachable, hours) {
    this.#person.hidden = !reachable;
    this.#hours.textContent = hours;
  }

  /** No conversation is to be had; says why in the server's words. @param {string} text */
  refuse(text) {
    this.#refusal = text;
    this.offline = true;
  }

  /** After a choice was pressed: it is gone, and with it the focus. On a phone the field would call up the keyboard. */
  focusAgain() {
    if (matchMedia("(pointer: coarse)").matches) this.#log.node.focus();
    else this.field.focus();
  }

  #dragged(event, shown, dropped) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#drop.hidden = !shown;
    if (dropped) this.#actions.files([...event.dataTransfer.files]);
  }

  /** From the inside out: the menu, what it opened, the panel. */
  #escape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.menu.close(true) && !this.sheet.close()) this.#actions.close();
  }

  /** A full-screen dialog is also closed by a phone's "back". */
  #cancel(event) {
    event.preventDefault();
    this.#actions.close();
  }

  /** Beside the page or over it, as the screen has room; also when a phone is turned while it is open. */
  #fit = (event) => {
    if (event && !this.node.open) return;
    const focused = this.node.getRootNode().activeElement;
    if (this.node.open) this.node.close();
    if (this.#small.matches) this.node.showModal();
    else this.node.setAttribute("open", ""); // show() would take the focus
    if (event) focused?.focus();
    this.#resize();
  };

  /** A phone's keyboard covers the page without making it smaller: the panel shrinks to what is left to see. */
  #resize = () => {
    const { height, offsetTop, scale } = globalThis.visualViewport ?? {};
    // Enlarged with two fingers, the page is seen through a smaller window: that is the reader's wish and changes nothing.
    if (!height || Math.abs(scale - 1) > 0.01) return;
    this.node.style.setProperty("--seen", `${height}px`);
    this.node.style.setProperty("--above", `${offsetTop}px`);
  };
}

/** Text that comes is read aloud; text that was there and is uncovered is not, everywhere. */
function notice(node, text) {
  node.hidden = !text;
  node.textContent = text || "";
}
