"""Rules on what is charged when an Internet service is ordered.

A rule file: it imports the standard library and other rule files only. Source: the Internet provider's FAQ, "Why do I have to pay when I
place my order?": the monthly service from that date to the end of the month, the modem where one is bought, its shipping, the fee of
the installation, activation or transfer, and the sales taxes on all of it. What the company has not said is not made up: it is missing.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.money import CAD, total
from billing.tax import Tax, tax_amounts

MODEMS = ("bought", "rented", "own")


@dataclass(frozen=True, slots=True)
class Prices:
    """What is charged, before tax; None where it is not known."""

    monthly: CAD | None
    modem: CAD | None
    shipping: CAD
    connection: CAD | None


@dataclass(frozen=True, slots=True)
class Month:
    """The part of a month that is charged: from the day of the order, which counts, to the last one."""

    until: date
    days: int
    days_in_month: int


@dataclass(frozen=True, slots=True)
class OrderCharge:
    """`parts`: what is charged by its key, in the order of a bill, None where it is not known.

    `taxes` are on the known parts, `known` is these parts and their taxes.
    """

    month: Month
    parts: dict[str, CAD | None]
    taxes: tuple[tuple[Tax, CAD], ...]
    known: CAD

    @property
    def complete(self) -> bool:
        """Whether `known` is all that is charged."""
        return None not in self.parts.values()


def rest_of_month(ordered_on: date) -> Month:
    """From the day of the order to the end of its month."""
    days_in_month = calendar.monthrange(ordered_on.year, ordered_on.month)[1]
    return Month(ordered_on.replace(day=days_in_month), days_in_month - ordered_on.day + 1, days_in_month)


def order_charge(prices: Prices, *, ordered_on: date, modem: str, charged: tuple[Tax, ...]) -> OrderCharge:
    """What an order of that day comes to. `modem`: one of MODEMS; any modem of the company's is shipped, only a bought one is paid for."""
    month = rest_of_month(ordered_on)
    share = Decimal(month.days) / Decimal(month.days_in_month)
    parts: dict[str, CAD | None] = {"service": prices.monthly and prices.monthly.times(share)}
    if modem == "bought":
        parts["modem"] = prices.modem
    if modem != "own":
        parts["shipping"] = prices.shipping
    parts["connection"] = prices.connection
    price = total(amount for amount in parts.values() if amount is not None)
    amounts = tax_amounts(price, charged)
    return OrderCharge(month, parts, tuple(zip(charged, amounts, strict=True)), price + total(amounts))
