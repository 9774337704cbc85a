"""An order on its way, through the whole program: its parcel, the installer's appointment and the number to call, what it is charged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.dialogue.played import Customers
from tests.stack import Stack

pytestmark = pytest.mark.stack

WHITFIELD, TREMBLAY, BOUCHARD = "50010001", "50010002", "50010003"
WHERE = {"fr": "combien de temps pour la livraison du modem", "en": "how long does modem delivery take"}
WHEN = {"fr": "l'installation prend combien de temps", "en": "how long does the install take"}
AT_ORDER = {"fr": "le montant à la commande comprend quoi", "en": "what do you charge when ordering"}
MONEY = re.compile(r"\d[.,]\d{2}\s?\$|\$\d")


@pytest.fixture(scope="module")
def customers(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Customers:
    return Customers(stack, Path(tmp_path_factory.mktemp("customers")), series="79")


def test_a_parcel_is_tracked_once_the_account_is_proved(stack: Stack, customers: Customers, language: str) -> None:
    stranger = stack.talk("wrs", language)
    answer = stranger.say(WHERE[language])
    assert answer["replies"][0]["article"] == "wrs/modem-shipping"
    assert "7023" not in stranger.text
    stranger.say({"fr": "Suivre mon colis", "en": "Track my parcel"}[language])
    assert {"fr": "numéro de compte", "en": "account number"}[language] in stranger.text
    with customers.talk(WHITFIELD, language) as talk:
        talk.say(WHERE[language])
        assert talk.last["replies"][0]["article"] == "wrs/modem-shipping"
        assert "7023 2100 3941 4604" in talk.last["replies"][1]["text"]
        assert "Xpresspost" in talk.last["replies"][1]["text"]


def test_parcels_that_arrived_and_none_at_all_are_told_apart(customers: Customers, language: str) -> None:
    with customers.talk(TREMBLAY, language) as talk:
        talk.say(WHERE[language])
        assert {"fr": "a été livré", "en": "was delivered"}[language] in talk.last["replies"][1]["text"]
    with customers.talk(BOUCHARD, language) as talk:
        talk.say(WHERE[language])
        assert {"fr": "Aucun colis", "en": "No parcel"}[language] in talk.last["replies"][1]["text"]
        talk.say(talk.last["replies"][1]["buttons"][0]["reply"])
        assert {"fr": "Quel jour la commande", "en": "On which day was the order"}[language] in talk.text
        talk.say({"fr": "annule", "en": "cancel that"}[language])


def test_the_appointment_is_told_and_the_installer_gets_another_number(customers: Customers, language: str) -> None:
    with customers.talk(WHITFIELD, language) as talk:
        talk.say(WHEN[language])
        assert talk.last["replies"][0]["article"] == "wrs/installation-time"
        told = talk.last["replies"][1]
        assert {"fr": "entre 8\u00a0h et 12\u00a0h", "en": "between 8\u00a0a.m. and 12\u00a0p.m."}[language] in told[
            "text"
        ]
        talk.say(told["buttons"][0]["reply"])
        talk.say(AT_ORDER[language])
        assert len(talk.last["replies"]) == 2, "the form's question comes again after the article"
        talk.say("613 555-0188")
        assert "613 555-0188" in talk.text
        talk.say({"fr": "non, plutôt le 613 555-0199", "en": "no, 613 555-0199 instead"}[language])
        assert "613 555-0199" in talk.text
        talk.say({"fr": "oui", "en": "yes"}[language])
        assert re.search(r"R-\d{7}", talk.text), talk.text


def test_a_missed_appointment_leads_to_people(customers: Customers, language: str) -> None:
    with customers.talk(TREMBLAY, language) as talk:
        talk.say(WHEN[language])
        told = talk.last["replies"][1]
        assert {"fr": "a été manqué", "en": "was missed"}[language] in told["text"]
        talk.say(told["buttons"][0]["reply"])
        assert talk.last["understood"]["intent"] == "open_request"
        talk.say({"fr": "annule", "en": "cancel that"}[language])


def test_what_an_order_is_charged_is_worked_out_and_nothing_is_made_up(stack: Stack, language: str) -> None:
    talk = stack.talk("wrs", language)
    talk.say(AT_ORDER[language])
    assert talk.last["replies"][0]["article"] == "wrs/pay-when-ordering"
    talk.say(talk.last["replies"][0]["buttons"][0]["reply"])
    talk.say({"fr": "je ne sais pas", "en": "I don't know"}[language])
    talk.say({"fr": "J’ai déjà mon modem", "en": "I have my own modem"}[language])
    talk.say({"fr": "aujourd'hui", "en": "today"}[language])
    talk.say("K7L 3N6")
    assert {"fr": "au prorata", "en": "pro-rated"}[language] in talk.text
    assert not MONEY.search(talk.text), talk.text
    talk.say(AT_ORDER[language])
    talk.say(talk.last["replies"][0]["buttons"][0]["reply"])
    for said in {"fr": ("62 $", "Je loue le modem", "aujourd'hui"), "en": ("$62", "I’m renting the modem", "today")}[
        language
    ]:
        talk.say(said)
    talk.say("T2P 1J9")
    assert {"fr": "TPS (5\u00a0%)", "en": "GST (5%)"}[language] in talk.text
    assert {"fr": "environ 12,95\u00a0$", "en": "about $12.95"}[language] in talk.text


def test_while_billing_is_away_the_article_stays(stack: Stack, customers: Customers, language: str) -> None:
    with customers.talk(WHITFIELD, language) as talk:
        stack.kill("billing")
        try:
            talk.say(WHEN[language])
        finally:
            stack.start_one("billing")
            stack.wait_ready()
        assert talk.last["replies"][0]["article"] == "wrs/installation-time"
        assert not re.search(r"K7L", talk.last["replies"][1]["text"])
        talk.say(WHEN[language])
        assert "K7L 3N6" in talk.last["replies"][1]["text"], "it is there again"
