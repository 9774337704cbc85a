"""Rules on automatic payment: on which day the money is taken, and how much.

A rule file: it imports the standard library and other rule files only. Sources: PRIMUS takes it 15 days after the date
of the bill; WRS on the first of the month.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from billing.bill import Bill
from billing.money import CAD, total

RULES = ("days_after_bill", "day_of_month")


@dataclass(frozen=True, slots=True)
class TakenRule:
    """`rule` "days_after_bill": `value` days after the bill's date; "day_of_month": the `value`th day of each month."""

    rule: str
    value: int

    def __post_init__(self) -> None:
        if self.rule not in RULES or not 1 <= self.value <= 31:
            raise ValueError(f"no rule for automatic payment: {self}")


def next_taken_on(rule: TakenRule, unpaid: Iterable[Bill], today: date) -> date | None:
    """The next day, today or later, on which money is taken.

    None where it depends on a bill that is still to come: each unpaid bill's day is past, or nothing is unpaid.
    """
    if rule.rule == "day_of_month":
        return _day_of_month(rule.value, today)
    days = (bill.issued_on + timedelta(days=rule.value) for bill in unpaid)
    return min((day for day in days if day >= today), default=None)


def taken_days(rule: TakenRule, unpaid: Iterable[tuple[Bill, CAD]], *, first: date, last: date) -> tuple[date, ...]:
    """The days from `first` to `last` on which money is, or was to be, taken: the earliest first."""
    if rule.rule == "day_of_month":
        found = {_in_month(first.year, first.month, rule.value), _in_month(last.year, last.month, rule.value)}
    else:
        found = {bill.issued_on + timedelta(days=rule.value) for bill, _ in unpaid}
    return tuple(sorted(day for day in found if first <= day <= last))


def amount_taken(rule: TakenRule, unpaid: Iterable[tuple[Bill, CAD]], day: date) -> CAD:
    """What is taken on one of those days: what is left of the bills whose day it is, or of all bills where it is a day of the month."""
    return total(
        amount
        for bill, amount in unpaid
        if rule.rule == "day_of_month" or bill.issued_on + timedelta(days=rule.value) == day
    )


def _day_of_month(day: int, today: date) -> date:
    """That day of this month, or of the next where it is past; in a shorter month its last day."""
    this = _in_month(today.year, today.month, day)
    if this >= today:
        return this
    return _in_month(today.year + today.month // 12, today.month % 12 + 1, day)


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
