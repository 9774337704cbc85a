"""Bills, delivery, profile and call details with the whole program: what the model understands reaches the backend and comes back.

One-time codes: Groupe Boréal, Northgate Dental and Hudson Freight use one each, however many requests follow; the others none.
"""

from __future__ import annotations

import re
import urllib.request

import pytest

from tests.stack import Stack, Talk

pytestmark = pytest.mark.stack

BOREAL = {"account": "1002003003", "postal_code": "G1R 4P5", "phone": "+14185550103"}
NORTHGATE = {"account": "1002003002", "postal_code": "M5V 2T6", "phone": "+14165550102"}
HUDSON = {"account": "0012345681", "postal_code": "12534", "phone": "+15185550124"}


def verify(talk: Talk, customer: dict[str, str]) -> None:
    """From the question for the account number to the right code."""
    seen = len(talk.stack.texts())
    talk.say(customer["account"])
    talk.say(customer["postal_code"])
    talk.say(talk.stack.code_for(customer["phone"], seen))


def opened(talk: Talk) -> bytes:
    """What the link in the last answer opens, by way of the public port."""
    found = re.search(r"https?://\S+(/documents/[\w.-]+)", talk.text)
    assert found, talk.text
    with urllib.request.urlopen(talk.stack.url + found[1], timeout=20) as response:
        return bytes(response.read())


def test_an_administrator_changes_the_ebill_address_and_looks_after_the_profile(stack: Stack) -> None:
    talk = stack.talk("primus", "fr")
    talk.say("changer l'adresse de facturation électronique")
    verify(talk, BOREAL)
    talk.say("comptabilite@boreal.example")
    assert "comptabilite@boreal.example" in talk.text
    assert "au lieu de" in talk.text
    talk.say("oui")
    assert re.search(r"E-[A-Z0-9]{8}", talk.text), talk.text
    talk.say("qui a accès à notre profil?")
    assert "Éric Gagnon (administrateur)" in talk.text
    talk.say("ajouter un compte au profil")
    assert "50 comptes" in talk.text
    talk.say("remettez-moi sur la facture papier svp")
    talk.say("418 555-0103")
    assert "comptabilite@boreal.example" in talk.text
    talk.say("oui")
    assert re.search(r"R-\d{7}", talk.text), talk.text


def test_call_details_and_bills_are_explained_and_given_by_links_that_open(stack: Stack) -> None:
    talk = stack.talk("primus", "en")
    talk.say("call details please")
    verify(talk, NORTHGATE)
    assert "240 calls" in talk.text
    assert opened(talk).count(b"\n") >= 240
    talk.say("explain my bill")
    assert "$13.55 more" in talk.text
    talk.say("I'd like a reprint of an old bill")
    assert [button["title"].split(",")[0] for button in talk.last["replies"][-1]["buttons"]] == ["P-90990", "P-88530"]
    talk.say("2")
    assert "P-88530" in talk.text
    assert opened(talk).startswith(b"%PDF")


def test_a_dispute_goes_to_people_with_the_bill_it_is_about(stack: Stack) -> None:
    talk = stack.talk("pitney-bowes", "en")
    talk.say("dispute this charge")
    verify(talk, HUDSON)
    talk.say("the premier support line was billed twice although we only ordered it for one machine")
    talk.say("it@hudsonfreight.example")
    assert "B-70031" in talk.text
    talk.say("yes")
    assert re.search(r"R-\d{7}", talk.text), talk.text


PEOPLE = {"fr": "Maude Perron", "en": "Wendell Oakes"}


def test_somebody_registers_after_the_terms_and_a_wrong_account_is_put_right(stack: Stack, language: str) -> None:
    talk = stack.talk("primus", language)
    ask = {"fr": "je veux m'inscrire au service électronique", "en": "I would like to register for the e-service"}[
        language
    ]
    yes, no = {"fr": ("oui", "non"), "en": ("yes", "no")}[language]
    talk.say(ask)
    talk.say(no)
    assert {"fr": "modalités", "en": "terms"}[language] in talk.text
    talk.say(ask)
    talk.say(yes)
    talk.say("1002003004")
    talk.say("H2X 1Y4")
    talk.say(PEOPLE[language])
    talk.say(f"{language}@minuit.example")
    assert PEOPLE[language] in talk.text
    talk.say(yes)
    assert {"fr": "Je n’ai pas pu inscrire cette personne", "en": "I couldn’t register this person"}[
        language
    ] in talk.text
    talk.say("1002003004 J8X 2K1")
    talk.say(yes)
    assert re.search(r"U-[A-Z0-9]{8}", talk.text), talk.text
    assert "1002003004" not in talk.text


def test_a_new_owner_needs_no_code_and_reaches_people(stack: Stack) -> None:
    talk = stack.talk("primus", "fr")
    talk.say("j'ai acheté une compagnie et je veux que ses lignes passent à mon nom")
    talk.say("1002003004")
    talk.say("J8X 2K1")
    talk.say("De Café Minuit à Café Aurore inc., à partir du 1er avril")
    talk.say("aurore@cafe.example")
    assert "service à la clientèle" in talk.text
    talk.say("oui")
    assert re.search(r"R-\d{7}", talk.text), talk.text
