"""Rules on visits of technicians: zones, when one is due, and how many preventive visits a contract gives.

A rule file: it imports the standard library and other rule files only. Source: the equipment maker's support description.
The clock starts at the dispatch point: the end of the first contact with remote support, once a visit is found necessary.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from billing.business_days import Hours, add_business_hours, is_business_day

CONTRACTS = ("standard", "performance-8h", "performance-4h", "software-1", "software-2", "software-premier", "none")
EQUIPMENT_CONTRACTS = frozenset({"standard", "performance-8h", "performance-4h"})
VISITS_A_YEAR = 2
VISIT_AHEAD_DAYS = 120

# Kilometres from the regional base, up to and including: 40, 41 to 80, 81 to 240. Beyond, nothing is said.
_ZONE_KM = ((1, 40), (2, 80), (3, 240))
_STANDARD_HOURS = {1: 8, 2: 12, 3: 24}
# Guaranteed, and in zones 1 and 2 only.
_PERFORMANCE_HOURS = {"performance-8h": 8, "performance-4h": 4}
_PERFORMANCE_ZONES = frozenset({1, 2})

# Where most people of a province live; `_ZONES_BY_AREA` holds areas that keep another time.
_ZONE_BY_PROVINCE = {
    "AB": "America/Edmonton",
    "BC": "America/Vancouver",
    "MB": "America/Winnipeg",
    "NB": "America/Moncton",
    "NL": "America/St_Johns",
    "NS": "America/Halifax",
    "NT": "America/Edmonton",
    "ON": "America/Toronto",
    "PE": "America/Halifax",
    "QC": "America/Toronto",
    "SK": "America/Regina",
    "YT": "America/Whitehorse",
}
_ZONES_BY_AREA = {
    # North-western Ontario: Fort Frances, Kenora, Dryden, Sioux Lookout.
    **dict.fromkeys(("P9A", "P9N", "P8N", "P8T"), "America/Winnipeg"),
    # Îles-de-la-Madeleine.
    "G4T": "America/Halifax",
    # Peace River and East Kootenay in British Columbia.
    **dict.fromkeys(("V1G", "V1J"), "America/Dawson_Creek"),
    "V1C": "America/Edmonton",
    # Goose Bay and Labrador City.
    **dict.fromkeys(("A0P", "A2V"), "America/Goose_Bay"),
    # Lloydminster.
    "S9V": "America/Edmonton",
    # Iqaluit.
    "X0A": "America/Iqaluit",
}


class Service(StrEnum):
    """What a contract says of a visit: a target in hours, a quote first, or nothing that may be said without a person."""

    TARGET = "target"
    QUOTE = "quote"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class OnsiteTarget:
    """`hours` (business hours from the dispatch point) is None unless `service` is TARGET."""

    service: Service
    hours: int | None = None
    guaranteed: bool = False


class VisitDay(StrEnum):
    """Whether a preventive visit may be asked for on a day."""

    GOOD = "good"
    NOT_IN_FUTURE = "not-in-future"
    TOO_FAR = "too-far"
    NO_BUSINESS_DAY = "no-business-day"


def zone_of(distance_km: Decimal) -> int | None:
    """Zone 1, 2 or 3 by kilometres from the regional base; None beyond. A part of a kilometre counts to the next zone."""
    return next((zone for zone, most in _ZONE_KM if distance_km <= most), None)


def onsite_target(contract: str, zone: int | None) -> OnsiteTarget:
    """When a technician should come under a contract. `zone` is None where it is beyond the last or not known."""
    if contract in ("none", "software-1"):
        # Level 1 of software maintenance has no visits: they are charged as without a contract.
        return OnsiteTarget(Service.QUOTE)
    if contract == "standard" and zone in _STANDARD_HOURS:
        return OnsiteTarget(Service.TARGET, _STANDARD_HOURS[zone])
    if contract in _PERFORMANCE_HOURS and zone in _PERFORMANCE_ZONES:
        return OnsiteTarget(Service.TARGET, _PERFORMANCE_HOURS[contract], guaranteed=True)
    return OnsiteTarget(Service.PERSON)


def due_at(
    dispatched_at: datetime, hours: int, *, open_at: Hours, zone: ZoneInfo, holidays: Container[date]
) -> datetime:
    """When so many business hours after the dispatch point (aware) have passed, in the customer's time zone."""
    return add_business_hours(dispatched_at, timedelta(hours=hours), open_at=open_at, zone=zone, holidays=holidays)


def time_zone(province: str, postal_code: str | None) -> str | None:
    """The time zone of an address; that of most of the province without its postal code. None for Nunavut as a whole."""
    by_area = _ZONES_BY_AREA.get((postal_code or "")[:3])
    return by_area or _ZONE_BY_PROVINCE.get(province)


def visits_allowed(contract: str) -> int:
    """Preventive visits in a calendar year: two under a contract on equipment, else none."""
    return VISITS_A_YEAR if contract in EQUIPMENT_CONTRACTS else 0


def visit_day(day: date, today: date, holidays: Container[date]) -> VisitDay:
    """Whether a preventive visit may be asked for on that day: a business day, after today, within 120 days."""
    if day <= today:
        return VisitDay.NOT_IN_FUTURE
    if day > today + timedelta(days=VISIT_AHEAD_DAYS):
        return VisitDay.TOO_FAR
    return VisitDay.GOOD if is_business_day(day, holidays) else VisitDay.NO_BUSINESS_DAY
