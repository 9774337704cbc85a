"""What comes between a request and its end, through the whole program: a correction, a question, a pause, a no, a choice from a list, what
was left aside; and what follows an article.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.dialogue.played import Customers
from tests.stack import Stack

pytestmark = pytest.mark.stack

LAURIER, TREMBLAY = "1002003001", "50010002"
WAIT = {"fr": "attends un peu", "en": "wait a minute"}
CANCEL = {"fr": "annule", "en": "cancel that"}
YES, NO = {"fr": "oui", "en": "yes"}, {"fr": "non", "en": "no"}


@pytest.fixture(scope="module")
def customers(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Customers:
    return Customers(stack, Path(tmp_path_factory.mktemp("customers")), series="78")


def test_a_pause_a_question_a_correction_and_a_no(customers: Customers, language: str) -> None:
    with customers.talk(LAURIER, language) as talk:
        talk.say({"fr": "je veux passer à la facture électronique", "en": "switch me to paperless billing"}[language])
        talk.say(WAIT[language])
        assert {"fr": "Prenez votre temps", "en": "Take your time"}[language] in talk.text
        question = {
            "fr": "combien de personnes peuvent avoir accès au service électronique",
            "en": "how many people can have access to the e-service",
        }
        answer = talk.say(question[language])
        assert answer["replies"][0]["article"] == "primus/user-limit"
        assert len(answer["replies"]) == 2, "the form's question comes again"
        talk.say("first@laurier.example")
        assert "first@laurier.example" in talk.text
        talk.say(WAIT[language])
        talk.say({"fr": "non, plutôt second@laurier.example", "en": "no, second@laurier.example instead"}[language])
        assert "second@laurier.example" in talk.text
        talk.say(NO[language])
        assert {"fr": "rien n’a été changé", "en": "nothing was changed"}[language] in talk.text


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ({"fr": "la deuxième", "en": "the second one"}, "P-88410"),
        ({"fr": "la 2", "en": "number 2"}, "P-88410"),
        ({"fr": "3", "en": "3"}, "P-86022"),
        ({"fr": "P-86022", "en": "P-86022"}, "P-86022"),
        ({"fr": "la plus récente", "en": "the latest one"}, "P-90871"),
        (None, "P-88410"),
    ],
)
def test_a_bill_is_chosen_in_many_ways(
    customers: Customers, language: str, said: dict[str, str] | None, number: str
) -> None:
    with customers.talk(LAURIER, language) as talk:
        talk.say({"fr": "réimprimer une facture", "en": "I would like a reprint of an old bill"}[language])
        assert [button["title"].split(",")[0] for button in talk.last["replies"][-1]["buttons"]] == [
            "P-90871",
            "P-88410",
            "P-86022",
        ]
        talk.say(said[language] if said else month_of(talk.last["replies"][-1]["buttons"][1]["title"], language))
        assert number in talk.text
        assert "/documents/" in talk.text


def month_of(title: str, language: str) -> str:
    """ "P-88410, 19 octobre 2026" -> "celle d'octobre": the month alone, as people say it."""
    words = title.split(",", 1)[1].split()
    month = words[1] if language == "fr" else words[0]
    return {"fr": f"celle de {month}", "en": f"the {month} one"}[language]


def test_what_was_left_aside_is_offered_after_a_cancel(customers: Customers, language: str) -> None:
    with customers.talk(TREMBLAY, language) as talk:
        talk.say({"fr": "entente de paiement", "en": "payment arrangement"}[language])
        talk.say("40 $")
        talk.say({"fr": "signaler un paiement", "en": "report a payment"}[language])
        talk.say(CANCEL[language])
        title = {"fr": "Convenir d’une date de paiement", "en": "Arrange a payment date"}[language]
        assert [button["title"] for button in talk.last["replies"][-1]["buttons"]] == [title]
        talk.say(YES[language])
        talk.say({"fr": "demain", "en": "tomorrow"}[language])
        assert {"fr": "40,00\u00a0$", "en": "$40.00"}[language] in talk.text, "the amount was not lost"
        talk.say(NO[language])
        talk.say({"fr": "c'est quoi mon solde", "en": "what do I owe"}[language])
        assert title not in talk.text, "it is not offered once more"


def test_a_modem_s_arrival_follows_its_article(stack: Stack, language: str) -> None:
    talk = stack.talk("wrs", language)
    answer = talk.say({"fr": "délai de livraison", "en": "modem delivery time"}[language])
    assert answer["replies"][0]["article"] == "wrs/modem-shipping"
    talk.say(answer["replies"][0]["buttons"][0]["reply"])
    assert talk.last["understood"]["intent"] == "ask_article"
    talk.say({"fr": "payé hier", "en": "paid yesterday"}[language])
    talk.say("K7L 3N6")
    assert {"fr": "vers le", "en": "around"}[language] in talk.text
    assert {"fr": "12,95\u00a0$", "en": "$12.95"}[language] in talk.text
    talk.say(
        {
            "fr": "j'ai payé mon modem lundi, dans combien de jours arrive-t-il au H2X 1Y4?",
            "en": "I paid for my modem on Monday, how many days until it is delivered to H2X 1Y4?",
        }[language]
    )
    assert talk.last["replies"][0]["article"] == "wrs/modem-shipping"
    assert "H2X 1Y4" in talk.text


def test_the_stage_of_the_reminders_follows_its_article(stack: Stack, customers: Customers, language: str) -> None:
    question = {"fr": "allez-vous couper mon Internet", "en": "are you going to cut off my internet"}[language]
    stranger = stack.talk("wrs", language)
    stranger.say(question)
    assert stranger.last["replies"][0]["article"] == "wrs/disconnection"
    assert not re.search(r"\d{2}[.,]\d{2}", stranger.text)
    stranger.say(stranger.last["replies"][0]["buttons"][0]["reply"])
    assert {"fr": "numéro de compte", "en": "account number"}[language] in stranger.text
    with customers.talk(TREMBLAY, language) as talk:
        talk.say(question)
        assert talk.last["replies"][0]["article"] == "wrs/disconnection"
        assert {"fr": "avis de retard par courriel", "en": "overdue email"}[language] in talk.last["replies"][1]["text"]
        assert {"fr": "103,38\u00a0$", "en": "$103.38"}[language] in talk.text
