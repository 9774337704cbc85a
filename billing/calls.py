"""Rules on call details: what a call is charged as, and what a list of calls comes to.

A rule file: it imports the standard library and other rule files only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.money import CAD, total

KINDS = ("local", "long_distance", "toll_free", "international")


@dataclass(frozen=True, slots=True)
class Call:
    """An outgoing call. `number` as it is shown; `kind` one of KINDS."""

    at: datetime
    number: str
    kind: str
    seconds: int
    cost: CAD


@dataclass(frozen=True, slots=True)
class Sum:
    """What some calls come to."""

    calls: int
    minutes: int
    cost: CAD


def minutes(call: Call) -> int:
    """A call is charged by the minute, a minute begun counting whole."""
    return -(-call.seconds // 60)


def summed(calls: Iterable[Call]) -> Sum:
    counted = tuple(calls)
    return Sum(len(counted), sum(map(minutes, counted)), total(call.cost for call in counted))


def by_kind(calls: Sequence[Call]) -> dict[str, Sum]:
    """The sum of each kind that was called, in the order of KINDS."""
    return {kind: summed(some) for kind in KINDS if (some := [call for call in calls if call.kind == kind])}


def longest(calls: Iterable[Call]) -> Call | None:
    """The longest call; of several, the first."""
    return max(calls, key=lambda call: call.seconds, default=None)


def first_day(today: date, days: int) -> date:
    """The first of that many days, of which today is the last."""
    return today - timedelta(days=days - 1)
