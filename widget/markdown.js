/**
 * The little Markdown that articles use (bold, lists, bare links, mail addresses) as a tree, and the tree as nodes. Text
 * only ever becomes text nodes: nothing here can make markup out of what a server or a person wrote.
 *
 * @typedef {{kind: "text", text: string} | {kind: "break"} | {kind: "bold", of: Inline[]} |
 *   {kind: "link", text: string, url: string}} Inline
 * @typedef {{kind: "paragraph", of: Inline[]} | {kind: "list", ordered: boolean, start: number, items: Inline[][]}} Block
 */

const LONG = 44; // characters of an address that are shown
const INLINE = /\*\*(\S|\S.*?\S)\*\*|(https?:\/\/[^\s<>"«»“”]+)|([\w.+-]+@[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,})/gi;
const ITEM = /^\s*(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/;

/**
 * @param {string} text
 * @returns {Block[]}
 */
export function parse(text) {
  /** @type {Block[]} */
  const blocks = [];
  let open = null; // the block that the next line may go on with
  let loose = false; // a blank line came since: a list goes on over it, a paragraph does not
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    const item = ITEM.exec(line);
    if (!line.trim()) {
      loose = true;
    } else if (item) {
      const ordered = item[1] !== undefined;
      if (open?.kind !== "list" || open.ordered !== ordered) {
        open = { kind: "list", ordered, start: ordered ? Number(item[1]) : 1, items: [] };
        blocks.push(open);
      }
      open.items.push(parseInline(item[2]));
      loose = false;
    } else {
      const goesOn = !loose && open && (open.kind === "paragraph" || /^\s{2,}/.test(line));
      if (!goesOn) blocks.push((open = { kind: "paragraph", of: [] }));
      const words = open.kind === "list" ? open.items[open.items.length - 1] : open.of;
      if (words.length) words.push({ kind: "break" });
      words.push(...parseInline(line.trim()));
      loose = false;
    }
  }
  return blocks;
}

/**
 * @param {string} text one line
 * @returns {Inline[]}
 */
export function parseInline(text) {
  /** @type {Inline[]} */
  const found = [];
  let done = 0;
  const say = (words) => words && found.push({ kind: "text", text: words });
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, url, mail] = match;
    if (match.index < done) continue;
    say(text.slice(done, match.index));
    done = match.index + whole.length;
    if (bold !== undefined) {
      found.push({ kind: "bold", of: parseInline(bold) });
    } else if (url !== undefined) {
      const address = withoutPunctuation(url);
      found.push({ kind: "link", text: address, url: address });
      done -= url.length - address.length;
    } else {
      found.push({ kind: "link", text: mail, url: `mailto:${mail}` });
    }
  }
  say(text.slice(done));
  return found;
}

/** The address without the sentence's own signs behind it; a closing bracket stays where the address opened one. */
function withoutPunctuation(url) {
  let end = url;
  for (;;) {
    const last = end.slice(-1);
    const opened = { ")": "(", "]": "[" }[last];
    if (opened ? end.split(opened).length < end.split(last).length : /[.,;:!?'’*…]/.test(last)) end = end.slice(0, -1);
    else return end;
  }
}

/**
 * The text as nodes of the page.
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function render(text) {
  const all = document.createDocumentFragment();
  for (const block of parse(text)) {
    if (block.kind === "paragraph") {
      all.append(filled("p", block.of));
    } else {
      const list = document.createElement(block.ordered ? "ol" : "ul");
      if (block.ordered && block.start !== 1) list.setAttribute("start", String(block.start));
      list.append(...block.items.map((item) => filled("li", item)));
      all.append(list);
    }
  }
  return all;
}

function filled(name, words) {
  const node = document.createElement(name);
  for (const part of words) {
    if (part.kind === "bold") node.append(filled("strong", part.of));
    else if (part.kind === "break") node.append(document.createElement("br"));
    else if (part.kind === "link") node.append(link(short(part.text), part.url));
    else node.append(part.text);
  }
  return node;
}

/** A long address by its beginning: its end is for machines. */
const short = (address) => (address.length > LONG ? `${address.slice(0, LONG - 1)}…` : address);

/**
 * An anchor that leaves the conversation open: another tab, which cannot reach back.
 * @param {string} text
 * @param {string} url http(s) or mailto
 * @returns {HTMLAnchorElement}
 */
export function link(text, url) {
  const anchor = document.createElement("a");
  anchor.textContent = text;
  anchor.href = url;
  anchor.rel = "noopener";
  if (!url.startsWith("mailto:")) anchor.target = "_blank";
  return anchor;
}
