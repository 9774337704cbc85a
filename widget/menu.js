/** The menu behind the three dots: a button that shows a list of buttons, and closes it wherever the focus goes. */

import { h, icon } from "./dom.js";

export class Menu {
  #items = [];

  /** @param {(key: string) => string} word */
  constructor(word) {
    this.#word = word;
    this.button = h(
      "button",
      { class: "close", "data-test": "menu", "aria-expanded": "false", "aria-controls": "menu" },
      icon("M5 12h.01M12 12h.01M19 12h.01"),
    );
    this.button.onclick = () => this.close() || this.#open();
    this.node = h("ul", { class: "menu", id: "menu", "data-test": "menu-list", hidden: true });
    this.node.onfocusout = ({ relatedTarget }) => {
      if (relatedTarget && relatedTarget !== this.button && !this.node.contains(relatedTarget)) this.close();
    };
  }

  #word;

  /** @param {string} name for tests and words @param {() => void} act @param {() => string} [key] of its word, as it is now */
  add(name, act, key = () => name) {
    const button = h("button", { type: "button", "data-test": name, onclick: () => (this.close(true), act()) });
    this.#items.push({ button, key });
    this.node.append(h("li", {}, button));
  }

  relabel() {
    this.button.ariaLabel = this.button.title = this.#word("menu");
    for (const { button, key } of this.#items) button.textContent = this.#word(key());
  }

  #open() {
    this.relabel();
    this.node.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.#items[0].button.focus();
  }

  /** @param {boolean} [back] whether the focus goes back to the button @returns {boolean} whether it was open */
  close(back) {
    if (this.node.hidden) return false;
    this.node.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (back) this.button.focus();
    return true;
  }
}
