"""Texts on their way out: as which letter they go, and what keeps them from going.

Its reader wants none, its country is not one that is written to, the day's money is spent: what is held back is recorded with its reason,
and not tried again.
"""

from __future__ import annotations

import dataclasses
import datetime
import logging
from collections.abc import Callable, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.models import Outgoing
from gateway.senders import Letter
from gateway.sms_alphabet import cut, measure
from gateway.sms_consent import who_is_out
from gateway.sms_fold import fold
from gateway.sms_numbers import Numbers
from gateway.sms_settings import SmsSettings
from knowledge import Brand, Shelf

log = logging.getLogger(__name__)

SMS, KEYWORD = "sms", "keyword"
SPENT = ("sending", "sent")  # states of a row that costs
WARNED_FROM = 80  # percent
SUPPRESSED, REFUSED = "suppressed", "refused"


@dataclasses.dataclass(frozen=True)
class Spending:
    """How much of the day's money a brand's texts have cost."""

    brand: str
    percent: int


class SmsGate:
    """Looks at texts that are about to go out."""

    def __init__(self, settings: SmsSettings, numbers: Numbers, shelf: Shelf) -> None:
        self._settings = settings
        self._numbers = numbers
        self._shelf = shelf

    async def hold_back(self, session: AsyncSession, rows: Sequence[Outgoing], now: datetime.datetime) -> None:
        """Ends, in the caller's transaction, those of the rows that must not go out."""
        texts = [row for row in rows if row.channel == SMS and row.letter != KEYWORD]
        if not texts:
            return
        out = await who_is_out(session, {(row.brand, row.address) for row in texts})
        spent = {row.brand: await self.is_spent(session, self._shelf.brands[row.brand], now) for row in texts}
        for row in texts:
            if (row.brand, row.address) in out:
                self._end(row, SUPPRESSED, "the number wants no texts", now)
            elif not self._numbers.allowed(row.address):
                self._end(row, REFUSED, "not of a country that is allowed", now)
            elif spent[row.brand]:
                self._end(row, REFUSED, "the day's cost ceiling is reached", now)

    def letter(self, row: Outgoing, text: str) -> Letter:
        """A row of the outbox as the text message that it goes out as."""
        brand = self._shelf.brands[row.brand]
        own = [row.sender] if row.sender else []
        text = fold(text, brand.sms.fold_accents)
        return Letter(
            id=f"text-{row.id}",
            channel=SMS,
            address=row.address,
            language=row.language,
            sender=brand.name,
            text=text,
            row=row.id,
            numbers=(*own, *(one for one in self._numbers.of(row.brand) if one not in own)),
            parts=tuple(cut(text)),
        )

    async def is_spent(self, session: AsyncSession, brand: Brand, now: datetime.datetime) -> bool:
        """Whether the day's money is spent, those that are about to go out among it."""
        ceiling = self._settings.cost_a_day
        return ceiling is not None and await self.spent(session, brand, now) > ceiling

    async def spending(self, now: Callable[[], datetime.datetime], session: AsyncSession) -> list[Spending]:
        """The brands whose texts have cost `WARNED_FROM` of what they may in a day, or more."""
        ceiling, found = self._settings.cost_a_day, []
        for brand in self._shelf.brands.values() if ceiling is not None else ():
            percent = int(100 * await self.spent(session, brand, now()) / ceiling) if ceiling else 100
            if percent >= WARNED_FROM:
                found.append(Spending(brand.id, percent))
        return found

    async def spent(self, session: AsyncSession, brand: Brand, now: datetime.datetime) -> Decimal:
        """What a brand's texts cost since its day began."""
        zone = ZoneInfo(brand.hours["time_zone"])
        since = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        parts = await session.scalar(
            select(func.sum(func.coalesce(Outgoing.parts, 1))).where(
                Outgoing.channel == SMS,
                Outgoing.brand == brand.id,
                Outgoing.state.in_(SPENT),
                Outgoing.created_at >= since,
            )
        )
        return self._settings.part_cost * (parts or 0)

    def _end(self, row: Outgoing, state: str, why: str, now: datetime.datetime) -> None:
        log.warning("text %d (%s) was held back: %s", row.id, row.letter, why)
        row.state, row.ended_at, row.error = state, now, why


def cost_of(letter: Letter) -> tuple[str, int]:
    """The alphabet and the parts of a text."""
    cost = measure(letter.text)
    return cost.alphabet, cost.parts
