/**
 * The first lines of the table of words (words.js): those that are needed before anybody has opened the conversation.
 *
 * French is Canadian: « clavarder », no space before `!` `?` `;`, a no-break space (\u00a0) before `:` and inside « ».
 */

/** @typedef {"fr" | "en"} Language */

/** @type {Record<string, Record<Language, string>>} */
export const LAUNCHER = {
  launcher: { fr: "Besoin d’aide?", en: "Need help?" },
  launcherOf: { fr: "Clavarder avec l’assistant de {brand}", en: "Chat with the {brand} assistant" },
  unread: { fr: "Nouveaux messages\u00a0: {count}", en: "New messages: {count}" },
  notLoaded: {
    fr: "La conversation n’a pas pu s’ouvrir. Vérifiez votre connexion, puis réessayez.",
    en: "The conversation could not be opened. Check your connection, then try again.",
  },
};

/** @param {unknown} value @returns {Language | null} The language of a tag such as "fr-CA", where it is one of ours. */
export function languageOf(value) {
  const start = typeof value === "string" ? value.slice(0, 2).toLowerCase() : "";
  return start === "fr" || start === "en" ? start : null;
}

/**
 * One entry of a table, its places filled.
 * @param {Record<string, Record<Language, string>>} table
 * @param {Language} language
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function entry(table, language, key, values = {}) {
  return table[key][language].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
