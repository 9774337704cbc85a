"""The fields of payments: amounts, days on their side of today, the way and the number of a payment that was made."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal

from actions import fields
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


def paid_on(turn: Turn) -> str | None:
    """The latest of the days named that is not to come: of a bill's day and the day of its payment, the payment's."""
    today = turn.at.date().isoformat()
    return max((day for day in days(turn, "paid_on", "past") if day <= today), default=None)


def promised_on(turn: Turn) -> str | None:
    """The nearest of the days named that is not over."""
    today = turn.at.date().isoformat()
    return min((day for day in days(turn, "promised_on", "future") if day >= today), default=None)


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
    "paid_on": paid_on,
    "promised_on": promised_on,
    "method": lambda turn: choice(turn, "method"),
    "reference": reference,
}
PAYMENT_EARLY = ("amount", "paid_on", "promised_on", "method", "reference")
DAY = re.compile(
    r"\d|(?<!\w)(?:hier|aujourd|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semaine|mois|"
    r"yesterday|today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|bient[oô]t|soon)",
    re.I,
)
# What looks like an attempt: it is refused with its reason, not taken for a question.
PAYMENT_ATTEMPTS = {"amount": re.compile(r"\d|\$"), "paid_on": DAY, "promised_on": DAY, "reference": re.compile(r"\d")}
