"""Internet service and machines with the whole program: what is looked up, requested and asked for, and the premier PIN.

One-time codes used: two for the account of Dana Whitfield (50010001), none for any other.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests.stack import Stack

pytestmark = pytest.mark.stack

WHITFIELD = {"account": "50010001", "postal_code": "K7L 3N6", "phone": "+16135550111"}
LAVOIE, HUDSON = "3A01234567", "SW-2290017"
# The holidays of Quebec that keep their day and may fall on a Wednesday.
HOLIDAYS = {(1, 1), (6, 24), (7, 1), (12, 25)}


def test_availability_is_told_by_postal_code_and_never_guaranteed(stack: Stack, language: str) -> None:
    talk = stack.talk("wrs", language)
    talk.say({"fr": "Vérifier si le service est offert", "en": "Check availability"}[language])
    talk.say("12534")
    assert {"fr": "qu’au Canada", "en": "in Canada only"}[language] in talk.text
    talk.say("K7L 3N6")
    assert "Cogeco" in talk.text
    assert {"fr": "pas une garantie", "en": "not a guarantee"}[language] in talk.text


def test_a_modem_is_checked_with_a_question_in_between(stack: Stack, language: str) -> None:
    talk = stack.talk("wrs", language)
    talk.say({"fr": "Vérifier mon modem", "en": "Check my modem"}[language])
    talk.say("Hitron coda 4582")
    assert talk.last["replies"][-1]["buttons"]
    talk.say("Cogeco")
    talk.say({"fr": "je ne sais pas", "en": "I don’t know"}[language])
    assert "7.1.1.2.2b9" in talk.text


def test_a_plan_is_changed_by_a_person_after_a_code(stack: Stack, language: str) -> None:
    talk = stack.talk("wrs", language)
    talk.say({"fr": "Changer de forfait", "en": "Change my plan"}[language])
    assert "75" not in talk.text
    seen = len(stack.texts())
    talk.say(f"{WHITFIELD['account']} {WHITFIELD['postal_code']}")
    talk.say(stack.code_for(WHITFIELD["phone"], seen))
    assert {"fr": "Câble 75** (votre forfait actuel)", "en": "Cable 75** (your current plan)"}[language] in talk.text
    talk.say({"fr": "Câble 30", "en": "Cable 30"}[language])
    talk.say("dana@whitfield.example")
    assert re.search(r"R-\d{7}", talk.text)
    assert {"fr": "quelques jours", "en": "a few days"}[language] in talk.text


def test_coverage_and_the_time_of_a_visit_are_told_by_serial_number(stack: Stack, language: str) -> None:
    talk = stack.talk("pitney-bowes", language)
    talk.say({"fr": "Vérifier ma couverture", "en": "Check my coverage"}[language])
    talk.say(LAVOIE.lower())
    assert {"fr": "Entretien préventif", "en": "Preventive maintenance"}[language] in talk.text
    talk.say({"fr": "Savoir quand un technicien viendrait", "en": "When could a technician come"}[language])
    talk.say(LAVOIE)
    assert {"fr": "8 heures ouvrables", "en": "8 business hours"}[language] in talk.text


def test_a_preventive_visit_is_asked_for_after_a_yes(stack: Stack) -> None:
    # In one language only: the demonstration machine has one visit left this year.
    day = date.today() + timedelta(days=20)
    while day.weekday() != 2 or (day.month, day.day) in HOLIDAYS:  # a Wednesday: few holidays fall on one
        day += timedelta(days=1)
    talk = stack.talk("pitney-bowes", "fr")
    talk.say("Planifier un entretien préventif")
    talk.say(LAVOIE)
    talk.say(day.isoformat())
    talk.say("514 555-0121")
    assert LAVOIE in talk.text
    assert "514 555-0121" in talk.text
    talk.say("oui")
    if day.year == date.today().year:
        assert "restantes cette année-là : 0".replace(" :", "\u00a0:") in talk.text
    assert re.search(r"\*\*[A-Z]-[A-Z0-9]{8}\*\*", talk.text), talk.text


def test_a_premier_pin_goes_ahead_and_stands_nowhere(stack: Stack, language: str) -> None:
    talk = stack.talk("pitney-bowes", language)
    talk.say({"fr": "Utiliser un NIP Premier", "en": "Use a Premier PIN"}[language])
    talk.say(HUDSON)
    answer = talk.say("4821")
    assert answer["handled_by"] == "queue"
    assert {"fr": "niveau 2", "en": "level 2"}[language] in talk.text
    assert all("4821" not in line["text"] for line in talk.transcript())
