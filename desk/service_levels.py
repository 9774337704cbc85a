"""What the desk owes, and until when: business hours, answer targets, remote help, visits of technicians. A rule.

It imports the standard library and `opening_hours.py` only. Figures are given by the caller from brand.yml, holidays as dates. All moments
are aware. Opening time is counted as it passes, so a day on which the clocks change is 23 or 25 hours long and an opening through the
night counts what it lasts. Source of the visits: the equipment maker's support description.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Container, Iterator, Mapping

from desk.opening_hours import Hours

# What a due time is for: the name is kept with the request and read out to customer and agent.
ANSWER, REMOTE_HELP, ONSITE = "answer", "remote_help", "onsite"
# How long before a breach somebody is warned. Opening time, except for remote help, which runs by the clock.
WARN_BEFORE = {
    ANSWER: datetime.timedelta(minutes=30),
    REMOTE_HELP: datetime.timedelta(minutes=15),
    ONSITE: datetime.timedelta(hours=2),
}
URGENCIES = ("urgent", "high", "normal", "low")
PERFORMANCE = {"performance-8h": 8, "performance-4h": 4}
QUOTED = ("none", "software-1")  # visits are charged: a quote comes first
_DAYS_LOOKED_AT = 366


@dataclasses.dataclass(frozen=True)
class Calendar:
    """Opening hours with the holidays of one place."""

    hours: Hours
    holidays: Container[datetime.date]


@dataclasses.dataclass(frozen=True)
class OnsiteRules:
    """`standard`: business hours by zone. `guaranteed`: the hours that performance contracts may have, in `zones` only."""

    standard: Mapping[int, int]
    guaranteed: Collection[int]
    zones: Collection[int]


@dataclasses.dataclass(frozen=True)
class OnsiteTarget:
    """`service`: "target" (with its hours), "quote" first, or "person" where nothing may be said without one."""

    service: str
    hours: int | None = None
    guaranteed: bool = False


def add(start: datetime.datetime, amount: datetime.timedelta, calendar: Calendar) -> datetime.datetime:
    """The moment, in the calendar's zone, at which so much opening time has passed since `start`.

    What runs out at closing is due at closing, not the next morning. Raises ValueError where it never opens within a year.
    """
    left = amount
    for opens, closes in _spans(start, calendar):
        begins = max(opens, start.astimezone(datetime.UTC))
        if left <= closes - begins:
            return (begins + left).astimezone(calendar.hours.zone)
        left -= closes - begins
    raise ValueError("these hours never open")


def between(start: datetime.datetime, end: datetime.datetime, calendar: Calendar) -> datetime.timedelta:
    """The opening time from `start` to `end`; negative where the end is before the start. At most a year of it."""
    if end < start:
        return -between(end, start, calendar)
    found = datetime.timedelta()
    first, last = start.astimezone(datetime.UTC), end.astimezone(datetime.UTC)
    for opens, closes in _spans(start, calendar):
        if opens >= last:
            break
        found += min(closes, last) - max(opens, first)
    return found


def _spans(start: datetime.datetime, calendar: Calendar) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
    """The openings that are not over at `start`, in UTC, where subtracting gives the time that passes."""
    zone, at = calendar.hours.zone, start.astimezone(datetime.UTC)
    first = start.astimezone(zone).date()
    for ahead in range(_DAYS_LOOKED_AT):
        day = first + datetime.timedelta(days=ahead)
        span = calendar.hours.span(day, calendar.holidays)
        if span:
            opens, closes = (datetime.datetime.combine(day, time, zone).astimezone(datetime.UTC) for time in span)
            if max(opens, at) < closes:
                yield opens, closes


def answer_due(
    asked_at: datetime.datetime, urgency: str, hours: Mapping[str, float], calendar: Calendar
) -> datetime.datetime:
    """Until when a person should answer a request: business hours by urgency, from when the customer wrote."""
    return add(asked_at, datetime.timedelta(hours=float(hours[urgency])), calendar)


def pick_up_due(asked_at: datetime.datetime, seconds: int, calendar: Calendar) -> datetime.datetime:
    """Until when a person should be there, by phone or chat; out of hours the time starts at the opening."""
    return add(asked_at, datetime.timedelta(seconds=seconds), calendar)


def remote_help_due(started_at: datetime.datetime, minutes: int) -> datetime.datetime:
    """When a technician must be sent, if the remote help that started then has not solved it. By the clock."""
    return started_at + datetime.timedelta(minutes=minutes)


def onsite_target(contract: str, zone: int | None, rules: OnsiteRules) -> OnsiteTarget:
    """What a contract promises of a visit. `zone` is None where it is beyond the last or not known."""
    if contract in QUOTED:
        return OnsiteTarget("quote")
    if zone is None:
        return OnsiteTarget("person")
    if contract == "standard" and zone in rules.standard:
        return OnsiteTarget("target", rules.standard[zone])
    hours = PERFORMANCE.get(contract)
    if hours in rules.guaranteed and zone in rules.zones:
        return OnsiteTarget("target", hours, guaranteed=True)
    return OnsiteTarget("person")


def onsite_due(dispatched_at: datetime.datetime, hours: int, calendar: Calendar) -> datetime.datetime:
    """Until when a technician should come: business hours from the dispatch point, the end of the first contact with remote
    help once a visit is found necessary. When the request was opened does not count. `calendar`: that of the machine's place.
    """
    return add(dispatched_at, datetime.timedelta(hours=hours), calendar)


def time_left(
    due_for: str, due_at: datetime.datetime, now: datetime.datetime, calendar: Calendar
) -> datetime.timedelta:
    """What is left until a due time: opening time, by the clock for remote help; negative after it."""
    return due_at - now if due_for == REMOTE_HELP else between(now, due_at, calendar)


def must_warn(due_for: str, due_at: datetime.datetime, now: datetime.datetime, calendar: Calendar) -> bool:
    """Whether somebody should be warned now that this will be late (or is)."""
    margin = WARN_BEFORE[due_for]
    # By the clock first, which is quick: opening time is never longer.
    return due_at - now <= margin or time_left(due_for, due_at, now, calendar) <= margin
