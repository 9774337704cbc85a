"""Zones, targets of a visit and preventive visits."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from billing.account import PROVINCES
from billing.business_days import Hours
from billing.field_service import (
    CONTRACTS,
    OnsiteTarget,
    Service,
    VisitDay,
    due_at,
    onsite_target,
    time_zone,
    visit_day,
    visits_allowed,
    zone_of,
)
from billing.field_service_data import read_field_service_data
from billing.holiday_calendar import holidays_of

DATA = read_field_service_data()
HOURS = Hours(time(8), time(17))
QUOTE, PERSON = OnsiteTarget(Service.QUOTE), OnsiteTarget(Service.PERSON)


def target(hours, *, guaranteed=False):
    return OnsiteTarget(Service.TARGET, hours, guaranteed)


@pytest.mark.parametrize(
    ("distance", "zone"),
    [
        ("0", 1),
        ("40", 1),
        ("40.001", 2),
        ("41", 2),
        ("80", 2),
        ("80.5", 3),
        ("81", 3),
        ("240", 3),
        ("240.1", None),
        ("241", None),
        ("99999", None),
    ],
)
def test_zones_end_at_40_80_and_240_kilometres(distance, zone):
    assert zone_of(Decimal(distance)) == zone


@pytest.mark.parametrize(
    ("contract", "zone", "expected"),
    [
        ("standard", 1, target(8)),
        ("standard", 2, target(12)),
        ("standard", 3, target(24)),
        ("standard", None, PERSON),
        ("performance-8h", 1, target(8, guaranteed=True)),
        ("performance-8h", 2, target(8, guaranteed=True)),
        ("performance-8h", 3, PERSON),
        ("performance-8h", None, PERSON),
        ("performance-4h", 1, target(4, guaranteed=True)),
        ("performance-4h", 2, target(4, guaranteed=True)),
        ("performance-4h", 3, PERSON),
        ("performance-4h", None, PERSON),
        ("none", 1, QUOTE),
        ("none", None, QUOTE),
        ("software-1", 1, QUOTE),
        ("software-2", 1, PERSON),
        ("software-premier", 1, PERSON),
    ],
)
def test_each_contract_has_its_hours_by_zone(contract, zone, expected):
    assert onsite_target(contract, zone) == expected


@pytest.mark.parametrize(
    ("contract", "distance", "province", "dispatched_at", "expected"),
    [
        ("standard", "12", "QC", "2026-06-23T14:00-04:00", "2026-06-25T13:00:00-04:00"),  # 24 June
        ("standard", "66", "ON", "2026-06-23T14:00-04:00", "2026-06-24T17:00:00-04:00"),
        ("standard", "190", "MB", "2026-08-31T08:00-05:00", "2026-09-02T14:00:00-05:00"),
        ("performance-4h", "66", "MB", "2026-03-06T21:10Z", "2026-03-09T10:10:00-05:00"),  # Friday, 15:10 in Winnipeg
        ("performance-8h", "5", "BC", "2026-12-24T16:00-08:00", "2026-12-28T15:00:00-08:00"),  # no Boxing Day there
        ("standard", "5", "NL", "2026-11-10T16:30-03:30", "2026-11-12T15:30:00-03:30"),  # Remembrance Day
        ("standard", "5", "SK", "2026-03-06T16:00-06:00", "2026-03-09T15:00:00-06:00"),  # clocks never change
    ],
)
def test_the_due_time_from_contract_distance_and_dispatch(contract, distance, province, dispatched_at, expected):
    hours = onsite_target(contract, zone_of(Decimal(distance))).hours
    reached = due_at(
        datetime.fromisoformat(dispatched_at),
        hours,
        open_at=HOURS,
        zone=ZoneInfo(time_zone(province, None)),
        holidays=holidays_of("CA", province),
    )
    assert reached.isoformat() == expected


@pytest.mark.parametrize(
    ("province", "postal_code", "zone"),
    [
        ("ON", None, "America/Toronto"),
        ("ON", "P7B5E1", "America/Toronto"),  # Thunder Bay
        ("ON", "P9N1A1", "America/Winnipeg"),  # Kenora
        ("QC", "H3B2Y5", "America/Toronto"),
        ("QC", "G4T1A1", "America/Halifax"),
        ("BC", "V1J1A1", "America/Dawson_Creek"),
        ("SK", "S9V1A1", "America/Edmonton"),
        ("NL", "A2V1A1", "America/Goose_Bay"),
        ("NT", "X0A0H0", "America/Iqaluit"),
        ("NU", None, None),
    ],
)
def test_areas_that_keep_another_time_than_their_province(province, postal_code, zone):
    assert time_zone(province, postal_code) == zone


def test_every_province_but_nunavut_has_a_zone_that_the_system_knows():
    for province in PROVINCES - {"NU"}:
        assert ZoneInfo(time_zone(province, None)).utcoffset(datetime(2026, 1, 1, tzinfo=UTC)) is not None


@pytest.mark.parametrize("contract", CONTRACTS)
def test_two_preventive_visits_a_year_under_a_contract_on_equipment(contract):
    equipment = contract in ("standard", "performance-8h", "performance-4h")
    assert visits_allowed(contract) == (2 if equipment else 0)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-03-04", VisitDay.NOT_IN_FUTURE),
        ("2026-03-05", VisitDay.NOT_IN_FUTURE),
        ("2026-03-06", VisitDay.GOOD),
        ("2026-03-07", VisitDay.NO_BUSINESS_DAY),
        ("2026-04-03", VisitDay.NO_BUSINESS_DAY),  # Good Friday
        ("2026-06-24", VisitDay.NO_BUSINESS_DAY),  # national holiday of Quebec
        ("2026-07-03", VisitDay.GOOD),  # the 120th day
        ("2026-07-04", VisitDay.TOO_FAR),
        ("2027-03-05", VisitDay.TOO_FAR),
    ],
)
def test_a_preventive_visit_is_asked_for_on_a_business_day_within_120_days(day, expected):
    assert visit_day(date.fromisoformat(day), date(2026, 3, 5), holidays_of("CA", "QC")) is expected


def test_the_shipped_distances_cover_all_zones_and_the_demonstration_customers():
    assert {zone_of(distance) for distance in DATA.distances.values()} == {1, 2, 3, None}
    assert [DATA.distances[area] for area in ("H3B", "R3C", "P7B")] == [12, 66, 190]
    assert DATA.hours == HOURS
