"""Rules on payment links: what amount one may have, and what a caller hears of its state.

A link is open until it is used, charging from just before the provider is asked, and then paid or declined for good.
A rule file: it imports the standard library and other rule files only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.money import CAD, ZERO

VALID_FOR = timedelta(minutes=30)


class AmountTooSmall(Exception):
    """Below the least that a link takes."""

    def __init__(self, least: CAD) -> None:
        super().__init__(str(least))
        self.least = least


class AmountTooLarge(Exception):
    """More than is owed, and than the brand takes above it."""

    def __init__(self, largest: CAD) -> None:
        super().__init__(str(largest))
        self.largest = largest


class NothingOwed(Exception):
    """Without a debt there is nothing to pay."""


def link_amount(asked: CAD | None, *, balance: CAD, least: CAD, above_balance: CAD) -> CAD:
    """The amount of a new link: what was asked, or the whole balance. Raises one of this module's exceptions.

    A balance below the least amount may be paid all the same, whole.
    """
    if balance <= ZERO:
        raise NothingOwed
    amount = balance if asked is None else asked
    if amount < min(least, balance):
        raise AmountTooSmall(min(least, balance))
    if amount > balance + above_balance:
        raise AmountTooLarge(balance + above_balance)
    return amount


def link_state(state: str, expires_at: datetime, now: datetime) -> str:
    """What a caller hears: a link nobody used in time is "expired". A charge that began in time still ends."""
    return "expired" if state == "open" and expires_at <= now else state
