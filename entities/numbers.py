"""Numbers as people write them: in words up to thousands, and in digits with the separators of either language."""

from __future__ import annotations

import re
from decimal import Decimal

from entities.words import any_of, table

# "deux cent vingt et un", "quatre-vingt-dix", "two hundred and fifty", "a hundred".
IN_WORDS = rf"(?:(?:a (?=hundred|thousand|grand))?{any_of('numbers')}(?:(?:[ -]| et | and ){any_of('numbers')}){{0,7}})"
# "1 200,00", "1,200.00", "1.200,00", "1'200", "45,5", "1200". Of a longer run of digits, no part.
IN_DIGITS = r"(?:\d{1,3}(?:[ ,.']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)(?!\d)"
SMALL = rf"(?:\d{{1,3}}|{IN_WORDS}|an?)"


def in_words(text: str) -> int | None:
    """The number that a run of number words says ("deux cents": 200), None where they make none ("forty-nine ninety-nine")."""
    total = current = 0
    seen = False
    for word in re.split(r"[ -]+", text):
        if word in ("et", "and", "a"):
            continue
        value = table("numbers").get(word)
        if value is None:
            return None
        seen = True
        if value == 1000:
            total, current = total + max(current, 1) * 1000, 0
        elif value == 100:
            current = max(current, 1) * 100
        elif value == 20 and current % 100 == 4:  # quatre-vingt
            current += 76
        elif not _may_follow(current % 100, value):
            return None
        else:
            current += value
    return total + current if seen else None


def _may_follow(before: int, value: int) -> bool:
    """Whether a number below a hundred may follow what stands since the last hundred: tens, then teens (French 70 and 90), then units."""
    if before == 0:
        return True
    if value < 10:
        return before % 10 == 0 and before > 10
    return value < 20 and before in (60, 80)


def price_in_words(text: str) -> Decimal | None:
    """A number in words, or dollars and cents one after the other: "forty-nine ninety-nine" is 49.99."""
    whole = in_words(text)
    if whole is not None:
        return Decimal(whole)
    for cut in re.finditer(r"[ -]", text):
        dollars, cents = in_words(text[: cut.start()]), in_words(text[cut.end() :])
        if dollars is not None and cents is not None and 10 <= cents < 100:
            return Decimal(dollars) + Decimal(cents) / 100
    return None


def small(text: str) -> int | None:
    """A whole number in digits or words."""
    return int(text) if text.isdigit() else 1 if text in ("a", "an") else in_words(text)


def in_digits(text: str) -> Decimal:
    """The number that digits say. A last separator with one or two digits after it is the decimal sign, the others group."""
    whole, sign, cents = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", text).groups()  # type: ignore[union-attr]
    return Decimal(re.sub(r"\D", "", whole) + (f".{cents}" if sign else ""))
