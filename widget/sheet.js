/** A small form above the field: rating, address, files. One at a time; the focus goes in, and back where it came from. */

import { h } from "./dom.js";

export class Sheet {
  #from = null;

  /** @param {(key: string, values?: object) => string} word @param {() => void} home where the focus goes for want of a better place */
  constructor(word, home) {
    this.#word = word;
    this.#home = home;
    this.node = h("form", { class: "sheet", "data-test": "sheet", "aria-labelledby": "sheet", hidden: true });
    this.node.noValidate = true;
  }

  #word;
  #home;

  /**
   * @param {string} title
   * @param {(Node | null)[]} parts
   * @param {string | null} [submit] what the button says; null where there is nothing to send
   * @param {() => void} [act]
   */
  open(title, parts, submit, act) {
    const active = this.node.getRootNode().activeElement;
    if (this.node.hidden) this.#from = active;
    this.#problem = h("p", { class: "problem", role: "alert", "data-test": "sheet-problem", hidden: true });
    const cancel = { type: "button", class: "again", "data-test": "cancel", onclick: () => this.close() };
    this.#send = submit && h("button", { type: "submit", class: "primary", "data-test": "submit" }, submit);
    this.node.onsubmit = (event) => (event.preventDefault(), act?.());
    this.node.replaceChildren(
      h("h3", { id: "sheet", tabindex: "-1" }, title),
      ...parts.filter(Boolean),
      this.#problem,
      h("div", { class: "buttons" }, this.#send, h("button", cancel, this.#word(submit ? "cancel" : "done"))),
    );
    this.node.hidden = false;
    (this.node.querySelector("input, textarea, select") ?? this.node.firstChild).focus();
  }

  #problem;
  #send;

  /** Says what is wrong; null takes it away. @param {string | null} text */
  tell(text) {
    this.#problem.hidden = !text;
    this.#problem.textContent = text ?? "";
    this.busy = false;
  }

  /** @param {boolean} busy */
  set busy(busy) {
    if (this.#send) this.#send.disabled = busy;
  }

  /** @returns {boolean} whether it was open */
  close() {
    if (this.node.hidden) return false;
    this.node.hidden = true;
    this.node.replaceChildren();
    if (this.#from?.isConnected && this.#from !== this.#from.ownerDocument.body) this.#from.focus();
    else this.#home();
    return true;
  }
}
