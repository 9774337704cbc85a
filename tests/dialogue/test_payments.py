"""Money with the whole program: a link, a promise, a report and automatic payment, in one verified conversation a language."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.stack import Stack, Talk

pytestmark = pytest.mark.stack

# One code for each language, of an account that no other dialogue verifies.
BOUCHARD = {"account": "50010003", "postal_code": "P3E 5J1", "phone": "+17055550113"}
YES, NO = {"fr": "oui", "en": "yes"}, {"fr": "non", "en": "no"}
PAY = {"fr": "lien de paiement", "en": "payment link"}


@pytest.fixture(scope="module")
def customer(stack: Stack) -> Callable[[str], Talk]:
    """The conversation of a verified customer of wrs, who owes $124.18, in a language."""
    opened: dict[str, Talk] = {}

    def talk(language: str) -> Talk:
        if language not in opened:
            opened[language] = begun = stack.talk("wrs", language)
            begun.say(PAY[language])
            seen = len(stack.texts())
            begun.say(f"{BOUCHARD['account']} {BOUCHARD['postal_code']}")
            begun.say(stack.code_for(BOUCHARD["phone"], seen))
        return opened[language]

    return talk


def test_a_link_and_the_interac_way_are_told(customer: Callable[[str], Talk], language: str) -> None:
    talk = customer(language)
    talk.say(PAY[language])
    assert {"fr": "124,18\u00a0$", "en": "$124.18"}[language] in talk.text
    assert re.search(r"/pay/[\w-]{20,}", talk.text)
    assert "WRS WEB SOLUTIONS INC" in talk.text
    assert "facture W-39010" in talk.text
    assert {"fr": "jamais de numéro de carte", "en": "Never type a card number"}[language] in talk.text


def test_more_than_is_owed_is_refused_with_the_most(customer: Callable[[str], Talk], language: str) -> None:
    talk = customer(language)
    talk.say({"fr": "payer 900 $", "en": "pay 900 dollars"}[language])
    assert {"fr": "124,18\u00a0$", "en": "$124.18"}[language] in talk.text
    assert "/pay/" not in talk.text


def test_a_promise_is_put_right_and_then_recorded_once(customer: Callable[[str], Talk], language: str) -> None:
    talk = customer(language)
    talk.say({"fr": "entente de paiement", "en": "payment arrangement"}[language])
    talk.say("40")
    talk.say({"fr": "demain", "en": "tomorrow"}[language])
    assert {"fr": "40,00\u00a0$", "en": "$40.00"}[language] in talk.text
    talk.say({"fr": "non, plutôt 50 $", "en": "no, make it $70"}[language])
    assert {"fr": "50,00\u00a0$", "en": "$70.00"}[language] in talk.text
    assert not re.search(r"P-[A-Z0-9]{8}", talk.text), "nothing is recorded before the yes"
    talk.say(YES[language], f"yes-{language}-promise")
    recorded = re.search(r"P-[A-Z0-9]{8}", talk.text)
    assert recorded, talk.text
    assert {"fr": "n’empêche pas à elle seule", "en": "does not prevent"}[language] in talk.text
    talk.say(YES[language], f"yes-{language}-promise")
    assert recorded.group() in talk.text, "a message that comes twice gets the answer that it got"


def test_a_report_survives_a_question_and_a_no_leaves_nothing(customer: Callable[[str], Talk], language: str) -> None:
    talk = customer(language)
    report = {"fr": "signaler un paiement", "en": "report a payment"}[language]
    talk.say(report)
    talk.say("60")
    talk.say({"fr": "hier", "en": "yesterday"}[language])
    answer = talk.say(
        {"fr": "est-ce qu'il faut signer un contrat avec vous?", "en": "do I have to sign a contract with you?"}[
            language
        ]
    )
    assert answer["replies"][0]["article"]
    assert answer["replies"][-1]["buttons"], "the way of paying is asked for again"
    talk.say({"fr": "Virement Interac", "en": "Interac e-Transfer"}[language])
    talk.say({"fr": "aucun", "en": "none"}[language])
    assert {"fr": "60,00\u00a0$", "en": "$60.00"}[language] in talk.text
    talk.say(NO[language])
    assert {"fr": "rien n’a été changé", "en": "nothing was changed"}[language] in talk.text
    talk.say(report)
    for said in (
        {"fr": "60", "en": "80"}[language],
        {"fr": "hier", "en": "yesterday"}[language],
        {"fr": "chèque", "en": "cheque"}[language],
        "214",
    ):
        talk.say(said)
    talk.say(YES[language])
    assert re.search(r"N-[A-Z0-9]{8}", talk.text), talk.text


def test_automatic_payment_starts_and_stops_with_a_reference_each(
    customer: Callable[[str], Talk], language: str
) -> None:
    talk = customer(language)
    start = {"fr": "activer le paiement automatique", "en": "set up automatic payment"}[language]
    talk.say(start)
    assert {"fr": "1er de chaque mois", "en": "1st of each month"}[language] in talk.text
    talk.say(YES[language])
    assert re.search(r"A-[A-Z0-9]{8}", talk.text), talk.text
    talk.say(start)
    assert {"fr": "déjà actif", "en": "already on"}[language] in talk.text
    talk.say({"fr": "arrêter le paiement automatique", "en": "stop automatic payment"}[language])
    talk.say(YES[language])
    assert re.search(r"A-[A-Z0-9]{8}", talk.text), talk.text


def test_a_stranger_hears_no_amount(stack: Stack, language: str) -> None:
    talk = stack.talk("wrs", language)
    talk.say(PAY[language])
    assert "50010001" in talk.text, "the account number is asked for, with its example"
    assert "$" not in talk.text
