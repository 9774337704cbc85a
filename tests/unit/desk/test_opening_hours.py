"""Open or closed, and when next: weekends, holidays, the days when the clocks change, the ends of months and years."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from desk.opening_hours import Hours

TORONTO = ZoneInfo("America/Toronto")
NEW_YEAR = datetime.date(2027, 1, 1)
HOLIDAYS = {NEW_YEAR, datetime.date(2026, 12, 25), datetime.date(2026, 12, 28), datetime.date(2026, 7, 1)}
HOURS = Hours.of({"time_zone": "America/Toronto", "province": "ON", "monday-friday": ["08:00", "20:00"]})


def at(text):
    """A moment by the clock in Toronto."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=TORONTO)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 07:59:59", False),
        ("2026-11-23 08:00:00", True),
        ("2026-11-23 12:00:00", True),
        ("2026-11-23 19:59:59", True),
        ("2026-11-23 20:00:00", False),
        ("2026-11-21 12:00:00", False),  # a Saturday
        ("2026-11-22 12:00:00", False),  # a Sunday
        ("2026-07-01 12:00:00", False),  # a Wednesday, and a holiday
        ("2026-07-02 12:00:00", True),
    ],
)
def test_open_and_closed(moment, is_open):
    assert HOURS.is_open(at(moment), HOLIDAYS) is is_open


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23 07:00", "2026-11-23 08:00"),
        ("2026-11-23 08:00", "2026-11-24 08:00"),  # open now: the next opening is tomorrow's
        ("2026-11-23 12:00", "2026-11-24 08:00"),
        ("2026-11-23 23:59", "2026-11-24 08:00"),
        ("2026-11-27 20:00", "2026-11-30 08:00"),  # Friday evening
        ("2026-11-28 10:00", "2026-11-30 08:00"),  # Saturday
        ("2026-06-30 21:00", "2026-07-02 08:00"),  # the end of a month before a holiday
        ("2026-12-24 20:00", "2026-12-29 08:00"),  # Christmas, a weekend, and the Monday after it
        ("2026-12-31 20:00", "2027-01-04 08:00"),  # the end of a year, New Year's Day, a weekend
        ("2028-02-28 21:00", "2028-02-29 08:00"),  # a leap year
    ],
)
def test_the_next_opening(moment, opening):
    found = HOURS.next_opening(at(moment), HOLIDAYS)
    assert found == at(opening)
    assert found.isoformat() == at(opening).isoformat()
    assert HOURS.is_open(found, HOLIDAYS)


@pytest.mark.parametrize(
    ("moment", "opening", "utc"),
    [
        # Clocks go forward on Sunday 8 March 2026 and back on Sunday 1 November.
        ("2026-03-06 20:00", "2026-03-09 08:00", "2026-03-09T12:00:00+00:00"),
        ("2026-03-05 20:00", "2026-03-06 08:00", "2026-03-06T13:00:00+00:00"),
        ("2026-10-30 20:00", "2026-11-02 08:00", "2026-11-02T13:00:00+00:00"),
        ("2026-10-29 20:00", "2026-10-30 08:00", "2026-10-30T12:00:00+00:00"),
    ],
)
def test_the_clock_changes_and_the_hours_stay_on_the_clock(moment, opening, utc):
    found = HOURS.next_opening(at(moment), HOLIDAYS)
    assert found == at(opening)
    assert found.astimezone(datetime.UTC).isoformat() == utc


@pytest.mark.parametrize(
    ("utc", "is_open"),
    [
        ("2026-03-09T11:59:00+00:00", False),
        ("2026-03-09T12:00:00+00:00", True),  # summer time: 8 o'clock is noon in UTC
        ("2026-03-06T12:59:00+00:00", False),
        ("2026-03-06T13:00:00+00:00", True),
        ("2026-11-02T12:59:00+00:00", False),
        ("2026-11-02T13:00:00+00:00", True),
        ("2026-11-24T00:30:00+00:00", True),  # Monday evening in Toronto, Tuesday in UTC
        ("2026-11-28T00:59:00+00:00", True),  # Friday evening, Saturday in UTC
    ],
)
def test_a_moment_in_utc_is_judged_by_the_local_clock(utc, is_open):
    assert HOURS.is_open(datetime.datetime.fromisoformat(utc), HOLIDAYS) is is_open


SUNDAYS = Hours.of({"time_zone": "America/Toronto", "sunday": ["00:30", "06:00"]})


def test_hours_across_the_hour_that_does_not_exist():
    assert SUNDAYS.is_open(at("2026-03-08 01:59"), ())
    assert SUNDAYS.is_open(at("2026-03-08 03:00"), ())
    assert SUNDAYS.next_opening(at("2026-03-07 23:00"), ()).isoformat() == "2026-03-08T00:30:00-05:00"


def test_hours_across_the_hour_that_comes_twice():
    first, second = at("2026-11-01 01:30"), at("2026-11-01 01:30").replace(fold=1)
    assert first.astimezone(datetime.UTC) != second.astimezone(datetime.UTC)
    assert SUNDAYS.is_open(first.astimezone(datetime.UTC), ())
    assert SUNDAYS.is_open(second.astimezone(datetime.UTC), ())


def test_a_day_without_hours_is_a_closed_day():
    hours = Hours.of(
        {"time_zone": "America/Toronto", "monday": ["09:00", "17:00"], "wednesday-thursday": ["10:00", "16:00"]}
    )
    assert hours.is_open(at("2026-11-23 09:00"), ())
    assert not hours.is_open(at("2026-11-24 12:00"), ())
    assert hours.is_open(at("2026-11-26 15:59"), ())
    assert not hours.is_open(at("2026-11-26 09:59"), ())
    assert hours.next_opening(at("2026-11-23 12:00"), ()) == at("2026-11-25 10:00")
    assert hours.next_opening(at("2026-11-26 12:00"), ()) == at("2026-11-30 09:00")


def test_hours_that_never_open_are_an_error_and_not_an_endless_search():
    with pytest.raises(ValueError, match="never open"):
        Hours.of({"time_zone": "America/Toronto"}).next_opening(at("2026-11-23 12:00"), ())

    class Always:
        def __contains__(self, day):
            return True

    with pytest.raises(ValueError, match="never open"):
        HOURS.next_opening(at("2026-11-23 12:00"), Always())


def test_another_zone_has_its_own_clock():
    vancouver = Hours.of({"time_zone": "America/Vancouver", "monday-friday": ["08:00", "20:00"]})
    assert not vancouver.is_open(at("2026-11-23 10:59"), ())
    assert vancouver.is_open(at("2026-11-23 11:00"), ())
