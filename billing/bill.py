"""Rules on bills: what is owed, what is past due, when the next payment is due.

A rule file: it imports the standard library and `money` only. It knows neither the database nor the web, so a billing
person can read it and a test runs in microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing.money import CAD, ZERO, total


@dataclass(frozen=True, slots=True)
class Bill:
    """What a bill asks for, taxes included. It is past due from the day after `due_on`."""

    number: str
    issued_on: date
    due_on: date
    total: CAD


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill. `kind` is "service" or "tax"; the words are those of the day the bill was issued.

    `key` says what the line is, such as "internet" or "gst"; None on bills from before it was kept.
    """

    kind: str
    description_fr: str
    description_en: str
    amount: CAD
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """What came in. `number` is the receipt's, `method` a code such as "cheque"."""

    number: str | None
    paid_on: date
    amount: CAD
    method: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that decides what an account owes. `opening`: owed before its oldest bill here (negative: credit)."""

    opening: CAD = ZERO
    bills: tuple[Bill, ...] = ()
    payments: tuple[Payment, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an account stands on a day.

    `balance`: owed in all, negative for a credit. `past_due`: the part of it that should have been paid before today.
    `due_on`: the day by which the oldest unpaid bill that is not late is due; with none, the day of the latest bill
    not yet due, though it is paid; else None. `past_due_since`: the day on which the oldest late bill was due.
    """

    balance: CAD
    past_due: CAD
    due_on: date | None
    past_due_since: date | None


@dataclass(frozen=True, slots=True)
class Event:
    """A bill or a payment in the list of latest activity. `kind` is "bill" or "payment"; a bill has no method."""

    day: date
    kind: str
    amount: CAD
    number: str | None
    method: str | None


def balance(ledger: Ledger) -> CAD:
    """Bills minus payments, on top of what was owed before. Derived at every question, so it cannot drift."""
    return ledger.opening + total(bill.total for bill in ledger.bills) - total(paid.amount for paid in ledger.payments)


def unpaid(ledger: Ledger) -> tuple[tuple[Bill, CAD], ...]:
    """The bills not fully paid, oldest first, each with what is still owed on it.

    A payment settles the oldest debt first, whatever bill the customer meant: what was owed at opening, then the bills
    in the order they were issued.
    """
    left = _opening_left(ledger)
    funds = -left if left < ZERO else ZERO
    owed = []
    for bill in sorted(ledger.bills, key=lambda bill: (bill.issued_on, bill.due_on, bill.number)):
        settled = min(funds, bill.total)
        funds -= settled
        if settled < bill.total:
            owed.append((bill, bill.total - settled))
    return tuple(owed)


def standing(ledger: Ledger, today: date) -> Standing:
    """Balance, past-due amount and due dates of an account on a day (the day of the company's time zone)."""
    owed = unpaid(ledger)
    late = [(bill, amount) for bill, amount in owed if is_past_due(bill, today)]
    # What was owed at opening is older than any bill here, so all of it that is left is late.
    late_opening = max(_opening_left(ledger), ZERO)
    payable = [bill.due_on for bill, _ in owed if not is_past_due(bill, today)]
    to_come = [bill.due_on for bill in ledger.bills if not is_past_due(bill, today)]
    return Standing(
        balance=balance(ledger),
        past_due=late_opening + total(amount for _, amount in late),
        due_on=min(payable) if payable else max(to_come, default=None),
        past_due_since=min((bill.due_on for bill, _ in late), default=None),
    )


def is_past_due(bill: Bill, today: date) -> bool:
    """A bill may be paid until the end of the day it is due."""
    return bill.due_on < today


def lines_total(lines: Iterable[Line]) -> CAD:
    """What the lines of a bill come to; it must be the bill's total."""
    return total(line.amount for line in lines)


def latest_activity(bills: Iterable[Bill], payments: Iterable[Payment], limit: int) -> tuple[Event, ...]:
    """The latest bills and payments together, newest first; on the same day the payment of a bill stands above it."""
    events = [Event(bill.issued_on, "bill", bill.total, bill.number, None) for bill in bills]
    events += [Event(paid.paid_on, "payment", paid.amount, paid.number, paid.method) for paid in payments]
    events.sort(key=lambda event: (event.day, event.kind == "payment"), reverse=True)
    return tuple(events[:limit])


def _opening_left(ledger: Ledger) -> CAD:
    """What is left of the opening debt once the payments have settled it; negative: what is left of the payments."""
    return ledger.opening - total(paid.amount for paid in ledger.payments)
