/**
 * What the browser remembers for the widget. Storage may be off, full or forbidden: then the widget works and forgets.
 */

const PREFIX = "support-chat.";

/**
 * @param {() => Storage} storage asked for at each use: merely naming it throws where it is forbidden
 */
function memoryOf(storage) {
  const tried = (act, otherwise) => {
    try {
      return act(storage());
    } catch {
      return otherwise;
    }
  };
  return {
    /** @param {string} key @returns {string | null} */
    get: (key) => tried((store) => store.getItem(PREFIX + key), null),
    /** @param {string} key @param {string | null} value null forgets */
    set: (key, value) =>
      tried((store) => (value === null ? store.removeItem(PREFIX + key) : store.setItem(PREFIX + key, value))),
    /** @param {string} start @returns {string[]} the keys that begin so */
    keys: (start) =>
      tried((store) => Object.keys(store).filter((key) => key.startsWith(PREFIX + start)), []).map((key) =>
        key.slice(PREFIX.length),
      ),
  };
}

/** For this browser, all tabs: the session of each brand, messages that are not sent yet, sound. */
export const lasting = memoryOf(() => localStorage);

/** For this tab: whether its panel is open. */
export const ofTab = memoryOf(() => sessionStorage);

/**
 * Hears what other tabs remember and forget.
 * @param {(key: string, value: string | null) => void} listener
 * @returns {() => void} ends it
 */
export function watchTabs(listener) {
  const hear = ({ key, newValue }) => key?.startsWith(PREFIX) && listener(key.slice(PREFIX.length), newValue);
  addEventListener("storage", hear);
  return () => removeEventListener("storage", hear);
}

/**
 * Does something while no other tab does it. Where the browser has no locks (pages without TLS) it is just done: the server
 * stores a message once, whoever sends it.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
export function alone(name, act) {
  return navigator.locks ? navigator.locks.request(PREFIX + name, act) : act();
}

/**
 * An id that no other message has. `randomUUID` exists on secure pages only.
 * @returns {string}
 */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
