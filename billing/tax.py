"""Rules on sales taxes: which ones a province charges, and how a total that includes them falls apart.

A rule file: it imports the standard library and other rule files only. Rates: Canada Revenue Agency, "GST/HST
calculator and rates"; Revenu Québec; Manitoba, Saskatchewan and British Columbia finance departments.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from billing.account import province
from billing.money import CAD, total


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax by its code ("gst", "qst", "hst", "pst") and rate in percent. Each applies to the price before any tax."""

    code: str
    percent: Decimal


_GST = Tax("gst", Decimal("5"))
_GST_ONLY = (_GST,)
_HST_15 = (Tax("hst", Decimal("15")),)

_TAXES: dict[str, tuple[Tax, ...]] = {
    "QC": (_GST, Tax("qst", Decimal("9.975"))),
    "ON": (Tax("hst", Decimal("13")),),
    "NB": _HST_15,
    "NL": _HST_15,
    "PE": _HST_15,
    "NS": (Tax("hst", Decimal("14")),),  # 15 % until 31 March 2025
    "MB": (_GST, Tax("pst", Decimal("7"))),
    "SK": (_GST, Tax("pst", Decimal("6"))),
    "BC": (_GST, Tax("pst", Decimal("7"))),
    "AB": _GST_ONLY,
    "NT": _GST_ONLY,
    "YT": _GST_ONLY,
}


def taxes(country: str, postal_code: str) -> tuple[Tax, ...]:
    """The taxes on a service billed at that postal code. None outside Canada; GST alone for an unknown district."""
    if country != "CA":
        return ()
    return _TAXES.get(province(country, postal_code) or "", _GST_ONLY)


def split_total(amount: CAD, charged: tuple[Tax, ...]) -> tuple[CAD, tuple[CAD, ...]]:
    """The price before taxes and the amount of each tax that together make exactly the total.

    Some totals cannot be reached with each tax rounded to the cent; the last tax then takes the cent that is missing or
    too many.
    """
    if not charged:
        return amount, ()
    rate = total_rate(charged)
    guess = int(Decimal(amount.cents) / (1 + rate))
    # The rounding of two taxes shifts the best price by a cent or two at most.
    prices = [CAD.of_cents(cents) for cents in range(guess - 2, guess + 3)]
    price = min(prices, key=lambda price: abs(amount - price - total(tax_amounts(price, charged))))
    amounts = tax_amounts(price, charged)
    missing = amount - price - total(amounts)
    return price, (*amounts[:-1], amounts[-1] + missing)


def total_rate(charged: tuple[Tax, ...]) -> Decimal:
    """All the taxes together, as a fraction of the price."""
    return sum((tax.percent for tax in charged), Decimal(0)) / 100


def tax_amounts(price: CAD, charged: tuple[Tax, ...]) -> tuple[CAD, ...]:
    """Each tax on a price, rounded to the cent."""
    return tuple(price.times(tax.percent / 100) for tax in charged)


def shares(amount: CAD, weights: tuple[int, ...]) -> tuple[CAD, ...]:
    """The amount cut by weights, each part rounded to the cent, the last taking the rest; no weights give no parts."""
    if not weights:
        return ()
    whole = Decimal(sum(weights))
    parts = [amount.times(weight / whole) for weight in weights[:-1]]
    return (*parts, amount - total(parts))
