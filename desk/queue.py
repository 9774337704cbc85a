"""The queue of conversations that wait for a person: who waits, at what place, and whether anybody is there."""

from __future__ import annotations

import dataclasses
import datetime

import holidays
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.opening_hours import Hours
from gateway.models import Conversation
from knowledge import Brand


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a conversation stands in its brand's queue (1 is next), and the hours as they are now."""

    place: int
    already: bool
    open: bool
    opens_at: datetime.datetime


async def join_queue(
    session: AsyncSession, conversation: str, brand: Brand, now: datetime.datetime, *, premier: bool = False
) -> Place:
    """Puts a conversation into its brand's queue; one that waits already keeps its place. `premier` goes before all others."""
    talk = await session.get_one(Conversation, conversation)
    already = talk.handled_by == "queue" and talk.queued_at is not None
    if talk.handled_by == "assistant" or talk.queued_at is None:
        talk.handled_by = "queue" if talk.handled_by == "assistant" else talk.handled_by
        talk.queued_at = now
    talk.premier = talk.premier or premier
    await session.flush()
    earlier = Conversation.queued_at < talk.queued_at
    before = Conversation.premier & earlier if talk.premier else Conversation.premier | earlier
    ahead = await session.scalar(
        select(func.count())
        .select_from(Conversation)
        .where(
            Conversation.brand == talk.brand,
            Conversation.handled_by == "queue",
            Conversation.id != talk.id,
            before,
        )
    )
    hours = Hours.of(brand.hours)
    closed = province_holidays(brand, now)
    return Place((ahead or 0) + 1, already, hours.is_open(now, closed), hours.next_opening(now, closed))


def province_holidays(brand: Brand, now: datetime.datetime) -> set[datetime.date]:
    """The statutory holidays of the brand's province, this year and the next."""
    years = (now.year, now.year + 1)
    return set(holidays.country_holidays("CA", subdiv=brand.hours["province"], years=years))
