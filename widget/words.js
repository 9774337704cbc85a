/**
 * Every word that the widget itself says, in both languages side by side. What the assistant says comes from the server.
 *
 * French is Canadian: « clavarder », no space before `!` `?` `;`, a no-break space (\u00a0) before `:` and inside « ».
 */

import { entry, LAUNCHER } from "./launcher_words.js";

export { languageOf } from "./launcher_words.js";

/** @typedef {import("./launcher_words.js").Language} Language */

/** @type {Record<string, Record<Language, string>>} */
const WORDS = {
  ...LAUNCHER,

  // Header
  panel: { fr: "Conversation avec {brand}", en: "Conversation with {brand}" },
  automated: { fr: "Assistant automatisé", en: "Automated assistant" },
  close: { fr: "Fermer la conversation", en: "Close the conversation" },
  otherLanguage: { fr: "English", en: "Français" },

  // First lines: who speaks, what for, and what never to write. The disclosure stands in each conversation.
  hello: { fr: "Bonjour! Je suis {assistant}.", en: "Hello! I’m {assistant}." },
  anyAssistant: { fr: "un assistant virtuel", en: "a virtual assistant" },
  disclosure: {
    fr: "Je suis un programme informatique, pas une personne. Vous pouvez demander à parler à quelqu’un en tout temps.",
    en: "I’m a computer program, not a person. You can ask to speak to someone at any time.",
  },
  subjects: { fr: "Je peux vous aider pour ce qui touche {subjects}.", en: "I can help with {subjects}." },
  caution: {
    fr: "N’écrivez jamais ici de numéro de carte ni de mot de passe.",
    en: "Never type a card number or a password here.",
  },

  // Conversation
  log: { fr: "Messages", en: "Messages" },
  customer: { fr: "Vous", en: "You" },
  assistant: { fr: "Assistant", en: "Assistant" },
  agent: { fr: "Personne de l’équipe", en: "Team member" },
  colon: { fr: "\u00a0: ", en: ": " },
  typing: { fr: "L’assistant prépare sa réponse", en: "The assistant is preparing its answer" },
  replies: { fr: "Réponses proposées", en: "Suggested replies" },
  attachments: { fr: "Pièces jointes", en: "Attachments" },
  newMessages: { fr: "Nouveaux messages", en: "New messages" },

  // State of one's own message
  sending: { fr: "Envoi en cours…", en: "Sending…" },
  waiting: { fr: "En attente de la connexion", en: "Waiting for the connection" },
  sent: { fr: "Envoyé", en: "Sent" },
  failed: { fr: "Non envoyé", en: "Not sent" },
  retry: { fr: "Réessayer", en: "Try again" },
  edit: { fr: "Modifier", en: "Edit" },
  noAnswer: {
    fr: "Le serveur n’a pas confirmé la réception. Réessayer ne créera pas de doublon.",
    en: "The server did not confirm that it was received. Trying again will not send it twice.",
  },

  // Notices
  starting: {
    fr: "L’assistant démarre. Ce que vous écrivez est conservé et recevra une réponse.",
    en: "The assistant is starting. What you write is kept and will be answered.",
  },
  offline: {
    fr: "Connexion interrompue. Vos messages partiront dès son retour.",
    en: "Connection lost. Your messages will go out as soon as it is back.",
  },

  // Field
  field: { fr: "Écrivez votre message", en: "Write your message" },
  send: { fr: "Envoyer", en: "Send" },
  card: {
    fr: "Ce message semble contenir un numéro de carte. Pour votre sécurité, il n’a pas été envoyé\u00a0: retirez ce numéro.",
    en: "This message seems to contain a card number. For your safety, it was not sent: please remove that number.",
  },
  left: { fr: "Caractères restants\u00a0: {count}", en: "Characters left: {count}" },

  // What the language button says for the customer, once a conversation has started
  askLanguage: { fr: "en français svp", en: "in English please" },
};

/**
 * One entry of the table, its places filled.
 * @param {Language} language
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export const word = (language, key, values) => entry(WORDS, language, key, values);

/** The table itself, for the test that holds both languages alike. */
export { WORDS };
