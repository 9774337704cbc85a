"""What agents read of a request: every fact that is asked for has its name and its words, in both languages."""

import datetime

import pytest

from actions.requests import HAND_OVER_FIELDS, REPEAT, read_requests
from desk.console.names import Names
from desk.console.words import Words
from desk.models import SupportRequest
from desk.triage_box import PLURALS
from knowledge import Shelf
from tests.integration.actions.talk import ROOT

NOW = datetime.datetime(2026, 11, 23, 17, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def shelf():
    return Shelf(ROOT / "knowledge_base")


@pytest.fixture
def names(shelf, language):
    return Names(shelf, Words(language))


def request(**values):
    usual = {
        "number": "R-1",
        "brand": "pitney-bowes",
        "kind": "open_request",
        "category": "technical",
        "description": "Elle bloque.",
    }
    return SupportRequest(**{**usual, "details": {}, "due_at": None, "due_for": None, **values})


def test_every_fact_that_a_request_or_the_box_may_bring_has_a_name():
    told = {"first_message", *PLURALS}
    for spec in read_requests().values():
        told |= {*spec.fields, *spec.takes} - {*HAND_OVER_FIELDS, REPEAT}
    carried_out = {"pin", "machine", "terms", "confirmation"}  # never among the facts of a request
    facts = Words.tables["facts"]
    assert {name for name in told if name not in facts} <= carried_out | {
        # Of requests that the assistant carries out itself, and opens no request for.
        *("addition", "contract", "coverage_item", "ebill_email", "method", "network", "new_email", "paid_on", "place"),
        *("promised_on", "reference", "registration_email", "request_contact", "request_number"),
    }


def test_facts_are_read_as_people_write_them(names, language):
    details = {
        "first_message": "elle bloque. ",
        "remote_help": "tried",
        "preferred_on": "2026-12-14",
        "month": "2026-03",
        "amount": "284.52",
        "error_code": "unknown",
        "phone": ["+15145550123", "+14165550102"],
        "onsite": {"zone": 1},
        "plan": "",
    }
    shown = dict(names.details(request(details=details)))
    expected = {
        "fr": {
            "premier message": "elle bloque. ",
            "aide à distance": "déjà essayée",
            "date voulue": "14 décembre 2026",
            "mois": "mars 2026",
            "montant": "284,52\u00a0$",
            "code d’erreur": "inconnu",
            "téléphone": "514 555-0123, 416 555-0102",
        },
        "en": {
            "first message": "elle bloque. ",
            "remote help": "tried already",
            "date wanted": "December 14, 2026",
            "month": "March 2026",
            "amount": "$284.52",
            "error code": "not known",
            "phone": "514 555-0123, 416 555-0102",
        },
    }[language]
    assert shown == expected


def test_what_repeats_the_description_is_not_shown_twice(names):
    assert names.details(request(description="Elle  bloque.", details={"first_message": "Elle bloque."})) == []


def test_a_request_is_called_by_its_kind_or_by_its_matter(names, language):
    assert names.request(request()) == {"fr": "Pannes et appareils", "en": "Faults and machines"}[language]
    assert (
        names.request(request(kind="request_technician"))
        == {"fr": "Demander un technicien", "en": "Request a technician"}[language]
    )
    assert names.request(request(kind="of another release", category="of another too")) == "of another release"


def test_a_due_time_is_that_of_its_customer(names, language):
    """A visit in Vancouver is due by the clock there, whoever looks; an answer by the brand's."""
    at = datetime.datetime(2026, 11, 24, 21, 0, tzinfo=datetime.UTC)
    onsite = {"contract": "standard", "zone": 1, "time_zone": "America/Vancouver", "province": "BC"}
    visit = request(due_at=at, due_for="onsite", details={"onsite": onsite})
    answer = request(due_at=at, due_for="answer", details={"onsite": onsite})
    assert (
        names.due(visit, NOW)
        == {"fr": "24 nov., 13\u00a0h (heure locale)", "en": "Nov 24, 1\u00a0p.m. (local time)"}[language]
    )
    assert names.due(answer, NOW) == {"fr": "24 nov., 16\u00a0h", "en": "Nov 24, 4\u00a0p.m."}[language]
    assert names.due(request(), NOW) == ""
