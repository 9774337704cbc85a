"""Resolved on evidence only, and where the customer did not come back within seven days."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from desk.resolution import (
    AGENT,
    CHANGE,
    CUSTOMER,
    OPEN,
    RESOLVED,
    RETURNED,
    SILENT,
    Evidence,
    Standing,
    Word,
    comes_back,
    is_settled,
    same_matter,
    standing,
    what_became,
)

TORONTO, VANCOUVER = ZoneInfo("America/Toronto"), ZoneInfo("America/Vancouver")
AT = datetime.datetime(2026, 10, 28, 23, 30, tzinfo=TORONTO)  # the clocks go back four days later
WEEK, MINUTE = datetime.timedelta(days=7), datetime.timedelta(minutes=1)


def later(**time):
    return AT.astimezone(datetime.UTC) + datetime.timedelta(**time)


def test_without_evidence_nothing_is_resolved_however_long_the_silence():
    assert standing([], [], [Word(later(days=1), None)]) == Standing()
    assert what_became(None, None, AT, False, later(days=400)) == SILENT


@pytest.mark.parametrize("by", [CUSTOMER, CHANGE, AGENT])
def test_each_kind_of_evidence_counts_from_its_moment(by):
    held = standing([Evidence(AT, by)], [], [])
    assert held == Standing(Evidence(AT, by), None)
    assert what_became(held.evidence.at, None, AT, False, later(days=1)) == RESOLVED


def test_the_latest_evidence_counts():
    first, last = Evidence(AT, CHANGE), Evidence(later(hours=1), CUSTOMER)
    assert standing([last, first], [], []).evidence == last


@pytest.mark.parametrize(
    ("after", "returned"),
    [
        (-MINUTE, False),
        (datetime.timedelta(), False),
        (MINUTE, True),
        (WEEK - MINUTE, True),
        (WEEK, False),
        (WEEK + MINUTE, False),
    ],
)
def test_a_return_counts_within_seven_times_24_hours(after, returned):
    at = later() + after
    assert comes_back(AT, at) is returned
    assert (standing([Evidence(AT, AGENT)], [], [Word(at, None)]).returned_at == at) is returned


def test_the_border_is_the_same_in_every_time_zone_and_when_the_clocks_change():
    border = later(days=7)
    assert border.astimezone(TORONTO).hour == 22, "an hour earlier by the clock: the change lies between"
    for zone in (TORONTO, VANCOUVER, datetime.UTC):
        assert comes_back(AT.astimezone(zone), (border - MINUTE).astimezone(zone))
        assert not comes_back(AT, border.astimezone(zone))
        assert not is_settled(AT.astimezone(zone), border - MINUTE)
        assert is_settled(AT, border.astimezone(zone))


def test_a_return_makes_it_unresolved_and_new_evidence_starts_its_own_seven_days():
    came, again = later(days=2), later(days=3)
    held = standing([Evidence(AT, AGENT)], [], [Word(came, None)])
    assert what_became(AT, held.returned_at, came, False, later(days=30)) == RETURNED
    held = standing([Evidence(AT, AGENT), Evidence(again, CHANGE)], [], [Word(came, None)])
    assert (held.evidence.at, held.returned_at) == (again, None)
    held = standing([Evidence(AT, AGENT), Evidence(again, CHANGE)], [], [Word(came, None), Word(later(days=9), None)])
    assert held.returned_at == later(days=9), "within seven days of the second"


def test_the_first_return_is_told():
    assert standing(
        [Evidence(AT, AGENT)], [], [Word(later(days=5), None), Word(later(days=2), None)]
    ).returned_at == later(days=2)


@pytest.mark.parametrize(("by", "holds"), [(CUSTOMER, False), (AGENT, False), (CHANGE, True)])
def test_a_customer_who_then_says_no_takes_back_all_but_a_change(by, holds):
    held = standing([Evidence(AT, by)], [later(minutes=5)], [])
    assert (held.evidence is not None) is holds


def test_what_is_said_after_the_no_counts_again():
    held = standing([Evidence(AT, AGENT), Evidence(later(hours=2), AGENT)], [later(hours=1)], [])
    assert held.evidence.at == later(hours=2)


def test_what_a_person_owes_is_open_whatever_was_said():
    assert what_became(AT, None, AT, True, later(days=30)) == OPEN
    assert what_became(None, None, AT, True, later(days=30)) == OPEN


@pytest.mark.parametrize(("hours", "became"), [(0, OPEN), (23, OPEN), (24, SILENT), (500, SILENT)])
def test_silence_begins_after_a_day_without_a_word(hours, became):
    assert what_became(None, None, AT, False, later(hours=hours)) == became


def test_another_matter_is_no_return_and_what_was_not_understood_may_be_one():
    settled = Evidence(AT, CHANGE, frozenset({"do/report_payment", "primus/pay-online"}))
    assert same_matter(settled, Word(later(hours=1), "do/report_payment"))
    assert same_matter(settled, Word(later(hours=1), None))
    assert not same_matter(settled, Word(later(hours=1), "do/move_services"))
    words = [Word(later(hours=1), "do/move_services"), Word(later(hours=2), "primus/pay-online")]
    assert standing([settled], [], words).returned_at == later(hours=2)
