"""What the stubbed assistant says in the tests of the widget: one of each kind of reply, in both languages, asked for by name."""

from __future__ import annotations

from typing import Any

from aiohttp import web

ARTICLE = {
    "fr": {
        "title": "Qui peut utiliser le service électronique",
        "text": "Chaque compte a **un administrateur** et jusqu’à quatre utilisateurs secondaires.\n\n"
        "- L’administrateur invite et retire des personnes.\n"
        "- Les utilisateurs secondaires voient les factures.\n\nPour en savoir plus : https://pie.primus.ca ou businesscare@primustel.ca.",
    },
    "en": {
        "title": "Who can use the e-service",
        "text": "Each account has **one administrator** and up to four secondary users.\n\n"
        "- The administrator invites and removes people.\n"
        "- Secondary users see the bills.\n\nRead more at https://pie.primus.ca or write to businesscare@primustel.ca.",
    },
}
CHOICES = {
    "fr": ("Est-ce de ceci que vous parlez?", ["Voir ma dernière facture", "Comprendre ma facture", "Parler à une personne"]),
    "en": ("Is it one of these?", ["See my latest bill", "Understand my bill", "Talk to a person"]),
}  # fmt: skip
BILL = {
    "fr": "Voici la facture **P-100200-11** du 1er novembre 2026, en PDF : {url}",
    "en": "Here is bill **P-100200-11** of November 1, 2026, as a PDF: {url}",
}
CODE = {
    "fr": "J’ai envoyé un code de 6 chiffres au (•••) •••-0101. Écrivez-le ici.",
    "en": "I sent a 6-digit code to (•••) •••-0101. Type it here.",
}
GOES_ON = {
    "Continuons par texto": "Oui, cette conversation peut continuer par texto. Choisissez « Continuer par texto » et donnez votre "
    "numéro de cellulaire : un code y confirmera que c’est bien le vôtre.",
    "Let’s go on by text": "Yes, this conversation can go on by text. Choose “Continue by text” and give your mobile number: a code "
    "sent there will confirm that it’s yours.",
}
LIST_NAMES = {
    "fr": ("Détail des appels de novembre (CSV)", "Facture de novembre (PDF)"),
    "en": ("Call details for November (CSV)", "November bill (PDF)"),
}


def reply(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "buttons": [], "article": None, "title": None, "attachments": [], **more}


def answered(*replies: dict[str, Any], asks: str = "") -> web.Response:
    return web.json_response({"replies": list(replies), "understood": None, "asks": asks})


async def by_name(turn: dict[str, Any]) -> web.StreamResponse:
    """The kind of reply that the message names; else a sentence that repeats it."""
    text, language = turn["text"], turn["metadata"]["language"]
    url = "http://127.0.0.1:8080/documents/aGVsbG8td29ybGQtdGhpcy1pcy1hLWxvbmctdG9rZW4.eyJiaWxsIjoxfQ"
    if "article" in text:
        return answered(reply(**{"article": "primus/e-service-users", **ARTICLE[language]}))
    if "choi" in text:
        question, titles = CHOICES[language]
        return answered(reply(question, buttons=[{"title": title, "payload": title} for title in titles]))
    if "factur" in text or "bill" in text:
        csv, pdf = LIST_NAMES[language]
        files = [
            {"title": csv, "url": "/documents/csv", "type": "text/csv"},
            {"title": pdf, "url": "/documents/pdf", "type": "application/pdf"},
        ]
        return answered(reply(BILL[language].format(url=url), attachments=files))
    if text in GOES_ON:
        return answered(reply(GOES_ON[text], offers="continue_by_text"))
    if "code" in text:
        return answered(reply(CODE[language]), asks="code")
    return answered(reply(("Vous avez écrit : " if language == "fr" else "You wrote: ") + text))
