"""Letters: every event that billing tells of has its sentences in both languages, and nothing half empty is sent."""

import datetime
import json
import re
from pathlib import Path

import jinja2
import pytest

from gateway.letters import Letters
from gateway.models import Outgoing
from knowledge import Shelf

ROOT = Path(__file__).resolve().parents[3]
EVENTS = json.loads((ROOT / "billing" / "openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]["Notice"][
    "properties"
]["event"]["enum"]
OURS = {
    "code", "phone_code", "request_opened", "request_added", "request_answered", "request_solved", "agent_invitation", "agent_password",
    "transcript",
}  # fmt: skip
AMOUNT = {"amount": "1284.50", "currency": "CAD"}
VALUES = {
    "code": {"code": "012345"},
    "phone_code": {"code": "012345"},
    "request_opened": {"number": "R-1234567", "description": "Plus de tonalité <b>depuis</b> lundi"},
    "request_added": {"number": "R-1234567", "description": "Le code est revenu ce matin"},
    "request_answered": {"number": "R-1234567", "description": "Essayez de changer la cartouche."},
    "request_solved": {"number": "R-1234567", "description": "", "days": 7},
    "agent_invitation": {"name": "Luc Roy", "link": "https://aide.example/desk/link/abc"},
    "agent_password": {"name": "Luc Roy", "link": "https://aide.example/desk/link/abc"},
    "autopay": {"active": True, "next_date": "2026-12-01"},
    "autopay_payment": {"amount": AMOUNT, "date": "2026-12-01"},
    "autopay_declined": {"amount": AMOUNT, "date": "2026-12-01"},
    "ebill_email": {"email": "new@laurier.example", "previous": {"email": "old@laurier.example", "since": None}},
    "ebill_enrolment": {"email": "new@laurier.example", "delivery": "ebill", "previous": {}},
    "eservice_registration": {"name": "Luc Roy", "role": "secondary", "users": 2, "most_users": 5},
    "maintenance_visit": {"preferred_on": "2026-12-01", "left": 1},
    "payment": {"amount": AMOUNT, "bill": "P-1001"},
    "payment_promise": {"amount": AMOUNT, "date": "2026-12-01", "previous": {"date": "2026-11-30"}},
    "premier_locked": {"wrong": 10},
    "promise_reminder": {"amount": AMOUNT, "date": "2026-12-01"},
    "payment_report": {"amount": AMOUNT, "date": "2026-12-01", "method": "cheque", "state": "searching"},
    "transcript": {
        "entries": [
            {"author": "customer", "at": datetime.datetime(2026, 11, 23, 14, 5), "text": "Mon <b>solde</b>?"},
            {"author": "assistant", "at": datetime.datetime(2026, 11, 23, 14, 5), "text": "Solde\n284,52 $"},
        ]
    },
    "profile_account": {"added_ending": "3007", "accounts": 2, "most_accounts": 50},
}


@pytest.fixture(scope="module")
def letters():
    return Letters(Shelf(ROOT / "knowledge_base"))


def row(letter, language, channel="email", brand="primus"):
    return Outgoing(
        id=7, key="k", brand=brand, language=language, channel=channel, address="a@b.example", letter=letter,
        created_at=datetime.datetime(2026, 11, 23, 17, 0, tzinfo=datetime.UTC),
    )  # fmt: skip


def values(letter):
    return {**VALUES[letter], "reference": "E-7GK2MPQA"}


def test_every_event_of_billing_has_a_letter_and_every_letter_a_case_here(letters):
    assert set(EVENTS) == set(letters.kinds) - OURS
    assert set(VALUES) == set(letters.kinds)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("letter", sorted(VALUES))
def test_a_letter_is_whole_on_both_channels(letters, letter, language):
    mail = letters.write(row(letter, language), values(letter))
    text = letters.write(row(letter, language, "sms"), values(letter))
    for written in (mail.subject, mail.text, mail.html, text.text):
        assert written.strip()
        assert not re.search(r"[{}]|None|Undefined", written.partition("<body")[2] or written), written
    assert text.subject == text.html == ""
    assert len(text.text) <= 160 * 2, "an SMS of two parts at most"
    assert "\n" not in mail.subject
    wanted = r"1\D284,50\D\$" if language == "fr" else r"\$1,284\.50"
    assert "amount" not in VALUES[letter] or re.search(wanted, mail.text)
    assert "date" not in VALUES[letter] or {"fr": "1er décembre 2026", "en": "December 1, 2026"}[language] in mail.text


@pytest.mark.parametrize("letter", sorted(VALUES))
def test_french_keeps_its_typography(letters, letter):
    mail = letters.write(row(letter, "fr"), values(letter))
    assert not re.search(r"[^\u00a0]:(?!//)", re.sub(r"https?://\S+|\d:\d", "", mail.text)), mail.text
    assert "'" not in mail.text


@pytest.mark.parametrize("brand", ["primus", "wrs", "pitney-bowes"])
def test_a_letter_speaks_for_its_brand_alone(letters, brand):
    mail = letters.write(row("payment", "en", brand=brand), values("payment"))
    others = {one.name for one in Shelf(ROOT / "knowledge_base").brands.values()} - {mail.sender}
    assert not any(name in mail.text + mail.html for name in others)
    phone = Shelf(ROOT / "knowledge_base").brands[brand].contact["phone"]
    assert (phone or "assistant on our site") in mail.text
    assert "None" not in mail.text


def test_automatic_payment_says_what_it_is_now(letters):
    on = letters.write(row("autopay", "en"), values("autopay"))
    off = letters.write(row("autopay", "en"), {**values("autopay"), "active": False, "next_date": None})
    assert "is now on" in on.text
    assert "is stopped" in off.text


def test_a_value_that_is_missing_stops_the_letter(letters):
    with pytest.raises(jinja2.UndefinedError):
        letters.write(row("payment", "fr"), {"reference": "R-1"})


def test_what_a_customer_wrote_is_text_in_the_page(letters):
    mail = letters.write(row("request_opened", "fr"), values("request_opened"))
    assert "<b>" not in mail.html
    assert "&lt;b&gt;" in mail.html
    assert (
        "{{ 7 * 7 }}"
        in letters.write(row("request_opened", "fr"), {"number": "R-1", "description": "{{ 7 * 7 }}"}).text
    )
