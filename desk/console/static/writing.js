/** The box under a conversation: reply or note, suggested and canned answers, one form once. */

const TYPING_EVERY_MS = 4000;
const find = (selector) => document.querySelector(selector);
const newId = () => crypto.randomUUID();

/** @param {(text: string) => void} announce */
export const writing = (announce) => {
  const reply = find("#reply");
  const note = find("#note");
  const tabs = { reply: find("#tab-reply"), note: find("#tab-note") };
  const text = find("#reply-text");
  const idle = { to: () => {}, suggest: () => {}, canned: () => {} };
  if (!reply || !note) return idle;
  const subject = find("[data-subject]").dataset.subject;
  const kept = `desk-draft-${subject}`;
  let lastTold = 0;

  // A page that is left with a draft has it again when it comes back.
  text.value ||= sessionStorage.getItem(kept) ?? "";

  const show = (name) => {
    find("#pane-reply").hidden = name !== "reply";
    find("#pane-note").hidden = name !== "note";
    for (const [one, tab] of Object.entries(tabs)) {
      tab.setAttribute("aria-selected", String(one === name));
      tab.tabIndex = one === name ? 0 : -1;
    }
  };
  const to = (name) => {
    show(name);
    find(`#${name}-text`).focus();
  };
  for (const [name, tab] of Object.entries(tabs)) {
    tab.addEventListener("click", () => to(name));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = name === "reply" ? "note" : "reply";
      show(other);
      tabs[other].focus();
    });
  }

  const insert = (words) => {
    show("reply");
    text.focus();
    const before = text.value.trim() ? `${text.value.trimEnd()}\n\n` : "";
    text.value = before + words;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.setSelectionRange(text.value.length, text.value.length);
  };

  const suggest = (number, edit) => {
    const one = document.querySelectorAll(".suggested li")[number - 1];
    if (!one || one.querySelector("[data-suggest=send]").disabled) return;
    // A draft is never sent along by one key, nor lost.
    const draft = text.value.trim() !== "";
    reply.elements.article.value = one.dataset.article;
    insert(one.querySelector("[data-text]").dataset.text);
    if (!edit && !draft) reply.requestSubmit();
  };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-suggest]");
    if (!button) return;
    const items = [...document.querySelectorAll(".suggested li")];
    suggest(items.indexOf(button.closest("li")) + 1, button.dataset.suggest === "edit");
  });

  text.addEventListener("input", () => {
    if (text.value) sessionStorage.setItem(kept, text.value);
    else sessionStorage.removeItem(kept);
    if (Date.now() - lastTold < TYPING_EVERY_MS || !text.value.trim()) return;
    lastTold = Date.now();
    const token = reply.elements.form_token.value;
    fetch(`/desk/conversations/${subject}/typing`, { method: "POST", headers: { "X-Form-Token": token } }).catch(() => {});
  });

  // What was said leaves the box; what was refused stays in it, under the same id.
  document.body.addEventListener("desk:said", ({ target }) => {
    if (target === note) note.reset();
    else {
      text.value = "";
      sessionStorage.removeItem(kept);
      reply.elements.form_id.value = newId();
      reply.elements.article.value = "";
    }
    announce(document.body.dataset.wordSent);
  });

  const dialog = find("#canned");
  const finder = find("#canned-find");
  const list = find("#canned-list");
  const buttons = [...list.querySelectorAll("button")];
  const canned = () => {
    finder.value = "";
    sift();
    dialog.showModal();
    finder.focus();
  };
  const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const sift = () => {
    const wanted = plain(finder.value).split(/\s+/);
    let left = 0;
    for (const button of buttons) {
      const fits = wanted.every((word) => plain(button.textContent).includes(word));
      button.parentElement.hidden = !fits;
      left += fits;
    }
    find("#canned-none").hidden = left > 0;
  };
  finder.addEventListener("input", sift);
  dialog.addEventListener("keydown", (event) => {
    const shown = buttons.filter((button) => !button.parentElement.hidden);
    const now = shown.indexOf(document.activeElement);
    if (event.key === "Escape") {
      event.preventDefault(); // a search field would keep it to itself
      dialog.close();
    } else if (event.key === "Enter" && event.target === finder) {
      event.preventDefault();
      shown[0]?.click();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = event.key === "ArrowDown" ? Math.min(shown.length - 1, now + 1) : now - 1;
      (next < 0 ? finder : shown[next])?.focus();
    }
  });
  for (const button of buttons) {
    button.addEventListener("click", () => {
      dialog.close();
      insert(button.dataset.insert);
    });
  }
  find("#canned-open").addEventListener("click", canned);
  return { to, suggest, canned };
};
