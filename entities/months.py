"""Months that a message names without a day: "facture de mars", "last month", "février 2025"."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from entities import days
from entities.dates import LAST, NEXT, NO_DAYS
from entities.reading import Entity, Reading
from entities.side import side
from entities.words import any_of, table, words

YEAR = r"(?:20\d\d|'\d\d)(?!\d|[.,]\d)"
NAMED = re.compile(
    rf"(?<!\w)(?:(?P<before>{NEXT}|{LAST}|this) )?(?P<month>{any_of('months')})(?!-[a-z])\b\.?"
    rf"(?:,? ?(?:de |of )?(?P<year>{YEAR})"
    rf"| (?P<after>{NEXT}|{LAST}|(?:de )?(?:l'an(?:nee)? (?:derniere?|passee?))|(?:of )?last year))?(?!\w)"
)
IN_DIGITS = re.compile(
    r"(?<![\w./-])(?:(?P<y>20\d\d)-(?P<m>0[1-9]|1[0-2])|(?P<m2>0?[1-9]|1[0-2])/(?P<y2>20\d\d))(?![\w/-])"
)
RELATIVE = re.compile(
    rf"(?<!\w)(?:(?:le |the |ce )?mois(?:-ci)? ?(?P<fr>{NEXT}|{LAST}|courant|-ci)|(?P<ce>ce mois)(?:-ci| ci)?"
    rf"|(?:the )?(?P<en>{NEXT}|{LAST}|this|current) month(?:'s)?)(?!\w)"
)
AGO = re.compile(r"(?<!\w)(?:month before last|mois d'avant le dernier)(?!\w)")
# What must stand around a month whose name is also something else.
UNSURE = frozenset(words()["unsure_months"])
BEFORE = re.compile(
    r"(?<!\w)(?:de|du|en|of|in|for|pour|since|depuis|by|until|mois|before|avant|from|le|a|the|my|ma|mon|votre|your|et|and|ou|or|facture|bill"
    r"|releve|statement|invoice|last|this|next|through|to|vs) $|(?<!\w)d'$"
)
AFTER = re.compile(
    r"'?s? (?:bill|invoice|statement|payment|charges?|facture|releve|call|usage|total|amount|period|paiement|billing)"
    r"| (?:and|et|or|ou|to|a) \w+ (?:bill|invoice|statement|factures?)"
)
BILL = re.compile(
    r"(?<!\w)(?:factures?|releves?|bills?|invoices?|statements?|charges?|records?|details?|charged|billed|usage|paiements?|payments?)(?!\w)"
)


def months(reading: Reading) -> Iterator[Entity]:
    """The months of a message, values as "2026-03"."""
    for match in IN_DIGITS.finditer(reading.plain):
        value = f"{match['y'] or match['y2']}-{int(match['m'] or match['m2']):02}"
        yield reading.entity("month", value, match.start(), match.end())
    streets = [match.span() for match in NO_DAYS.finditer(reading.plain)]
    for match in NAMED.finditer(reading.plain):
        if any(start <= match.start() < end for start, end in streets):
            continue
        if match["month"] not in UNSURE or match["year"] or match["before"] or match["after"] or _meant(match, reading):
            yield _entity(reading, match, _named(match, reading))
    for match in RELATIVE.finditer(reading.plain):
        said = match["fr"] or match["en"] or ""
        months_on = 1 if re.fullmatch(NEXT, said) else -1 if re.fullmatch(LAST, said) else 0
        yield _entity(reading, match, days.month_after(reading.today, months_on))
    for match in AGO.finditer(reading.plain):
        yield _entity(reading, match, days.month_after(reading.today, -2))


def _entity(reading: Reading, match: re.Match[str], month: datetime.date) -> Entity:
    return reading.entity("month", month.isoformat()[:7], match.start(), match.end())


def _meant(match: re.Match[str], reading: Reading) -> bool:
    """Whether an unsure word is the month: alone in the message, or with a preposition or a bill beside it."""
    name = match["month"]
    before, after = reading.plain[: match.start()], reading.plain[match.end() :]
    if not before.strip(" '\"") and not after.strip(" .!?'\""):
        return True
    if name in ("sept", "sep") and re.match(r" \w+s\b", after):
        return False  # "sept factures": the number
    if AFTER.match(after):
        return True
    if not BEFORE.search(before):
        return False
    # "to march", "and may I"
    return not (name in ("may", "march", "mar") and re.search(r"(?<!\w)(?:to|that|le|a|the|et|and|or|ou|my) $", before))


def _named(match: re.Match[str], reading: Reading) -> datetime.date:
    month = table("months")[match["month"]]
    if match["year"]:
        return datetime.date(2000 + int(match["year"][-2:]), month, 1)
    after = match["after"] or ""
    if "an" in after or "year" in after:
        return datetime.date(reading.today.year - 1, month, 1)
    said = match["before"] or after
    if re.fullmatch(NEXT, said):
        return days.month_of_year(month, days.month_after(reading.today, 1), "future")
    if re.fullmatch(LAST, said):
        return days.month_of_year(month, days.month_after(reading.today, -1), "past")
    told = side(reading, match.start(), match.end())
    if BILL.search(reading.plain) and not reading.prefer:
        # A bill is for a month that has begun; only the next one may be spoken of before.
        told = "future" if told == "future" and month == days.month_after(reading.today, 1).month else "past"
    return days.month_of_year(month, reading.today, told)
