"""The queue of conversations that wait for a person: who waits, at what place and why there, and whether anybody is there."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.models import SupportRequest, Triage
from desk.opening_hours import Hours
from desk.request_states import LIVE
from desk.triage import URGENCIES
from gateway.models import Conversation
from knowledge import Brand


@dataclasses.dataclass(frozen=True)
class Waiting:
    """What the order is made of. `due`: the nearest moment that was promised, or that the customer named."""

    conversation: str
    premier: bool
    urgency: str
    due: datetime.datetime | None
    since: datetime.datetime


@dataclasses.dataclass(frozen=True)
class Standing:
    """A place in the queue (1 is next) and why it is that one: names under `queue` in `data/triage.yml`, what decides most first."""

    conversation: str
    place: int
    why: tuple[str, ...]


def in_order(waiting: Iterable[Waiting]) -> list[Standing]:
    """The order of the queue: a premier PIN, then urgency, then what is due first, then who has waited longest."""
    far = datetime.datetime.max.replace(tzinfo=datetime.UTC)

    def key(one: Waiting) -> tuple[bool, int, datetime.datetime, datetime.datetime, str]:
        rank = URGENCIES.index(one.urgency) if one.urgency in URGENCIES else URGENCIES.index("normal")
        return not one.premier, rank, one.due or far, one.since, one.conversation

    return [Standing(one.conversation, place, _why(one)) for place, one in enumerate(sorted(waiting, key=key), start=1)]


def _why(one: Waiting) -> tuple[str, ...]:
    names = ["premier"] if one.premier else []
    if one.urgency != "normal":
        names.append(one.urgency)
    if one.due:
        names.append("due")
    return (*names, "since")


async def waiting_of(session: AsyncSession, brands: Sequence[Brand]) -> list[Waiting]:
    """All who wait for a person of these brands, in no order."""
    by_id = {brand.id: brand for brand in brands}
    rows = await session.execute(
        select(Conversation, Triage)
        .outerjoin(Triage, Triage.conversation == Conversation.id)
        .where(Conversation.brand.in_(by_id), Conversation.handled_by == "queue", Conversation.queued_at.is_not(None))
    )
    found = [(talk, triage) for talk, triage in rows]
    promises = await session.execute(
        select(SupportRequest.conversation, func.min(SupportRequest.due_at))
        .where(
            SupportRequest.conversation.in_([talk.id for talk, _ in found]),
            SupportRequest.state.in_(LIVE),
            SupportRequest.due_at.is_not(None),
        )
        .group_by(SupportRequest.conversation)
    )
    promised = {row[0]: row[1] for row in promises}
    return [
        Waiting(
            conversation=talk.id,
            premier=talk.premier,
            urgency=triage.urgency if triage else "normal",
            due=_soonest(promised.get(talk.id), _named(triage, by_id[talk.brand])),
            since=talk.queued_at or talk.active_at,
        )
        for talk, triage in found
    ]


def _named(triage: Triage | None, brand: Brand) -> datetime.datetime | None:
    """The end of the day that the customer named as the last one."""
    day = triage.known.get("due") if triage else None
    if not day:
        return None
    after = datetime.date.fromisoformat(day) + datetime.timedelta(days=1)
    return datetime.datetime.combine(after, datetime.time(), ZoneInfo(str(brand.hours["time_zone"])))


def _soonest(*moments: datetime.datetime | None) -> datetime.datetime | None:
    return min((moment for moment in moments if moment), default=None)


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a conversation stands in its brand's queue (1 is next), and the hours as they are now."""

    place: int
    already: bool
    open: bool
    opens_at: datetime.datetime


async def join_queue(
    session: AsyncSession,
    conversation: str,
    brand: Brand,
    now: datetime.datetime,
    *,
    premier: bool = False,
    only_open: bool = False,
) -> Place:
    """Puts a conversation into its brand's queue; one that waits already keeps the moment that it joined. `premier` goes before
    all others; the rest of the order is that of `in_order`. `only_open`: not outside hours, where its place is 0 then.
    """
    talk = await session.get_one(Conversation, conversation)
    already = talk.handled_by == "queue" and talk.queued_at is not None
    hours = Hours.of(brand.hours)
    closed = province_holidays(brand, now)
    is_open, opens_at = hours.is_open(now, closed), hours.next_opening(now, closed)
    if only_open and not is_open and talk.handled_by == "assistant":
        return Place(0, False, False, opens_at)
    if talk.handled_by == "assistant" or talk.queued_at is None:
        talk.handled_by = "queue" if talk.handled_by == "assistant" else talk.handled_by
        talk.queued_at = now
    talk.premier = talk.premier or premier
    await session.flush()
    # One who is with an agent stands nowhere; asked for a place all the same, it is the next one.
    standing = {one.conversation: one.place for one in in_order(await waiting_of(session, [brand]))}
    return Place(standing.get(talk.id, 1), already, is_open, opens_at)


def province_holidays(brand: Brand, now: datetime.datetime) -> set[datetime.date]:
    """The statutory holidays of the brand's province, this year and the next."""
    years = (now.year, now.year + 1)
    return set(holidays.country_holidays("CA", subdiv=brand.hours["province"], years=years))
