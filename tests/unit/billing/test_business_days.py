"""Days and hours of work, around week-ends, the holidays of each province, and changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.business_days import Hours, add_business_days, add_business_hours, is_business_day
from billing.holiday_calendar import holidays_between, holidays_of

EIGHT_TO_FIVE = Hours(time(8), time(17))
TORONTO = ZoneInfo("America/Toronto")


@pytest.mark.parametrize(
    ("paid_on", "province", "expected"),
    [
        ("2026-03-02", "ON", "2026-03-09"),  # Monday to Monday
        ("2026-03-07", "ON", "2026-03-13"),  # Saturday: counting starts on Monday
        ("2026-03-08", "ON", "2026-03-13"),
        ("2026-12-23", "ON", "2027-01-04"),  # Christmas, Boxing Day kept on Monday the 28th, New Year's Day
        ("2026-12-23", "QC", "2026-12-31"),  # Christmas alone
        ("2026-12-31", "ON", "2027-01-08"),  # New Year's Day
        ("2025-12-31", "QC", "2026-01-08"),
        ("2026-04-01", "ON", "2026-04-09"),  # Good Friday
        ("2026-04-01", "QC", "2026-04-09"),
        ("2028-02-25", "ON", "2028-03-03"),  # over 29 February
        ("2028-02-29", "QC", "2028-03-07"),  # on it
        ("2027-02-26", "QC", "2027-03-05"),  # no 29 February
        ("2026-02-12", "ON", "2026-02-20"),  # Family Day
        ("2026-02-12", "QC", "2026-02-19"),  # which Quebec does not keep
        ("2026-06-22", "QC", "2026-06-30"),  # the national holiday of Quebec
        ("2026-06-22", "ON", "2026-06-29"),  # which Ontario does not keep
        ("2026-06-24", "QC", "2026-07-02"),  # Canada Day, paid on a holiday
    ],
)
def test_five_business_days_from_payment(paid_on, province, expected):
    reached = add_business_days(date.fromisoformat(paid_on), 5, holidays_of("CA", province))
    assert reached == date.fromisoformat(expected)


def test_the_holidays_in_between_have_their_names_in_both_languages():
    skipped = holidays_between("ON", date(2026, 12, 23), date(2027, 1, 4))
    assert [one["date"] for one in skipped] == ["2026-12-25", "2026-12-28", "2027-01-01"]
    assert skipped[0]["name"] == {"fr": "Jour de Noël", "en": "Christmas Day"}


def test_a_holiday_on_a_week_end_is_not_named_and_the_days_of_the_ends_are_told_apart():
    assert [one["date"] for one in holidays_between("ON", date(2026, 12, 25), date(2026, 12, 28))] == ["2026-12-28"]
    assert holidays_between("QC", date(2026, 12, 25), date(2026, 12, 31)) == []


def test_a_business_day_is_a_weekday_without_holiday():
    quebec, ontario, states = holidays_of("CA", "QC"), holidays_of("CA", "ON"), holidays_of("US", None)
    assert not is_business_day(date(2026, 6, 24), quebec)
    assert is_business_day(date(2026, 6, 24), ontario)
    assert not is_business_day(date(2026, 6, 27), ontario)
    assert is_business_day(date(2026, 7, 1), states)
    assert not is_business_day(date(2026, 7, 3), states)  # 4 July 2026 is a Saturday


def due(start, hours, *, province="ON", zone=TORONTO):
    reached = add_business_hours(
        start, timedelta(hours=hours), open_at=EIGHT_TO_FIVE, zone=zone, holidays=holidays_of("CA", province)
    )
    assert reached.tzinfo is zone
    return reached.isoformat()


def at(text, zone=TORONTO):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-03-02T08:00", 8, "2026-03-02T16:00:00-05:00"),
        ("2026-03-02T09:00", 8, "2026-03-02T17:00:00-05:00"),  # due at closing, not the next morning
        ("2026-03-02T09:01", 8, "2026-03-03T08:01:00-05:00"),
        ("2026-03-02T16:30", 4, "2026-03-03T11:30:00-05:00"),
        ("2026-03-02T06:15", 4, "2026-03-02T12:00:00-05:00"),  # before opening
        ("2026-03-02T17:00", 4, "2026-03-03T12:00:00-05:00"),  # closing minute: the next morning
        ("2026-03-02T21:40", 4, "2026-03-03T12:00:00-05:00"),  # after closing
        ("2026-03-02T10:00", 24, "2026-03-04T16:00:00-05:00"),
        ("2026-03-06T15:00", 8, "2026-03-09T14:00:00-04:00"),  # over the week-end on which clocks go forward
        ("2026-03-07T11:00", 8, "2026-03-09T16:00:00-04:00"),  # on a Saturday
        ("2026-03-08T02:30", 8, "2026-03-09T16:00:00-04:00"),  # in the hour that does not exist
        ("2026-10-30T15:00", 12, "2026-11-03T09:00:00-05:00"),  # over the week-end on which clocks go back
        ("2026-11-01T01:30", 4, "2026-11-02T12:00:00-05:00"),  # in the hour that comes twice
        ("2026-04-30T14:00", 8, "2026-05-01T13:00:00-04:00"),  # month end
        ("2026-02-27T12:00", 12, "2026-03-02T15:00:00-05:00"),  # end of February
        ("2028-02-28T12:00", 12, "2028-02-29T15:00:00-05:00"),  # 29 February
        ("2026-07-01T10:00", 8, "2026-07-02T16:00:00-04:00"),  # on a holiday
        ("2026-12-24T14:00", 8, "2026-12-29T13:00:00-05:00"),  # Christmas, week-end, Boxing Day on Monday
        ("2026-12-31T16:00", 8, "2027-01-04T15:00:00-05:00"),  # New Year's Day and a week-end
        ("2026-03-02T10:00:30", 8, "2026-03-03T09:00:30-05:00"),
    ],
)
def test_business_hours_are_counted_from_eight_to_five(start, hours, expected):
    assert due(at(start), hours) == expected


def test_a_start_in_another_zone_is_the_same_moment():
    assert due(datetime(2026, 3, 2, 21, 30, tzinfo=UTC), 4) == "2026-03-03T11:30:00-05:00"


@pytest.mark.parametrize(
    ("province", "zone", "expected"),
    [
        ("QC", "America/Toronto", "2026-06-25T10:00:00-04:00"),  # 24 June is no day of work there
        ("ON", "America/Toronto", "2026-06-24T10:00:00-04:00"),
        ("SK", "America/Regina", "2026-06-24T10:00:00-06:00"),
        ("NL", "America/St_Johns", "2026-06-24T10:00:00-02:30"),
    ],
)
def test_each_province_has_its_holidays_and_its_zone(province, zone, expected):
    assert due(at("2026-06-23T15:00", ZoneInfo(zone)), 4, province=province, zone=ZoneInfo(zone)) == expected


def test_two_years_of_starts_are_always_due_within_hours_on_a_business_day_and_in_order():
    holidays = holidays_of("CA", "QC")
    last = None
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment < datetime(2028, 1, 1, tzinfo=UTC):
        reached = add_business_hours(moment, timedelta(hours=8), open_at=EIGHT_TO_FIVE, zone=TORONTO, holidays=holidays)
        assert is_business_day(reached.date(), holidays)
        assert time(8) < reached.time() <= time(17)
        assert last is None or reached >= last
        last = reached
        moment += timedelta(hours=7, minutes=13)
