/** The development outbox: asks for what was sent and puts new texts on top, newest first. */

/** @typedef {{at: string, channel: string, to: string, language: string, text: string}} Sent */

const EVERY_MS = 2000;
const CODE = /\b\d{6}\b/g; // one-time codes stand out, and one click selects them
const CHANNELS = { sms: { fr: "Texto", en: "Text message" }, email: { fr: "Courriel", en: "E-mail" } };

const list = document.querySelector("[data-list]");
const empty = document.querySelector("[data-empty]");
const trouble = document.querySelector("[data-trouble]");
/** @type {Map<string, HTMLElement>} the texts shown, by what makes them one */
let shown = new Map();
let first = true;

/** @param {string} name @param {string} className @param {...(Node | string)} children */
function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/** A word in both languages; page.css shows the one of the page. */
function both({ fr, en }) {
  return ["fr", "en"].map((language) => {
    const node = element("span", "", { fr, en }[language]);
    node.lang = language;
    return node;
  });
}

/** Day and time, each language in its own way. @param {string} at */
function moments(at) {
  const say = (language) =>
    new Intl.DateTimeFormat(`${language}-CA`, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(at));
  return both({ fr: say("fr"), en: say("en") });
}

/** @param {string} text */
function withCodes(text) {
  const parts = text.split(CODE);
  const codes = text.match(CODE) ?? [];
  return parts.flatMap((part, index) => (index < codes.length ? [part, element("b", "", codes[index])] : [part]));
}

/** @param {Sent} sent */
function itemOf({ at, channel, to, language, text }) {
  const time = element("time", "", ...moments(at));
  time.dateTime = at;
  const body = element("p", "text", ...withCodes(text));
  body.lang = language;
  const node = element(
    "li",
    first ? "" : "new",
    element(
      "div",
      "head",
      element("span", "channel", ...both(CHANNELS[channel] ?? { fr: channel, en: channel })),
      element("span", "to", to),
      time,
    ),
    body,
  );
  node.dataset.test = "sent";
  return node;
}

/** @param {Sent[]} texts newest first */
function show(texts) {
  const keys = texts.map((sent) => JSON.stringify(sent));
  const next = new Map(keys.map((key, index) => [key, shown.get(key) ?? itemOf(texts[index])]));
  for (const [key, node] of shown) if (!next.has(key)) node.remove();
  // From the oldest up: what is there stays where it is, so that only new texts are read aloud.
  let below = null;
  for (const node of [...next.values()].reverse()) {
    if (node.nextSibling !== below || !node.isConnected) list.insertBefore(node, below);
    below = node;
  }
  shown = next;
  empty.hidden = next.size > 0;
  first = false;
}

async function poll() {
  try {
    const answer = await fetch("/dev/outbox.json", { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    trouble.hidden = true;
  } catch {
    trouble.hidden = false;
  }
  setTimeout(poll, EVERY_MS);
}

poll();
