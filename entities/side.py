"""On which side of today a day lies whose year or month is left out, as the words around it tell."""

from __future__ import annotations

import re

from entities.reading import Reading
from entities.words import cues

CLAUSE = re.compile(r"[.!?;:\n]\s| - |, (?:et|and|mais|but|je|i) ")
NEAR = 150  # characters on either side in which a cue counts
# "the bill of the 3rd", "facture du 3": what has a date was made on it.
DOCUMENT = re.compile(
    r"(?<!\w)(?:factures?|paiements?|releves?|bills?|invoices?|payments?|statements?|virements?|cheques?|transfers?|courriels?|e?-?mails?|lettres?|letters?|avis|notice)"
    r"(?: [\w-]+)? (?:date |datee )?(?:du|of|from|dated)(?!\w)"
)


def side(reading: Reading, start: int, end: int) -> str | None:
    """ "past" or "future": what the caller prefers, else the cue nearest before the place, else the nearest one after it."""
    if reading.prefer:
        return reading.prefer
    near = max(0, start - NEAR)
    first = max((cut.end() for cut in CLAUSE.finditer(reading.plain, near, start)), default=near)
    last = min(end + NEAR, len(reading.plain))
    cut = CLAUSE.search(reading.plain, end, last)
    last = cut.start() if cut else last
    if any(match.end() > start - 3 for match in DOCUMENT.finditer(reading.plain, first, min(start + 3, end))):
        return "past"
    before = {name: _last_end(name, reading.plain, first, start) for name in ("past", "future")}
    if max(before.values()) >= 0:
        return max(before, key=lambda name: before[name])
    after = {name: _first_start(name, reading.plain, end, last) for name in ("past", "future")}
    found = {name: place for name, place in after.items() if place is not None}
    return min(found, key=lambda name: found[name]) if found else None


def _last_end(name: str, plain: str, start: int, end: int) -> int:
    return max((match.end() for match in cues(name).finditer(plain, start, end)), default=-1)


def _first_start(name: str, plain: str, start: int, end: int) -> int | None:
    match = cues(name).search(plain, start, end)
    return match.start() if match else None
