"""What is owed until when: closed hours, half-open days, holidays, month ends, both changes of the clocks, zones and contracts."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from desk.opening_hours import Hours
from desk.service_levels import (
    ANSWER,
    ONSITE,
    REMOTE_HELP,
    URGENCIES,
    WARN_BEFORE,
    Calendar,
    OnsiteRules,
    OnsiteTarget,
    add,
    answer_due,
    between,
    must_warn,
    onsite_due,
    onsite_target,
    pick_up_due,
    remote_help_due,
    time_left,
)

ZONE = ZoneInfo("America/Toronto")
HOLIDAYS = {datetime.date(2026, 12, 25), datetime.date(2027, 1, 1), datetime.date(2026, 7, 1)}
OFFICE = Calendar(Hours.of({"time_zone": "America/Toronto", "monday-friday": ["08:00", "20:00"]}), HOLIDAYS)
VISITS = Calendar(Hours.of({"time_zone": "America/Toronto", "monday-friday": ["08:00", "17:00"]}), HOLIDAYS)
HALF = Calendar(
    Hours.of(
        {
            "time_zone": "America/Toronto",
            "monday-friday": ["08:00", "17:00"],
            "dates": {"2026-12-24": ["08:00", "12:00"], "2026-12-28": "closed", "2026-12-25": ["10:00", "11:00"]},
        }
    ),
    HOLIDAYS,
)
# Open all night but for a minute: the changes of the clocks, at 2 in the night, fall into it.
NIGHT = Calendar(Hours.of({"time_zone": "America/Toronto", "monday-sunday": ["00:00", "23:59"]}), set())
RULES = OnsiteRules(standard={1: 8, 2: 12, 3: 24}, guaranteed=(4, 8), zones=(1, 2))
HOUR = datetime.timedelta(hours=1)


def at(text, zone=ZONE):
    """A moment by the clock in Toronto."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zone)


CASES = [
    # calendar, start, hours, due
    (VISITS, "2026-11-23 08:00", 8, "2026-11-23 16:00"),
    (VISITS, "2026-11-23 08:00", 9, "2026-11-23 17:00"),  # what runs out at closing is due then
    (VISITS, "2026-11-23 16:30", 1, "2026-11-24 08:30"),
    (VISITS, "2026-11-23 06:00", 4, "2026-11-23 12:00"),  # before the opening
    (VISITS, "2026-11-23 17:00", 4, "2026-11-24 12:00"),  # at closing
    (VISITS, "2026-11-23 23:59", 4, "2026-11-24 12:00"),
    (VISITS, "2026-11-27 15:00", 4, "2026-11-30 10:00"),  # over a weekend
    (VISITS, "2026-11-28 10:00", 24, "2026-12-02 14:00"),  # from a Saturday, over the end of a month
    (VISITS, "2026-12-24 15:00", 4, "2026-12-28 10:00"),  # Christmas, a weekend
    (VISITS, "2026-12-31 16:00", 2, "2027-01-04 09:00"),  # the end of a year
    (VISITS, "2026-06-30 16:00", 2, "2026-07-02 09:00"),  # the end of a month before a holiday
    (VISITS, "2028-02-28 16:00", 2, "2028-02-29 09:00"),  # a leap day
    (VISITS, "2026-03-06 16:00", 2, "2026-03-09 09:00"),  # the weekend on which the clocks go forward
    (VISITS, "2026-10-30 16:00", 2, "2026-11-02 09:00"),  # and back
    (HALF, "2026-12-24 10:00", 3, "2026-12-25 11:00"),  # a half day, then one hour of the holiday
    (HALF, "2026-12-24 10:00", 4, "2026-12-29 09:00"),  # and the Monday that is closed
    (HALF, "2026-12-24 13:00", 1, "2026-12-25 11:00"),
    (NIGHT, "2026-03-07 23:00", 4, "2026-03-08 04:01"),  # there is no hour from 2 to 3
    (NIGHT, "2026-10-31 23:00", 4, "2026-11-01 02:01"),  # there are two from 1 to 2
]


@pytest.mark.parametrize(("calendar", "start", "hours", "due"), CASES)
def test_opening_time_is_added(calendar, start, hours, due):
    assert add(at(start), hours * HOUR, calendar) == at(due)


@pytest.mark.parametrize(("calendar", "start", "hours", "due"), CASES)
def test_what_was_added_lies_between(calendar, start, hours, due):
    assert between(at(start), at(due), calendar) == hours * HOUR
    assert between(at(due), at(start), calendar) == -hours * HOUR


def test_a_day_of_open_clocks_is_an_hour_shorter_or_longer():
    for day, hours in (("2026-03-08", 23), ("2026-11-01", 25), ("2026-11-02", 24)):
        found = between(at(f"{day} 00:00"), at(f"{day} 23:59"), NIGHT)
        assert found == hours * HOUR - datetime.timedelta(minutes=1), day


def test_the_same_moment_said_in_another_zone_is_due_at_the_same_moment():
    start = at("2026-11-23 16:30")
    for zone in ("UTC", "America/Vancouver", "America/St_Johns", "Asia/Tokyo"):
        assert add(start.astimezone(ZoneInfo(zone)), HOUR, VISITS) == add(start, HOUR, VISITS)


def test_nothing_is_owed_where_it_never_opens():
    shut = Calendar(Hours.of({"time_zone": "America/Toronto"}), set())
    with pytest.raises(ValueError, match="never open"):
        add(at("2026-11-23 12:00"), HOUR, shut)
    assert between(at("2026-11-23 12:00"), at("2026-11-30 12:00"), shut) == datetime.timedelta()


def test_a_day_that_is_named_opens_or_closes_whatever_its_weekday():
    hours = HALF.hours
    assert hours.is_open(at("2026-12-24 11:59"), HOLIDAYS)
    assert not hours.is_open(at("2026-12-24 12:00"), HOLIDAYS)
    assert hours.is_open(at("2026-12-25 10:30"), HOLIDAYS)
    assert not hours.is_open(at("2026-12-28 10:00"), HOLIDAYS)
    assert hours.next_opening(at("2026-12-25 11:00"), HOLIDAYS) == at("2026-12-29 08:00")


def test_somebody_is_there_within_seconds_in_hours_and_after_the_opening_out_of_hours():
    assert pick_up_due(at("2026-11-23 12:00"), 30, OFFICE) == at("2026-11-23 12:00:30")
    assert pick_up_due(at("2026-11-23 19:59:50"), 60, OFFICE) == at("2026-11-24 08:00:50")
    assert pick_up_due(at("2026-12-24 21:00"), 30, OFFICE) == at("2026-12-28 08:00:30")


def test_the_more_urgent_is_answered_sooner():
    hours = {"urgent": 1, "high": 4, "normal": 8, "low": 16}
    due = [answer_due(at("2026-11-23 19:00"), urgency, hours, OFFICE) for urgency in URGENCIES]
    assert due == sorted(set(due))
    assert due[0] == at("2026-11-23 20:00")
    assert due[-1] == at("2026-11-25 11:00")
    assert answer_due(at("2026-11-23 12:00"), "urgent", {"urgent": 0.5}, OFFICE) == at("2026-11-23 12:30")


def test_remote_help_runs_by_the_clock_also_past_closing():
    assert remote_help_due(at("2026-11-23 19:30"), 60) == at("2026-11-23 20:30")


@pytest.mark.parametrize(
    ("contract", "zone", "target"),
    [
        ("standard", 1, OnsiteTarget("target", 8)),
        ("standard", 2, OnsiteTarget("target", 12)),
        ("standard", 3, OnsiteTarget("target", 24)),
        ("standard", None, OnsiteTarget("person")),  # beyond the last zone
        ("standard", 4, OnsiteTarget("person")),
        ("performance-4h", 1, OnsiteTarget("target", 4, guaranteed=True)),
        ("performance-8h", 2, OnsiteTarget("target", 8, guaranteed=True)),
        ("performance-4h", 3, OnsiteTarget("person")),  # zones 1 and 2 only
        ("performance-8h", None, OnsiteTarget("person")),
        ("performance-6h", 1, OnsiteTarget("person")),
        ("none", 1, OnsiteTarget("quote")),
        ("none", None, OnsiteTarget("quote")),
        ("software-1", 1, OnsiteTarget("quote")),
        ("software-2", 1, OnsiteTarget("person")),
        ("software-premier", 2, OnsiteTarget("person")),
    ],
)
def test_what_a_contract_promises(contract, zone, target):
    assert onsite_target(contract, zone, RULES) == target


def test_a_guarantee_that_the_brand_does_not_sell_is_not_promised():
    only_eight = OnsiteRules(standard={}, guaranteed=(8,), zones=(1,))
    assert onsite_target("performance-4h", 1, only_eight) == OnsiteTarget("person")


def test_the_clock_of_a_visit_starts_at_the_dispatch_point_at_the_place_of_the_machine():
    west = Calendar(Hours.of({"time_zone": "America/Vancouver", "monday-friday": ["08:00", "17:00"]}), HOLIDAYS)
    dispatched = at("2026-11-23 19:00")  # 16:00 in Vancouver
    assert onsite_due(dispatched, 4, west) == at("2026-11-24 11:00", ZoneInfo("America/Vancouver"))
    assert onsite_due(dispatched, 4, VISITS) == at("2026-11-24 12:00")


@pytest.mark.parametrize("due_for", [ANSWER, ONSITE, REMOTE_HELP])
def test_the_warning_comes_before_the_breach(due_for):
    due = at("2026-11-23 14:00")
    margin = WARN_BEFORE[due_for]
    assert not must_warn(due_for, due, due - margin - datetime.timedelta(seconds=1), OFFICE)
    assert must_warn(due_for, due, due - margin, OFFICE)
    assert must_warn(due_for, due, due + HOUR, OFFICE), "also where nobody looked in time"


def test_what_is_due_in_the_morning_is_warned_of_the_day_before():
    due = at("2026-11-30 09:00")  # a Monday: an hour after the opening
    assert not must_warn(ONSITE, due, at("2026-11-27 15:59"), VISITS)
    assert must_warn(ONSITE, due, at("2026-11-27 16:00"), VISITS)
    assert must_warn(ONSITE, due, at("2026-11-29 12:00"), VISITS)


def test_what_is_left_is_opening_time_and_negative_once_late():
    due = at("2026-11-30 09:00")
    assert time_left(ONSITE, due, at("2026-11-27 16:00"), VISITS) == 2 * HOUR
    assert time_left(ONSITE, due, at("2026-11-30 10:00"), VISITS) == -HOUR
    assert time_left(REMOTE_HELP, due, at("2026-11-30 06:00"), VISITS) == 3 * HOUR
