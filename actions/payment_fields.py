"""The fields of payments: amounts, days on their side of today, the way and the number of a payment that was made."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal

from actions import fields
from actions.equipment_fields import UNKNOWN, says_unknown
from actions.named import choice
from actions.turn import Turn
from actions.wording import WORDS
from entities import find

ALL = "all"  # the whole balance, which billing knows
NONE = "none"  # the payment has no reference
# A number alone, or after what leads to an amount; "le 15" is a day.
BARE_AMOUNT = re.compile(
    r"(?:(?:c'est|c'était|it's|it is|it was|environ|about|around|montant|amount|de|of|:)\s*){0,3}"
    r"(\d{1,3}(?:[ \u00a0]\d{3})+|\d{1,7})(?: ?(?:svp|please|cad))?[\s.!]*",
    re.I,
)
BARE_DAY = re.compile(r"\W*(?:le |the )?(\d{1,2})(?:er|e|st|nd|rd|th)?\W*", re.I)
REFERENCE = re.compile(r"(?=[\w-]*\d)[\w-]{3,40}(?:[ -](?=[\w-]*\d)[\w-]{1,40})*")
LETTERS = re.compile(r"\W*((?=(?:[^A-Z]*[A-Z]){2})[A-Za-z]{5,40})\W*")  # a reference has capitals, a word has none
NAMED_REFERENCE = re.compile(r"(?<!\w)(?:r[ée]f(?:[ée]rence)?s?|confirmation|num[ée]ro de ch[eè]que)(?!\w)", re.I)
PAYING = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(phrase) for phrase in WORDS['pays'])})(?!\w)")
NEAR = 20  # characters between the word and its number
CERTAIN_NO = 0.8


def asked_for(turn: Turn, field: str) -> bool:
    """Whether the message answers the question for this field."""
    return bool(turn.slot("requested_slot") == field)


def amount(turn: Turn) -> str | None:
    """An amount above zero with two decimals; where it was asked for a bare number counts, and ALL for a promise of all that is owed."""
    found = [value for value in values(turn, "amount") if Decimal(value) > 0]
    if found or not asked_for(turn, "amount"):
        return found[0] if found else None
    bare = BARE_AMOUNT.fullmatch(turn.text.strip().replace("’", "'"))
    if bare:
        digits = re.sub(r"\D", "", bare[1])
        return f"{int(digits)}.00" if int(digits) else None
    promised = turn.slot("request") == "promise_to_pay"
    return ALL if promised and fields.says(turn.text, WORDS["all_of_it"]) else None


def monthly_price(turn: Turn) -> str | None:
    """The price of a month where it was asked for, with two decimals; UNKNOWN where the customer cannot tell it."""
    if not asked_for(turn, "monthly_price"):
        return None
    found = [value for value in values(turn, "amount") if Decimal(value) > 0]
    bare = BARE_AMOUNT.fullmatch(turn.text.strip().replace("’", "'"))
    if bare and not found:
        digits = re.sub(r"\D", "", bare[1])
        found = [f"{int(digits)}.00"] if int(digits) else []
    if not found and says_unknown(turn):
        return UNKNOWN
    return found[0] if found else None


def paid_on(turn: Turn) -> str | None:
    """The latest of the days named that is not to come: of a bill's day and the day of its payment, the payment's."""
    today = turn.at.date().isoformat()
    return max((day for day in days(turn, "paid_on", "past") if day <= today), default=None)


def promised_on(turn: Turn) -> str | None:
    """The nearest of the days named that is not over."""
    today = turn.at.date().isoformat()
    return min((day for day in days(turn, "promised_on", "future") if day >= today), default=None)


def ordered_on(turn: Turn) -> str | None:
    """The day on which an order was paid or will be: where it was asked for any day, elsewhere the one beside a word of paying.

    A day without its year or month is on the side that the words tell, else the nearest.
    """
    paying = PAYING.search(fields.plain(turn.text))
    if paying is None and not asked_for(turn, "ordered_on"):
        return None
    to_come, over = (fields.says(turn.text, WORDS[name]) for name in ("will_pay", "was_paid"))
    sides = ("future",) if to_come else ("past",) if over else ("past", "future")
    read = (_day_after(turn, paying.end() if paying else 0, side) for side in sides)
    today = turn.at.date()
    return min(
        (day for day in read if day), key=lambda day: abs(datetime.date.fromisoformat(day) - today), default=None
    )


def _day_after(turn: Turn, place: int, prefer: str) -> str | None:
    """The first day that the message names after a place in it, else the last one before."""
    today: datetime.date = turn.at.date()
    found = find(turn.text, language=turn.language, today=today, brand=turn.brand, prefer=prefer)
    named = [entity for entity in found if entity.kind == "date"]
    if not named:
        return next(iter(days(turn, "ordered_on", prefer)), None)
    return next((entity.value for entity in named if entity.start >= place), named[-1].value)


def days(turn: Turn, field: str, prefer: str) -> list[str]:
    """The days that the message names; a bare number is a day of a month where the day was asked for."""
    found = values(turn, "date", prefer)
    bare = BARE_DAY.fullmatch(turn.text) if asked_for(turn, field) and not found else None
    return values(turn, "date", prefer, text=f"le {bare[1]}", language="fr") if bare else found


def values(
    turn: Turn, kind: str, prefer: str | None = None, *, text: str | None = None, language: str | None = None
) -> list[str]:
    """All values of a kind that the message names, in their order."""
    today: datetime.date = turn.at.date()
    found = find(text or turn.text, language=language or turn.language, today=today, brand=turn.brand, prefer=prefer)
    return [entity.value for entity in found if entity.kind == kind]


def reference(turn: Turn) -> str | None:
    """The number of a payment; NONE where there is none. Elsewhere than in the answer it must be called so."""
    if not asked_for(turn, "reference"):
        called = NAMED_REFERENCE.search(turn.text)
        match = REFERENCE.search(turn.text, called.end()) if called else None
        return match.group() if called and match and match.start() - called.end() <= NEAR else None
    if "?" in turn.text:
        return None
    denied = turn.intent == "deny" and turn.confidence >= CERTAIN_NO
    match = REFERENCE.search(turn.text) or LETTERS.fullmatch(turn.text)
    if fields.says(turn.text, WORDS["no_reference"]) or (denied and not REFERENCE.search(turn.text)):
        return NONE
    left = turn.intent in ("cancel", "talk_to_agent", "help") and turn.confidence >= CERTAIN_NO
    return None if match is None or left else match.group().strip()


PAYMENT_READERS: dict[str, Callable[[Turn], str | None]] = {
    "amount": amount,
    "monthly_price": monthly_price,
    "paid_on": paid_on,
    "promised_on": promised_on,
    "ordered_on": ordered_on,
    "method": lambda turn: choice(turn, "method"),
    "reference": reference,
}
PAYMENT_EARLY = ("amount", "paid_on", "promised_on", "ordered_on", "method", "reference")
DAY = re.compile(
    r"\d|(?<!\w)(?:hier|aujourd|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semaine|mois|"
    r"yesterday|today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|bient[oô]t|soon)",
    re.I,
)
# What looks like an attempt: it is refused with its reason, not taken for a question.
PAYMENT_ATTEMPTS = {
    "amount": re.compile(r"\d|\$"),
    "monthly_price": re.compile(r"\d|\$"),
    "paid_on": DAY,
    "promised_on": DAY,
    "ordered_on": DAY,
    "reference": re.compile(r"\d"),
}
