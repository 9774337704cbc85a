"""Rules on reports of payments that do not show yet: which dates are believable, and which payment on file it is.

A rule file: it imports the standard library and other rule files only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from billing.bill import Payment
from billing.money import CAD

OLDEST_DAYS = 120
# A cheque or a transfer is entered a few days after it was made, sometimes under the day it was written.
MATCH_DAYS = 3


def earliest_day(today: date) -> date:
    """The oldest day that a report may name; the latest is today."""
    return today - timedelta(days=OLDEST_DAYS)


def matching_payment(amount: CAD, paid_on: date, payments: Iterable[Payment]) -> Payment | None:
    """The payment on file of exactly this amount within 3 days of that day: the nearest, of two the earlier."""
    near = [
        (abs((paid.paid_on - paid_on).days), paid.paid_on, position, paid)
        for position, paid in enumerate(payments)
        if paid.amount == amount and abs((paid.paid_on - paid_on).days) <= MATCH_DAYS
    ]
    return min(near)[3] if near else None
