"""What a careless assistant would get wrong: hedged yeses, corrections, other accounts, cards, things said at the wrong moment."""

from __future__ import annotations

import re

import pytest

from tests.stack import Stack, Talk

pytestmark = pytest.mark.stack

# Accounts of their own: at most three codes each in 15 minutes, shared with no other file.
TREMBLAY = {"account": "50010002", "postal_code": "G6V 7M4", "phone": "+14185550112"}
WHITFIELD = {"account": "50010001", "postal_code": "K7L 3N6", "phone": "+16135550111"}
BOUCHARD = {"account": "50010003", "postal_code": "P3E 5J1", "phone": "+17055550113"}
BALANCE = {"fr": "c'est quoi mon solde", "en": "what do I owe"}


def verify(talk: Talk, customer: dict[str, str]) -> None:
    """Account number and postal code in one message, then the code."""
    seen = len(talk.stack.texts())
    talk.say(f"{customer['account']} {customer['postal_code']}")
    talk.say(talk.stack.code_for(customer["phone"], seen))


@pytest.fixture(scope="module")
def enrolling(stack: Stack) -> Talk:
    """A verified customer of primus who stands before the yes to the e-bill."""
    talk = stack.talk("primus")
    seen = len(stack.texts())
    talk.say("switch me to paperless billing")
    talk.say("1002003001 H2X 1Y4")
    talk.say(stack.code_for("+15145550101", seen))
    talk.say("first@laurier.example")
    assert "first@laurier.example" in talk.text
    return talk


def test_a_yes_with_a_question_or_a_but_changes_nothing(enrolling: Talk) -> None:
    for hedged in ("yes but is it free before?", "oui mais attends un peu"):
        enrolling.say(hedged)
        assert not re.search(r"E-[A-Z0-9]{4,}", enrolling.text), (hedged, enrolling.text)
    enrolling.say("yes, but send it to second@laurier.example")
    assert "second@laurier.example" in enrolling.text
    assert not re.search(r"E-[A-Z0-9]{4,}", enrolling.text)
    enrolling.say("yes please")
    assert re.search(r"E-[A-Z0-9]{4,}", enrolling.text), enrolling.text
    assert "second@laurier.example" in enrolling.text


def test_a_wrong_account_number_can_be_put_right(stack: Stack, language: str) -> None:
    talk = stack.talk("wrs", language)
    talk.say(BALANCE[language])
    talk.say("50010009")
    talk.say(
        {"fr": "je me suis trompé, mon compte est le 50010002", "en": "sorry, wrong one, it is 50010002"}[language]
    )
    assert {"fr": "code postal", "en": "postal code"}[language] in talk.text
    seen = len(stack.texts())
    talk.say(TREMBLAY["postal_code"])
    talk.say(stack.code_for(TREMBLAY["phone"], seen))
    assert "103" in talk.text


def test_a_verified_customer_is_not_told_the_balance_for_another_account(stack: Stack) -> None:
    talk = stack.talk("wrs")
    talk.say(BALANCE["en"])
    verify(talk, WHITFIELD)
    assert "$0.00" in talk.text
    talk.say("what is the balance of my account 50010003")
    assert "$0.00" not in talk.text
    assert "0001" in talk.text, "the account that was proved is named"


def test_a_request_that_is_left_for_another_is_said_to_be_left(stack: Stack, language: str) -> None:
    talk = stack.talk("primus", language)
    talk.say({"fr": "je veux passer à la facture électronique", "en": "switch me to paperless billing"}[language])
    talk.say({"fr": "où en est ma demande", "en": "what's the status of my ticket"}[language])
    assert {"fr": "laissé ceci de côté", "en": "set this aside"}[language] in talk.text


def test_a_card_number_is_answered_and_not_passed_on(stack: Stack, language: str) -> None:
    talk = stack.talk("primus", language)
    talk.say("4111 1111 1111 1111 exp 12/27 cvv 123")
    assert {"fr": "numéro de carte", "en": "card number"}[language] in talk.text
    kept = talk.transcript()[0]["text"]
    assert "4111" not in kept
    assert "123" not in kept
    assert "12/27" not in kept


def test_thanks_are_not_the_description_of_a_fault(stack: Stack, language: str) -> None:
    talk = stack.talk("wrs", language)
    talk.say({"fr": "je veux ouvrir une demande de soutien", "en": "open a support request please"}[language])
    talk.say({"fr": "merci beaucoup!", "en": "thank you so much!"}[language])
    talk.say("514 555-0123")
    assert not re.search(r"R-\d{7}", talk.text), "there is no description yet"
    talk.say({"fr": "le modem clignote rouge depuis hier", "en": "the modem blinks red since yesterday"}[language])
    assert re.search(r"R-\d{7}", talk.text)


def test_an_emoticon_is_no_command(stack: Stack) -> None:
    answer = stack.talk("wrs").say(":/ my internet is down again")
    assert answer["language"] == "en"
    assert answer["understood"]["intent"] == "open_request"
