"""The calls of a demonstration customer: made up, the same at every load but for their days. The numbers are fictional."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from billing.calls import Call, minutes
from billing.money import CAD

# Area code, kind, cents a minute, and how often it is called, beside the others.
_PLACES = (
    ("416", "local", "0", 44),
    ("647", "local", "0", 20),
    ("514", "long_distance", "3", 14),
    ("604", "long_distance", "4", 10),
    ("800", "toll_free", "0", 8),
    ("011 44 20", "international", "9", 4),
)
_DAYS = 29  # today is left out: its calls could lie in the future
_FIRST_HOUR, _LAST_HOUR = 14, 20  # UTC: office hours of the east, summer and winter


def demo_calls(count: int, *, account: str, today: date) -> Iterator[Call]:
    """That many calls in the last 30 days, oldest first."""
    chance = random.Random(f"{account}/{count}")
    places, weights = _PLACES, [place[3] for place in _PLACES]
    days = sorted(chance.randrange(_DAYS) for _ in range(count))
    for day in days:
        area, kind, rate, _ = chance.choices(places, weights)[0]
        seconds = max(6, round(chance.expovariate(1 / 190)))
        at = datetime.combine(
            today - timedelta(days=_DAYS - day),
            time(chance.randint(_FIRST_HOUR, _LAST_HOUR), chance.randrange(60), chance.randrange(60)),
            UTC,
        )
        local = f"555-01{chance.randrange(100):02d}"
        number = f"{area} {local.replace('-', ' ')}" if " " in area else f"{area}-{local}"
        call = Call(at, number, kind, seconds, CAD("0.00"))
        yield Call(at, number, kind, seconds, CAD("0.01").times(Decimal(rate) * minutes(call)))
