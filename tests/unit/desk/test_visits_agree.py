"""The desk and the billing backend, which know nothing of each other, promise the same visit: contracts, zones, places, moments."""

import datetime
import itertools
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from billing import field_service
from billing.field_service_data import read_field_service_data
from billing.holiday_calendar import holidays_of
from desk import calendars
from knowledge.brand import read_brand

ROOT = Path(__file__).resolve().parents[3]
BRAND = read_brand(ROOT / "knowledge_base" / "pitney-bowes")
PLACES = [
    ("ON", "K7L3N6"), ("ON", "P9A1A1"), ("QC", "H2X1Y4"), ("QC", "G4T1A1"), ("BC", "V5K0A1"), ("BC", "V1C1A1"), ("AB", "T2P1J9"),
    ("SK", "S4P3Y2"), ("MB", "R3C4T3"), ("NB", "E1C1A1"), ("NS", "B3H1A1"), ("PE", "C1A1A1"), ("NL", "A1A1A1"), ("NL", "A2V1A1"),
    ("YT", "Y1A1A1"), ("NT", "X1A1A1"),
]  # fmt: skip
MOMENTS = [
    "2026-11-23T17:00", "2026-11-27T21:59", "2026-11-28T03:00", "2026-12-24T16:00", "2026-12-31T22:30", "2026-03-06T21:30",
    "2026-10-30T20:15", "2026-05-15T19:00", "2026-06-30T23:00", "2028-02-28T22:00", "2026-09-04T12:00", "2026-02-13T21:45",
]  # fmt: skip
CASES = list(itertools.product(field_service.CONTRACTS, (1, 2, 3, None)))


@pytest.fixture(scope="module")
def data():
    return read_field_service_data()


def test_the_hours_of_visits_are_the_same(data):
    assert [f"{time:%H:%M}" for time in (data.hours.opens, data.hours.closes)] == BRAND.figures["onsite_hours"]


@pytest.mark.parametrize(("contract", "zone"), CASES)
def test_the_target_is_the_same(contract, zone):
    theirs, ours = field_service.onsite_target(contract, zone), calendars.onsite_target(BRAND, contract, zone)
    assert (ours.service, ours.hours, ours.guaranteed) == (theirs.service.value, theirs.hours, theirs.guaranteed)


@pytest.mark.parametrize(("contract", "zone"), CASES)
def test_the_due_time_is_the_same(data, contract, zone):
    """Twelve moments at sixteen places for each: 1,344 promises of a time."""
    theirs = field_service.onsite_target(contract, zone)
    for (province, postal_code), moment in itertools.product(PLACES, MOMENTS):
        dispatched = datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.UTC)
        place = str(field_service.time_zone(province, postal_code))
        onsite = {"contract": contract, "zone": zone, "time_zone": place, "province": province}
        ours = calendars.onsite_due(BRAND, onsite, dispatched)
        if theirs.hours is None:
            assert ours is None
            continue
        assert ours == field_service.due_at(
            dispatched,
            theirs.hours,
            open_at=data.hours,
            zone=ZoneInfo(place),
            holidays=holidays_of("CA", province),
        ), (province, moment)
