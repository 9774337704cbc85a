"""Money is a type here, never a float: a bill that is a cent off is a complaint.

A rule file: it imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CURRENCY = "CAD"


@dataclass(frozen=True, slots=True, order=True, init=False, repr=False)
class CAD:
    """An amount in Canadian dollars: whole cents inside, immutable, comparable, usable as a dictionary key.

    `CAD("284.52")` or `CAD(Decimal("284.52"))`. `str()` gives "284.52" back, with the two decimals and a leading minus
    where it is negative. Floats, integers (dollars or cents?) and anything else raise TypeError; text that is not an
    amount and amounts with a fraction of a cent raise ValueError.
    """

    cents: int

    def __init__(self, amount: str | Decimal) -> None:
        object.__setattr__(self, "cents", _cents(amount))

    @classmethod
    def of_cents(cls, cents: int) -> CAD:
        """The amount of that many whole cents, as the database keeps it."""
        if not isinstance(cents, int) or isinstance(cents, bool):
            raise TypeError(f"cents are whole: {cents!r}")
        amount = cls.__new__(cls)
        object.__setattr__(amount, "cents", cents)
        return amount

    def times(self, rate: Decimal) -> CAD:
        """This amount times a rate (a tax, a share), rounded to the cent, a half cent away from zero as taxes are."""
        if not isinstance(rate, Decimal):
            raise TypeError(f"a rate is a Decimal: {rate!r}")
        return CAD.of_cents(int((Decimal(self.cents) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP)))

    def __add__(self, other: CAD) -> CAD:
        if not isinstance(other, CAD):
            return NotImplemented
        return CAD.of_cents(self.cents + other.cents)

    def __sub__(self, other: CAD) -> CAD:
        if not isinstance(other, CAD):
            return NotImplemented
        return CAD.of_cents(self.cents - other.cents)

    def __mul__(self, count: int) -> CAD:
        if not isinstance(count, int) or isinstance(count, bool):
            return NotImplemented
        return CAD.of_cents(self.cents * count)

    __rmul__ = __mul__

    def __neg__(self) -> CAD:
        return CAD.of_cents(-self.cents)

    def __abs__(self) -> CAD:
        return CAD.of_cents(abs(self.cents))

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        dollars, cents = divmod(abs(self.cents), 100)
        return f"{'-' if self.cents < 0 else ''}{dollars}.{cents:02d}"

    def __repr__(self) -> str:
        return f"CAD('{self}')"


def total(amounts: Iterable[CAD]) -> CAD:
    """The sum of the amounts; nothing at all is CAD("0.00"), where `sum()` would start from the number 0."""
    return sum(amounts, ZERO)


def _cents(amount: str | Decimal) -> int:
    if not isinstance(amount, str | Decimal):
        raise TypeError(f"an amount is text or a Decimal, never a {type(amount).__name__}: {amount!r}")
    # Decimal() itself takes "1e5", "1_000" and digits of every alphabet: no bill writes amounts so.
    if isinstance(amount, str) and not set(amount) <= set("-.0123456789"):
        raise ValueError(f"not an amount: {amount!r}")
    try:
        cents = Decimal(amount) * 100
    except InvalidOperation:
        raise ValueError(f"not an amount: {amount!r}") from None
    if not cents.is_finite() or cents != cents.to_integral_value():
        raise ValueError(f"not an amount in whole cents: {amount!r}")
    return int(cents)


ZERO = CAD("0.00")
