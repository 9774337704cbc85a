/** One key for each thing that agents do often. Off in text fields and while a dialog is open. */

const find = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

/** The next or previous of a list: focus there, or open it where one is open already. */
const step = (by) => {
  const rows = all(".queue .row a");
  if (!rows.length) return;
  const opened = Boolean(find("[data-subject]"));
  const now = rows.findIndex((row) => row === document.activeElement || (opened && row.hasAttribute("aria-current")));
  const next = rows[now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, now + by))];
  if (opened && !next.hasAttribute("aria-current")) next.click();
  else next.focus();
};

const press = (key) => {
  const button = find(`.bar [data-key="${key}"], main [data-key="${key}"]`);
  if (button) button.click();
  return Boolean(button);
};

/** Where one writes: in a conversation the tab of it; on a request's page the field. */
const write = (reply, what) => {
  const field = find(`[data-write="${what}"]`);
  if (field) field.focus();
  else reply.to(what);
};

/** @param {{to: (tab: string) => void, suggest: (number: number, edit: boolean) => void, canned: () => void}} reply */
export const keys = (reply) => {
  const does = {
    j: () => step(1),
    k: () => step(-1),
    r: () => write(reply, "reply"),
    n: () => write(reply, "note"),
    "/": () => (find("#canned") ? reply.canned() : (location.href = "/desk/search")),
    "?": () => find("#help")?.showModal(),
    q: () => (location.href = "/desk/"),
    g: () => (location.href = "/desk/search"),
  };
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, textarea, select, [contenteditable]");
    if (field) {
      if (event.key === "Escape" && !event.target.closest("dialog")) field.blur();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        // By its main button: of a form with several, each says something else.
        field.form?.requestSubmit(field.form.querySelector("button.main:not([type=button])"));
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || find("dialog[open]")) return;
    const digit = /^Digit([123])$/.exec(event.code);
    if (digit && find("#reply")) {
      event.preventDefault();
      reply.suggest(Number(digit[1]), event.shiftKey);
    } else if (does[event.key]) {
      event.preventDefault();
      does[event.key]();
    } else if ("tebsmo".includes(event.key) && press(event.key)) {
      event.preventDefault();
    }
  });
};
