"""The calendars and targets of a brand: what `brand.yml` says, with the holidays of the province, for the rules of `service_levels.py`."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Container
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from desk import service_levels
from desk.opening_hours import Hours
from desk.service_levels import ANSWER, ONSITE, Calendar, OnsiteRules, OnsiteTarget
from knowledge import Brand


@functools.cache
def province_holidays(province: str) -> Container[datetime.date]:
    """The statutory holidays of a province, of any year that is asked for."""
    return holidays.country_holidays("CA", subdiv=province)


def desk_calendar(brand: Brand) -> Calendar:
    """When the brand's people answer."""
    return Calendar(Hours.of(brand.hours), province_holidays(brand.hours["province"]))


def visit_calendar(brand: Brand, zone: str, province: str) -> Calendar:
    """When the brand's technicians visit: Monday to Friday at the machine's place."""
    hours = Hours.of({"time_zone": zone, "monday-friday": brand.figures["onsite_hours"]})
    return Calendar(hours, province_holidays(province))


def answer_due(brand: Brand, urgency: str, asked_at: datetime.datetime) -> datetime.datetime:
    """Until when a person should answer what was asked then."""
    return service_levels.answer_due(
        asked_at, urgency, brand.figures["first_answer_hours"], desk_calendar(brand)
    ).astimezone(datetime.UTC)


def pick_up_due(brand: Brand, channel: str, asked_at: datetime.datetime) -> datetime.datetime:
    """Until when a person should be there on "phone" or "chat"."""
    seconds = int(brand.figures[f"{channel}_target_seconds"])
    return service_levels.pick_up_due(asked_at, seconds, desk_calendar(brand)).astimezone(datetime.UTC)


def remote_help_due(brand: Brand, started_at: datetime.datetime) -> datetime.datetime:
    """When a technician must be sent. Raises KeyError where the brand has no field service."""
    return service_levels.remote_help_due(started_at, int(brand.figures["remote_help_minutes"]))


def onsite_target(brand: Brand, contract: str, zone: int | None) -> OnsiteTarget:
    """What a contract promises of a visit. Raises KeyError where the brand has no field service."""
    figures = brand.figures
    rules = OnsiteRules(
        figures["onsite_standard_hours"], figures["onsite_performance_hours"], figures["onsite_performance_zones"]
    )
    return service_levels.onsite_target(contract, zone, rules)


def onsite_due(brand: Brand, onsite: dict[str, Any], dispatched_at: datetime.datetime) -> datetime.datetime | None:
    """Until when a technician should come; None where no time is promised, or the place is not known.

    `onsite`: what the request tells of the machine: contract, zone, time_zone, province.
    """
    if not all(onsite.get(name) for name in ("contract", "time_zone", "province")):
        return None
    target = onsite_target(brand, onsite["contract"], onsite.get("zone"))
    if target.hours is None:
        return None
    calendar = visit_calendar(brand, onsite["time_zone"], onsite["province"])
    return service_levels.onsite_due(dispatched_at, target.hours, calendar).astimezone(datetime.UTC)


def calendar_of(brand: Brand, due_for: str, details: dict[str, Any]) -> Calendar:
    """By which opening time a due time runs: that of visits at the machine's place, else the desk's."""
    onsite = details.get("onsite") or {}
    if due_for == ONSITE and onsite.get("time_zone") and onsite.get("province"):
        return visit_calendar(brand, onsite["time_zone"], onsite["province"])
    return desk_calendar(brand)


def zone_shown(brand: Brand, due_for: str | None, details: dict[str, Any]) -> ZoneInfo:
    """The time zone in which customer and agent read a due time: the machine's for a visit, else the desk's."""
    return calendar_of(brand, due_for or ANSWER, details).hours.zone


def must_warn(
    brand: Brand, due_for: str, due_at: datetime.datetime, details: dict[str, Any], now: datetime.datetime
) -> bool:
    """Whether somebody should be warned now that this will be late."""
    return service_levels.must_warn(due_for, due_at, now, calendar_of(brand, due_for, details))


def time_left(
    brand: Brand, due_for: str, due_at: datetime.datetime, details: dict[str, Any], now: datetime.datetime
) -> datetime.timedelta:
    """What is left until a due time, in opening time (by the clock for remote help); negative where it is late."""
    return service_levels.time_left(due_for, due_at, now, calendar_of(brand, due_for, details))
