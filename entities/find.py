"""Everything that a message names, without overlap: where two kinds read the same place, the more specific one has it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from entities import codes, contact
from entities.amounts import amounts
from entities.dates import dates
from entities.models import models
from entities.months import months
from entities.reading import LONGEST, Entity, Reading
from entities.times import times
from knowledge import Brand

# The more specific first: what is called by its name before what is known by its shape, long shapes before short ones.
FINDERS: tuple[Callable[[Reading], Iterator[Entity]], ...] = (
    contact.email_entities,
    codes.named_accounts,
    codes.named_serials,
    codes.requests,
    codes.firmwares,
    contact.postal_entities,
    models,
    codes.bills,
    codes.bare_serials,
    contact.phone_entities,
    dates,
    codes.bare_accounts,
    codes.error_codes,
    months,
    times,
    amounts,
)


def find(
    text: str, *, language: str, today: datetime.date, brand: Brand | None = None, prefer: str | None = None
) -> list[Entity]:
    """The entities of a message, in the order of their places, never overlapping.

    `language` ("fr" or "en") decides the order of day and month in "3/4". `today` is what "hier" and "le 3" are counted from.
    `prefer` ("past" or "future") says on which side of today a day without its year or month is; None leaves it to the words
    around it. Only the first 2000 characters are read. Never raises, whatever the text.
    """
    reading = Reading(text[:LONGEST], language, today, brand, prefer)
    found: list[Entity] = []
    for finder in FINDERS:
        for entity in finder(reading):
            if not any(entity.start < other.end and other.start < entity.end for other in found):
                found.append(entity)
    return sorted(found, key=lambda entity: entity.start)
