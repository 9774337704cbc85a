/**
 * The window of the conversation: header, notices, messages, field. A `<dialog>`: beside the page on a wide screen, over
 * it on a small one, where the browser then keeps the keyboard and the screen reader inside.
 */

import { holdsCard } from "./cards.js";
import { h, icon } from "./dom.js";

/** @typedef {{send: (text: string) => void, close: () => void, switchLanguage: () => void}} Actions */

const SMALL = "(max-width: 480px), (max-height: 480px)"; // the same as in styles.js
const LONGEST = 4000; // as the server's MESSAGE_CHARACTERS
const NEARLY = 3600; // from here on the characters left are shown
const FIELD_PX = 150; // how far the field grows with its text

export class Panel {
  #small = matchMedia(SMALL);
  /** @type {string | null} what is wrong with the field, as a key, so that it can be said in another language */
  #problemKey = null;
  /** @type {string | null} why no conversation is to be had */
  #refusal = null;

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
    this.#language = h("button", {
      type: "button",
      class: "language",
      "data-test": "language",
      onclick: actions.switchLanguage,
    });
    this.#close = h(
      "button",
      { type: "button", class: "close", "data-test": "close", onclick: actions.close },
      icon("M6 6l12 12M18 6L6 18"),
    );
    this.#offline = h("p", { class: "notice offline", role: "status", "data-test": "offline", hidden: true });
    this.#notice = h("p", { class: "notice", role: "status", "data-test": "notice", hidden: true });

    this.field = h("textarea", {
      id: "field",
      rows: "1",
      maxlength: LONGEST,
      "data-test": "field",
      // A phone offers the code that it just received by text message.
      autocomplete: "one-time-code",
      inputmode: "text",
      enterkeyhint: "send",
      "aria-describedby": "problem",
      onkeydown: (event) => this.#key(event),
      oninput: () => this.#typed(),
    });
    this.#label = h("label", { for: "field", class: "unseen" });
    this.#problem = h("p", {
      id: "problem",
      class: "problem",
      role: "alert",
      "data-test": "field-problem",
      hidden: true,
    });
    this.#left = h("p", { class: "left", hidden: true });
    this.#send = h(
      "button",
      { type: "submit", class: "send", "data-test": "send" },
      icon("M12 19V5M5.5 11.5L12 5l6.5 6.5"),
    );
    const form = h(
      "form",
      { novalidate: true, onsubmit: (event) => (event.preventDefault(), this.#submit()) },
      this.#problem,
      this.#left,
      h("div", { class: "row" }, this.#label, this.field, this.#send),
    );

    this.node = h(
      "dialog",
      // Described by the first lines: a screen reader says on entering that this is a program.
      {
        class: "panel",
        "data-test": "panel",
        "aria-describedby": "intro",
        onkeydown: (event) => this.#escape(event),
        oncancel: (event) => this.#cancel(event),
      },
      h("div", { class: "head" }, h("div", { class: "who" }, this.#name, this.#automated), this.#language, this.#close),
      this.#offline,
      this.#notice,
      h("div", { class: "view" }, log.node, log.more),
      form,
    );
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
  #label;
  #problem;
  #left;
  #send;

  /** @param {boolean} focus whether the customer opened it: a page that opens it by itself must not take the focus */
  open(focus) {
    this.#fit();
    this.#log.toEnd();
    if (focus) this.field.focus();
  }

  close() {
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
    for (const [button, key] of [
      [this.#close, "close"],
      [this.#send, "send"],
    ]) {
      button.setAttribute("aria-label", word(key));
      button.title = word(key);
    }
    this.offline = !this.#offline.hidden;
    this.starting = !this.#notice.hidden;
    this.#label.textContent = this.field.placeholder = word("field");
    if (this.#problemKey) this.#problem.textContent = word(this.#problemKey);
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

  /** No conversation is to be had; says why in the server's words. @param {string} text */
  refuse(text) {
    this.#refusal = text;
    this.offline = true;
  }

  /** Puts a refused text back, to be changed. @param {string} text */
  edit(text) {
    this.field.value = text;
    this.#typed();
    this.field.focus();
  }

  /** After a choice was pressed: it is gone, and with it the focus. On a phone the field would call up the keyboard. */
  focusAgain() {
    (matchMedia("(pointer: coarse)").matches ? this.#log.node : this.field).focus();
  }

  #submit() {
    const text = this.field.value.trim();
    const card = holdsCard(text);
    this.#tell(card ? "card" : null);
    if (text && !card) {
      this.field.value = "";
      this.#typed();
      this.#actions.send(text);
    }
    this.field.focus();
  }

  #tell(key) {
    this.#problemKey = key;
    this.#problem.hidden = !key;
    this.#problem.textContent = key ? this.#word(key) : "";
    if (key) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
  }

  #typed() {
    const { field } = this;
    if (this.#problemKey && !holdsCard(field.value)) this.#tell(null);
    this.#left.hidden = field.value.length < NEARLY;
    this.#left.textContent = this.#word("left", { count: LONGEST - field.value.length });
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, FIELD_PX)}px`;
  }

  #key(event) {
    // While a word is being composed (accents, Chinese), Enter accepts the word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #escape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.#actions.close();
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
