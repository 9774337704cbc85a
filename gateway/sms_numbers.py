"""Whose number is whose: a brand's, as it is set, and a customer's, as it may be written to."""

from __future__ import annotations

import logging

import phonenumbers

from gateway.sms_settings import SmsSettings
from gateway.web import Problem
from knowledge import Shelf

log = logging.getLogger(__name__)

SERVICE = "MG"  # how the id of a messaging service of Twilio's begins


class Numbers:
    """The numbers of all brands."""

    def __init__(self, settings: SmsSettings, shelf: Shelf, *, production: bool) -> None:
        self._numbers = {brand: given for brand, given in settings.numbers.items() if given}
        self._codes = settings.country_codes
        self._shelf = shelf
        self._production = production

    def brand_of(self, number: str, service: str = "") -> str:
        """The brand that was written to: by its number, or by the messaging service that the number is part of. Raises Problem.

        Outside production, where no numbers are set, every number is the first brand's.
        """
        for brand, given in self._numbers.items():
            if brand in self._shelf.brands and (number in given or (service and service in given)):
                return brand
        if not self._numbers and (not self._production or len(self._shelf.brands) == 1):
            return next(iter(self._shelf.brands))
        raise Problem("sms_unknown_number", 404)  # not acknowledged: the provider says so where it is seen

    def of(self, brand: str) -> tuple[str, ...]:
        """The numbers that a brand writes from, the best first; empty where none is set."""
        return self._numbers.get(brand, ())

    def writes_from(self, brand: str) -> str | None:
        """What a brand begins to write from; "" where none is set and any will do; None where it writes no texts."""
        if given := self.of(brand):
            return given[0]
        any_does = not self._numbers and (not self._production or len(self._shelf.brands) == 1)
        return "" if any_does and brand == next(iter(self._shelf.brands)) else None

    def is_fixed(self, brand: str) -> bool:
        """Whether a brand's texts come from a number that is set, and not from one that the provider chooses."""
        given = self.writes_from(brand)
        return bool(given) and not str(given).startswith(SERVICE)

    def dialled(self, brand: str) -> str:
        """A number that people can write to; "" where only the provider knows one."""
        return next((one for one in self.of(brand) if not one.startswith(SERVICE)), "")

    def allowed(self, number: str) -> bool:
        """Whether a number is of a country that may be written to; short codes and names are of none."""
        try:
            return number.startswith("+") and phonenumbers.parse(number).country_code in self._codes
        except phonenumbers.NumberParseException:
            return False


def as_number(given: str) -> str:
    """A number in E.164 as far as it is one: providers write +15145550101, 15145550101 and 5145550101."""
    given = given.strip()
    if given.startswith("00"):
        given = f"+{given[2:]}"
    try:
        plus = given if given.startswith("+") or len(given) <= 10 else f"+{given}"
        number = phonenumbers.parse(plus, "CA")
    except phonenumbers.NumberParseException:
        return given
    if not phonenumbers.is_possible_number(number):
        return given
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
