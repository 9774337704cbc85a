/**
 * The lines that this page has seen: each once, in the order of their sequence numbers. Pure: no page, no socket.
 *
 * @typedef {{sequence: number, author: string, text: string, language: string | null, at: string,
 *   message_id?: string | null, channel?: string | null, article?: string | null, title?: string | null,
 *   offers?: string | null, buttons?: {title: string, reply: string}[], attachments?: {title: string, url: string, type?: string}[]}} Line
 */

export class Transcript {
  /** @type {Map<number, Line>} */
  #lines = new Map();
  #after = 0;

  /**
   * Takes a line in.
   * @param {Line} line
   * @returns {boolean} whether it is new: a line comes both as an event and after a reconnection
   */
  add(line) {
    if (!Number.isInteger(line.sequence) || this.#lines.has(line.sequence)) return false;
    this.#lines.set(line.sequence, line);
    while (this.#lines.has(this.#after + 1)) this.#after++;
    return true;
  }

  /**
   * From where to ask for missed lines: the last number below which none is missing. Not the highest: events may have
   * overtaken each other when the connection broke, and the one in between would never be asked for.
   */
  get after() {
    return this.#after;
  }

  /** @returns {Line[]} in the order of the conversation */
  get lines() {
    return [...this.#lines.values()].sort((one, other) => one.sequence - other.sequence);
  }

  clear() {
    this.#lines.clear();
    this.#after = 0;
  }
}

/**
 * Where a line belongs among those shown: right after the last one with a lower number. Own messages that the server has
 * not numbered yet (null) stay where they are, below what was answered before them.
 * @param {(number | null)[]} shown sequence numbers in the order shown
 * @param {number} sequence
 * @returns {number} index to insert at
 */
export function placeOf(shown, sequence) {
  for (let index = shown.length - 1; index >= 0; index--) {
    const other = shown[index];
    if (other !== null && other < sequence) return index + 1;
  }
  return 0;
}

/**
 * Whether the node at `index`, which now has this number, may stay: moving it would have it read aloud twice.
 * @param {(number | null)[]} shown
 * @param {number} index
 * @param {number} sequence
 * @returns {boolean}
 */
export function inPlace(shown, index, sequence) {
  return shown.every(
    (other, at) => other === null || at === index || (at < index ? other < sequence : other > sequence),
  );
}

/**
 * The line whose buttons can be pressed: the last one that has any, unless the customer has said something since.
 * @param {Line[]} lines in the order of the conversation
 * @returns {Line | null}
 */
export function lineWithButtons(lines) {
  for (let index = lines.length - 1; index >= 0; index--) {
    if (lines[index].author === "customer") return null;
    if (lines[index].buttons?.length) return lines[index];
  }
  return null;
}
