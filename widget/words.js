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
  menu: { fr: "Plus de choix", en: "More options" },

  // First lines: who speaks, what for, and what never to write. The disclosure stands in each conversation.
  hello: { fr: "Bonjour! Je suis {assistant}.", en: "Hello! I’m {assistant}." },
  anyAssistant: { fr: "un assistant virtuel", en: "a virtual assistant" },
  disclosure: {
    fr: "Je suis un programme informatique, pas une personne\u00a0: mes réponses et mes décisions sont automatisées. Vous pouvez demander à parler à quelqu’un en tout temps.",
    en: "I’m a computer program, not a person: my answers and decisions are automated. You can ask to speak to someone at any time.",
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
  agent: { fr: "Membre de l’équipe", en: "Team member" },
  colon: { fr: "\u00a0: ", en: ": " },
  replies: { fr: "Réponses proposées", en: "Suggested replies" },
  newMessages: { fr: "Nouveaux messages", en: "New messages" },
  helped: { fr: "Cette réponse vous aide?", en: "Did this help?" },
  yes: { fr: "Oui", en: "Yes" },
  no: { fr: "Non", en: "No" },
  noted: { fr: "Merci, c’est noté.", en: "Thanks, noted." },

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
  queued: { fr: "Vous attendez une personne. Votre place\u00a0: {place}.", en: "You’re waiting for a person. Your place: {place}." },
  withAgent: { fr: "Une personne de l’équipe vous répond.", en: "A person from the team is answering you." },
  toRate: { fr: "Une personne vous a répondu.", en: "A person answered you." },

  // People
  person: { fr: "Parler à une personne", en: "Talk to a person" },
  askPerson: { fr: "Je veux parler à une personne", en: "I want to talk to a person" },
  openUntil: { fr: "L’équipe répond jusqu’à {time}", en: "The team answers until {time}" },
  opensToday: { fr: "L’équipe répond à partir de {time}", en: "The team answers from {time}" },
  opensOn: { fr: "L’équipe répond à partir de {day}, {time}", en: "The team answers from {day}, {time}" },

  // Field
  field: { fr: "Écrivez votre message", en: "Write your message" },
  code: { fr: "Votre code", en: "Your code" },
  notACode: { fr: "Écrire autre chose", en: "Write something else" },
  send: { fr: "Envoyer", en: "Send" },
  card: {
    fr: "Ce message semble contenir un numéro de carte. Pour votre sécurité, il n’a pas été envoyé\u00a0: retirez ce numéro.",
    en: "This message seems to contain a card number. For your safety, it was not sent: please remove that number.",
  },
  left: { fr: "Caractères restants\u00a0: {count}", en: "Characters left: {count}" },
  cancel: { fr: "Annuler", en: "Cancel" },
  done: { fr: "Fermer", en: "Close" },
  notNow: {
    fr: "La connexion est interrompue. Réessayez dans un instant.",
    en: "The connection is lost. Try again in a moment.",
  },

  // Menu and what it opens
  download: { fr: "Télécharger la conversation", en: "Download the conversation" },
  fileName: { fr: "conversation", en: "conversation" },
  mail: { fr: "Recevoir la conversation par courriel", en: "Get the conversation by e-mail" },
  address: { fr: "Votre adresse courriel", en: "Your e-mail address" },
  mailed: { fr: "C’est en route vers {address}.", en: "It is on its way to {address}." },
  onward: { fr: "Continuer par texto", en: "Continue by text" },
  onwardWhy: {
    fr: "La même conversation se poursuit sur votre téléphone, et s’affiche encore ici.",
    en: "The same conversation moves to your phone, and still shows here.",
  },
  phone: { fr: "Votre numéro de cellulaire", en: "Your mobile number" },
  sendCode: { fr: "Recevoir un code", en: "Get a code" },
  codeSent: { fr: "Un code est en route vers le {phone}.", en: "A code is on its way to {phone}." },
  confirm: { fr: "Continuer", en: "Continue" },
  byText: { fr: "par texto", en: "by text" },
  requests: { fr: "Mes demandes et fichiers", en: "My requests and files" },
  noRequests: { fr: "Aucune demande de soutien ici.", en: "No support requests here." },
  soundOn: { fr: "Activer le son", en: "Turn sound on" },
  soundOff: { fr: "Couper le son", en: "Turn sound off" },
  rate: { fr: "Évaluer la conversation", en: "Rate the conversation" },
  rateQuestion: { fr: "Êtes-vous satisfait de l’aide reçue?", en: "Are you happy with the help you got?" },
  worst: { fr: "Pas du tout", en: "Not at all" },
  best: { fr: "Tout à fait", en: "Very much" },
  comment: { fr: "Un commentaire? (facultatif)", en: "A comment? (optional)" },
  restart: { fr: "Nouvelle conversation", en: "New conversation" },
  restartWarning: {
    fr: "Cette conversation ne sera plus affichée ici. Vos demandes de soutien restent ouvertes.",
    en: "This conversation will no longer be shown here. Your support requests stay open.",
  },

  // Files
  attach: { fr: "Joindre un fichier", en: "Attach a file" },
  drop: { fr: "Déposez vos fichiers ici", en: "Drop your files here" },
  files: { fr: "Joindre à une demande", en: "Attach to a request" },
  whichRequest: { fr: "À quelle demande?", en: "To which request?" },
  noRequest: {
    fr: "Un fichier se joint à une demande de soutien, et vous n’en avez pas d’ouverte ici. Ouvrez-en une\u00a0: vos fichiers attendront.",
    en: "A file goes with a support request, and you have none open here. Open one: your files will wait.",
  },
  openRequest: { fr: "Ouvrir une demande", en: "Open a request" },
  askRequest: { fr: "Je veux ouvrir une demande de soutien", en: "I want to open a support request" },
  fileTooLarge: { fr: "Plus de 10\u00a0Mo", en: "Over 10 MB" },

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
