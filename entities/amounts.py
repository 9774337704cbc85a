"""Amounts of money: in digits with either language's separators, or in words with the currency's name.

price-parser was measured and is not used: it reads one price of a text that is known to be a price, and takes a day or an account
number that stands beside the amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from entities.numbers import IN_DIGITS, IN_WORDS, in_digits, in_words, price_in_words
from entities.reading import Entity, Reading
from entities.words import any_of

DOLLARS = rf"(?:\$(?: ?(?:cad|ca|can|us|usd))?|{any_of('currencies')})"
CENTS = r"(?:¢|cents?|cennes?|sous)"
BEFORE = r"(?:(?:c|ca|cdn|cad|us|usd) ?)?\$ ?|(?:cad|cdn|usd) "
FORMS = (
    re.compile(rf"(?<![\w$])(?P<sign>{BEFORE})(?P<digits>{IN_DIGITS})(?P<k>k)?(?![\w%])(?![.,]?\d)"),
    re.compile(
        rf"(?<![\w.,/-])(?P<digits>{IN_DIGITS}) ?(?P<k>k)? ?{DOLLARS}(?!\w)"
        rf"(?:(?: et| and)? (?P<cents>\d\d?) ?{CENTS}(?!\w))?"
    ),
    re.compile(
        rf"(?<![\w-])(?P<words>{IN_WORDS})(?: de)? {DOLLARS}(?!\w)"
        rf"(?:(?: et| and)? (?P<cents_in_words>{IN_WORDS}) {CENTS})?"
    ),
    re.compile(rf"(?<![\w-])(?P<words>(?=[\w-]+[ -]\w){IN_WORDS})(?= (?:a|per|par|chaque|each) (?:month|mois)(?!\w))"),
    re.compile(rf"(?<![\w.,/-])(?P<only_cents>\d\d?) ?{CENTS}(?!\w)"),
)
# Without a currency: two places after the sign, or a whole number right after a word of money.
PLAIN = re.compile(
    r"(?<![\w.,/:-])(?P<digits>\d{1,3}(?:[ ,.]\d{3})*[.,]\d\d|\d+[.,]\d\d)"
    r"(?![\w%]|/\d|[.,:-]\d| ?(?:%|km|mo|go|gb|mb|mbps|h)\b)"
)
OF = r"(?: de| d'| of| is| est(?: de)?| etait(?: de)?| was| :|:) ?(?:environ |about )?"
ROUND = re.compile(
    rf"(?<!\w)(?:{any_of('sums')}(?: \w+)?{OF}|{any_of('paying')} )(?P<digits>\d{{1,3}}(?:[ ,]\d{{3}})+|\d{{2,5}})"
    rf"(?= *(?:$|[.,;!?](?!\d)| {any_of('after_an_amount')}(?!\w)))"
)
RATE = re.compile(rf"(?<![\w.,-])(?P<digits>\d{{2,5}})(?= ?{any_of('rates')}(?!\w))")
THOUSANDS = re.compile(r"(?<![\w.,-])(?P<digits>\d+(?:[.,]\d)?) ?k(?!\w)")
MONEY = re.compile(rf"(?<!\w){any_of('money')}(?!\w)")
VERSION = re.compile(rf"(?<!\w){any_of('firmware')}(?!\w)")


def amounts(reading: Reading) -> Iterator[Entity]:
    """The amounts of a message, values with two decimals and no currency."""
    for pattern in FORMS:
        for match in pattern.finditer(reading.plain):
            value = _value(match.groupdict())
            if value is not None:
                yield _entity(reading, value, match.start(), match.end())
    if MONEY.search(reading.plain) or not VERSION.search(reading.plain):
        for match in PLAIN.finditer(reading.plain):
            yield _entity(reading, in_digits(match["digits"]), *match.span("digits"))
    if MONEY.search(reading.plain):
        for match in THOUSANDS.finditer(reading.plain):
            yield _entity(reading, in_digits(match["digits"]) * 1000, *match.span())
    for pattern in (ROUND, RATE):
        for match in pattern.finditer(reading.plain):
            yield _entity(reading, in_digits(match["digits"]), *match.span("digits"))


def _value(said: dict[str, str | None]) -> Decimal | None:
    cents = said.get("only_cents") or said.get("cents") or "0"
    if said.get("cents_in_words"):
        cents = str(in_words(str(said["cents_in_words"])))
    if said.get("digits"):
        whole = in_digits(str(said["digits"])) * (1000 if said.get("k") else 1)
    elif said.get("words"):
        number = price_in_words(str(said["words"]))
        if number is None:
            return None
        whole = number
    else:
        whole = Decimal(0)
    return whole + Decimal(cents) / 100


def _entity(reading: Reading, value: Decimal, start: int, end: int) -> Entity:
    return reading.entity("amount", f"{value:.2f}", start, end)
