"""Who may be registered, how many accounts a profile holds, and what calls come to."""

from datetime import UTC, date, datetime

import pytest

from billing.calls import KINDS, Call, by_kind, first_day, longest, minutes, summed
from billing.demo_calls import demo_calls
from billing.money import CAD
from billing.profile import TooMany, is_same_person, require_room, role_of_next


@pytest.mark.parametrize(("registered", "role"), [(0, "administrator"), (1, "secondary"), (4, "secondary")])
def test_the_first_is_the_administrator_and_four_follow(registered, role):
    assert role_of_next(registered, 4) == role


@pytest.mark.parametrize("registered", [5, 6])
def test_the_sixth_is_refused(registered):
    with pytest.raises(TooMany) as caught:
        role_of_next(registered, 4)
    assert caught.value.most == 5


def test_a_profile_takes_fifty_accounts():
    require_room(49, 50)
    with pytest.raises(TooMany):
        require_room(50, 50)


@pytest.mark.parametrize(
    ("name", "email", "same"),
    [
        ("Amélie Laurier", "amelie@laurier.example", True),
        ("  amélie  LAURIER ", "Amelie@Laurier.example", True),
        ("Amélie Laurier", "luc@laurier.example", False),
        ("Luc Roy", "amelie@laurier.example", False),
    ],
)
def test_a_person_is_known_by_name_and_address(name, email, same):
    assert is_same_person(name, email, "Amélie Laurier", "amelie@laurier.example") is same


def test_a_person_whose_address_was_not_kept_is_never_taken_for_another():
    assert not is_same_person("Amélie", "amelie@laurier.example", "Amélie", None)


def call(seconds, kind="local", cost="0.00"):
    return Call(datetime(2026, 3, 5, 15, tzinfo=UTC), "416-555-0101", kind, seconds, CAD(cost))


@pytest.mark.parametrize(("seconds", "charged"), [(0, 0), (1, 1), (60, 1), (61, 2), (3600, 60)])
def test_a_minute_begun_is_a_minute(seconds, charged):
    assert minutes(call(seconds)) == charged


def test_calls_are_summed_by_kind():
    calls = [call(61), call(30, "international", "0.09"), call(59)]
    assert (summed(calls).calls, summed(calls).minutes, summed(calls).cost) == (3, 4, CAD("0.09"))
    parts = by_kind(calls)
    assert list(parts) == ["local", "international"]
    assert parts["local"].minutes == 3
    assert longest(calls) is calls[0]


def test_no_calls_come_to_nothing():
    assert (summed([]).calls, summed([]).cost, by_kind([]), longest([])) == (0, CAD("0.00"), {}, None)


def test_thirty_days_end_today():
    assert first_day(date(2026, 3, 30), 30) == date(2026, 3, 1)
    assert first_day(date(2026, 3, 30), 1) == date(2026, 3, 30)


def test_demonstration_calls_are_the_same_at_every_load_and_fictional():
    today = date(2026, 3, 5)
    calls = list(demo_calls(240, account="1002003002", today=today))
    assert calls == list(demo_calls(240, account="1002003002", today=today))
    assert len(calls) == 240
    assert all(first_day(today, 30) <= one.at.date() < today for one in calls)
    assert all("555-01" in one.number or "555 01" in one.number for one in calls)
    assert {one.kind for one in calls} == set(KINDS)
    assert [one.at.date() for one in calls] == sorted(one.at.date() for one in calls)
    assert all(one.cost == CAD("0.00") for one in calls if one.kind in {"local", "toll_free"})
    assert summed(calls).cost > CAD("0.00")
