/** The field and its buttons: what is written, pasted, attached; card numbers stop here. */

import { holdsCard } from "./cards.js";
import { h, icon } from "./dom.js";

const LONGEST = 4000; // as the server's MESSAGE_CHARACTERS
const NEARLY = 3600; // from here on the characters left are shown
const FIELD_PX = 150; // how far the field grows with its text

export class Field {
  /** @type {string | null} what is wrong with the field, as a key, so that it can be said in another language */
  #problemKey = null;
  #asksCode = false;

  /** @param {{word: (key: string, values?: object) => string, send: (text: string) => void, files: (files: File[]) => void}} options */
  constructor({ word, send, files }) {
    this.#word = word;
    this.#send = send;
    const common = {
      id: "field",
      "data-test": "field",
      // A phone offers the code that it just received by text message.
      autocomplete: "one-time-code",
      enterkeyhint: "send",
      "aria-describedby": "problem",
      onkeydown: (event) => this.#key(event),
      oninput: () => this.#typed(),
      onpaste: (event) => {
        const pasted = [...(event.clipboardData?.files ?? [])];
        if (pasted.length) (event.preventDefault(), files(pasted));
      },
    };
    this.#text = h("textarea", { ...common, rows: "1", maxlength: LONGEST });
    // Phones fill codes into one-line fields only.
    this.#code = h("input", { ...common, inputmode: "numeric", maxlength: LONGEST });
    this.#input = this.#text;
    this.#label = h("label", { for: "field", class: "unseen" });
    this.#problem = h("p", { id: "problem", class: "problem", role: "alert", "data-test": "field-problem", hidden: true });
    this.#left = h("p", { class: "left", hidden: true });
    this.#other = h("button", { type: "button", class: "link", "data-test": "not-a-code", hidden: true });
    this.#other.onclick = () => (this.asksCode(false), this.focus());
    this.#chosen = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      accept: "image/png,image/jpeg,image/gif,image/webp,application/pdf,text/plain",
      "data-test": "file",
      onchange: () => {
        files([...this.#chosen.files]);
        this.#chosen.value = "";
      },
    });
    const clip = "M19 11.5l-7 7a4.5 4.5 0 01-6.4-6.4l7.6-7.6a3 3 0 014.3 4.3l-7.6 7.5a1.5 1.5 0 01-2.1-2.1l6.4-6.4";
    const attach = { type: "button", class: "attach", "data-test": "attach", onclick: () => this.#chosen.click() };
    this.#attach = h("button", attach, icon(clip));
    this.#sendButton = h(
      "button",
      { type: "submit", class: "send", "data-test": "send" },
      icon("M12 19V5M5.5 11.5L12 5l6.5 6.5"),
    );
    this.node = h(
      "form",
      { novalidate: true, onsubmit: (event) => (event.preventDefault(), this.#submit()) },
      this.#problem,
      this.#left,
      this.#other,
      h("div", { class: "row" }, this.#attach, this.#label, this.#input, this.#sendButton, this.#chosen),
    );
  }

  #word;
  #send;
  #text;
  #code;
  #input;
  #label;
  #problem;
  #left;
  #other;
  #chosen;
  #attach;
  #sendButton;

  focus() {
    this.#input.focus();
  }

  /** Puts a refused text back, to be changed. @param {string} text */
  edit(text) {
    this.#input.value = text;
    this.#typed();
    this.focus();
  }

  /** A code is asked for: one line, digits first, filled by the phone. What was begun stays. @param {boolean} asked */
  asksCode(asked) {
    if (asked === this.#asksCode) return;
    this.#asksCode = asked;
    const before = this.#input;
    const focused = before.getRootNode().activeElement === before;
    this.#input = asked ? this.#code : this.#text;
    this.#input.value = before.value;
    before.replaceWith(this.#input);
    this.#other.hidden = !asked;
    this.relabel();
    if (focused) this.focus();
  }

  relabel() {
    const word = this.#word;
    this.#label.textContent = this.#input.placeholder = word(this.#asksCode ? "code" : "field");
    this.#other.textContent = word("notACode");
    this.#sendButton.ariaLabel = this.#sendButton.title = word("send");
    this.#attach.ariaLabel = this.#attach.title = word("attach");
    this.#tell(this.#problemKey);
    this.#typed();
  }

  #submit() {
    const text = this.#input.value.trim();
    const card = holdsCard(text);
    this.#tell(card ? "card" : null);
    if (text && !card) {
      this.#input.value = "";
      this.#typed();
      this.#send(text);
    }
    this.focus();
  }

  #tell(key) {
    this.#problemKey = key;
    this.#problem.hidden = !key;
    this.#problem.textContent = key ? this.#word(key) : "";
    this.#input.toggleAttribute("aria-invalid", Boolean(key));
    if (key) this.#input.setAttribute("aria-invalid", "true");
  }

  #typed() {
    const input = this.#input;
    if (this.#problemKey && !holdsCard(input.value)) this.#tell(null);
    this.#left.hidden = input.value.length < NEARLY;
    this.#left.textContent = this.#word("left", { count: LONGEST - input.value.length });
    if (input !== this.#text) return;
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight + 2, FIELD_PX)}px`;
  }

  #key(event) {
    // While a word is being composed (accents, Chinese), Enter accepts the word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }
}
