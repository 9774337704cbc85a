"""Rules on promises to pay: which are taken, whether one was kept, and when the customer is reminded.

A rule file: it imports the standard library and other rule files only. A promise is recorded and read by people; it
prevents nothing by itself, least of all a disconnection.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from billing.bill import Payment
from billing.money import CAD, total


@dataclass(frozen=True, slots=True)
class PromiseLimits:
    """Days ahead that a promise may reach, the least it may promise, and days before it on which to remind."""

    most_days: int
    least: CAD
    reminder_days: int


@dataclass(frozen=True, slots=True)
class Promise:
    """To pay `amount` by the end of the day `promised_for`, as said on the day `made_on`."""

    amount: CAD
    made_on: date
    promised_for: date


def last_day(limits: PromiseLimits, today: date) -> date:
    """The last day that may be promised; the first is today."""
    return today + timedelta(days=limits.most_days)


def promise_state(promise: Promise, payments: Iterable[Payment], today: date) -> str:
    """ "kept" once the payments from the day it was made to its day reach the amount, else "broken" after, else "open"."""
    came = total(paid.amount for paid in payments if promise.made_on <= paid.paid_on <= promise.promised_for)
    if came >= promise.amount:
        return "kept"
    return "broken" if promise.promised_for < today else "open"


def reminder_on(limits: PromiseLimits, promise: Promise) -> date:
    """The day of the reminder: never before the day on which the promise was made."""
    return max(promise.promised_for - timedelta(days=limits.reminder_days), promise.made_on)
