"""What the queue's page shows of each conversation: one question to the database for each kind of fact, whatever their number.

The order of those who wait is that of `desk/queue.py`, with its reasons.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk import calendars, queue
from desk.agent_models import Agent
from desk.models import Triage
from gateway.models import Conversation, Message
from knowledge import Brand

SHOWN_MOST = 200


@dataclasses.dataclass(frozen=True)
class Row:
    """A conversation in the queue. `waiting`: nobody has it; `holder`: the name of who has. Times are aware.

    `place` and `why` are those of `desk.queue.Standing`, for those who wait.
    """

    talk: Conversation
    triage: Triage | None
    holder: str
    said: str
    since: datetime.datetime
    due_at: datetime.datetime | None
    mine: bool
    place: int = 0
    why: tuple[str, ...] = ()

    @property
    def waiting(self) -> bool:
        return self.talk.handled_by == "queue"

    @property
    def urgency(self) -> str:
        return self.triage.urgency if self.triage else "normal"

    @property
    def team(self) -> str | None:
        return self.talk.team or (self.triage.team if self.triage else None)


async def rows(session: AsyncSession, agent: Agent, brands: Mapping[str, Brand], now: datetime.datetime) -> list[Row]:
    """The conversations that wait for a person or have one, of the agent's brands, those that are put off left out."""
    query = (
        select(Conversation)
        .where(
            Conversation.handled_by.in_(("queue", "agent")),
            or_(
                Conversation.snoozed_until.is_(None), Conversation.snoozed_until <= now, Conversation.agent != agent.id
            ),
        )
        .order_by(Conversation.queued_at)
        .limit(SHOWN_MOST)
    )
    if agent.brands:
        query = query.where(Conversation.brand.in_(agent.brands))
    talks = list(await session.scalars(query))
    ids = [talk.id for talk in talks]
    triages = {
        row.conversation: row for row in await session.scalars(select(Triage).where(Triage.conversation.in_(ids)))
    }
    holders = {one.id: one.name for one in await session.scalars(select(Agent))}
    said = await last_words(session, ids)
    standings = {
        one.conversation: one for one in queue.in_order(await queue.waiting_of(session, list(brands.values())))
    }
    return [
        Row(
            talk=talk,
            triage=triages.get(talk.id),
            holder=holders.get(talk.agent, "") if talk.agent is not None else "",
            said=said.get(talk.id, ""),
            since=talk.queued_at or talk.taken_at or talk.active_at,
            due_at=due(talk, brands[talk.brand]) if talk.brand in brands else None,
            mine=talk.agent == agent.id,
            place=standings[talk.id].place if talk.id in standings else 0,
            why=standings[talk.id].why if talk.id in standings else (),
        )
        for talk in talks
    ]


def due(talk: Conversation, brand: Brand) -> datetime.datetime | None:
    """Until when a person should have been there; None once one has answered, or where none is waited for."""
    if talk.queued_at is None or talk.agent_answered_at is not None:
        return None
    return calendars.pick_up_due(brand, "chat", talk.queued_at)


def in_order(found: Sequence[Row]) -> list[Row]:
    """One's own first, then those who wait by their place, then those of colleagues."""

    def key(row: Row) -> tuple[int, int, datetime.datetime]:
        return (0 if row.mine else 1 if row.waiting else 2), row.place, row.since

    return sorted(found, key=key)


async def last_words(session: AsyncSession, ids: Sequence[str]) -> dict[str, str]:
    """The last line of each conversation's customer."""
    latest = (
        select(func.max(Message.id))
        .where(Message.conversation.in_(ids), Message.author == "customer")
        .group_by(Message.conversation)
    )
    lines = await session.execute(select(Message.conversation, Message.text).where(Message.id.in_(latest)))
    return {str(conversation): str(said) for conversation, said in lines}
