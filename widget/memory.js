/**
 * What the browser remembers for the widget. Storage may be off, full or forbidden: then the widget works and forgets.
 */

const PREFIX = "support-chat.";

/** @typedef {{get: (key: string) => string | null, set: (key: string, value: string | null) => void}} Memory */

/**
 * @param {() => Storage} storage asked for at each use: merely naming it throws where it is forbidden
 * @returns {Memory}
 */
function memoryOf(storage) {
  return {
    get(key) {
      try {
        return storage().getItem(PREFIX + key);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (value === null) storage().removeItem(PREFIX + key);
        else storage().setItem(PREFIX + key, value);
      } catch {
        // Forgetting is all that can be done.
      }
    },
  };
}

/** For this browser: the session of each brand. */
export const lasting = memoryOf(() => localStorage);

/** For this tab: messages that could not be sent yet. A second tab must not send them too. */
export const ofTab = memoryOf(() => sessionStorage);

/**
 * An id that no other message has. `randomUUID` exists on secure pages only.
 * @returns {string}
 */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
