"""Who takes the money: an interface, and the sandbox behind it that ships with the program and takes none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from billing.money import CAD

_DECLINED_CENTS = 13


class ProviderUnavailable(Exception):
    """The provider did not answer: whether it charged is not known. Asking again with the same key settles it."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What the provider did. `paid`: the money was taken; else the payment was declined, and nothing was taken."""

    paid: bool


class PaymentProvider(Protocol):
    """Charges the amount of a link. `method` is how the payment shows in the account, such as "card".

    `choices` are the buttons of the payment page, the first of them the one that pays; their words stand in
    `data/pages.yml`. `demonstration`: no money moves, and the page says so.
    """

    method: str
    demonstration: bool
    choices: tuple[str, ...]

    async def charge(self, *, key: str, amount: CAD, choice: str) -> Charge:
        """Take the amount, once for a key: called again with a key it returns the first outcome and takes nothing more.

        Raises ProviderUnavailable.
        """

    async def charge_on_file(self, *, key: str, brand: str, account: str, amount: CAD) -> Charge:
        """The same for an automatic payment: from the card or the account that the customer left with the provider."""


class SandboxProvider:
    """Takes no card number and no money: the customer chooses on the page whether the payment goes through.

    Automatic payments of an amount that ends in 13 cents are declined, so that a card that fails can be tried.
    """

    method = "online"
    demonstration = True
    choices: tuple[str, ...] = ("pay", "decline")

    async def charge(self, *, key: str, amount: CAD, choice: str) -> Charge:
        # The link keeps the choice, so the same key always comes with the same one.
        return Charge(paid=choice == "pay")

    async def charge_on_file(self, *, key: str, brand: str, account: str, amount: CAD) -> Charge:
        return Charge(paid=amount.cents % 100 != _DECLINED_CENTS)
