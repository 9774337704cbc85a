"""What the queue's page shows of each conversation: one question to the database for each kind of fact, whatever their number.

All agents' pages are made from one reading; what is an agent's own is chosen from it. The order of those who wait is that of
`desk/queue.py`, with its reasons.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from sqlalchemy import ScalarSelect, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk import calendars, queue
from desk.agent_models import Agent
from desk.models import Triage
from gateway.models import Conversation, Message
from knowledge import Brand

BY_PEOPLE = Conversation.handled_by.in_(("queue", "agent"))


@dataclasses.dataclass(frozen=True)
class Row:
    """A conversation in the queue. `waiting`: nobody has it; `holder`: the name of who has. Times are aware.

    `place` and `why` are those of `desk.queue.Standing`, for those who wait. What each agent's page chooses by stands here once more:
    to ask the rows of the database for it fifty times takes ten times as long.
    """

    talk: Conversation
    triage: Triage | None
    holder: str
    said: str
    since: datetime.datetime
    due_at: datetime.datetime | None
    id: str
    brand: str
    agent: int | None
    team: str | None
    put_off: datetime.datetime | None
    waiting: bool
    urgency: str
    place: int
    why: tuple[str, ...]


async def rows(session: AsyncSession, brands: Mapping[str, Brand]) -> list[Row]:
    """The conversations that wait for a person or have one, of all brands, in no order."""
    found = await session.execute(
        select(Conversation, Triage, Agent.name, _last_words())
        .outerjoin(Triage, Triage.conversation == Conversation.id)
        .outerjoin(Agent, Agent.id == Conversation.agent)
        .where(BY_PEOPLE)
    )
    standings = {
        one.conversation: one for one in queue.in_order(await queue.waiting_of(session, list(brands.values())))
    }
    return [
        Row(
            talk=talk,
            triage=triage,
            holder=holder or "",
            said=said or "",
            since=talk.queued_at or talk.taken_at or talk.active_at,
            due_at=due(talk, brands[talk.brand]) if talk.brand in brands else None,
            id=talk.id,
            brand=talk.brand,
            agent=talk.agent,
            team=talk.team or (triage.team if triage else None),
            put_off=talk.snoozed_until,
            waiting=talk.handled_by == "queue",
            urgency=triage.urgency if triage else "normal",
            place=standings[talk.id].place if talk.id in standings else 0,
            why=standings[talk.id].why if talk.id in standings else (),
        )
        for talk, triage, holder, said in found
    ]


def of_agent(found: Sequence[Row], agent: Agent, now: datetime.datetime) -> list[Row]:
    """Those of the agent's brands, without what the agent has put off: one's own first, then those who wait by their place, then those
    of colleagues."""
    own, brands = agent.id, set(agent.brands)

    def shown(row: Row) -> bool:
        put_off = row.put_off is not None and row.agent == own and row.put_off > now
        return (not brands or row.brand in brands) and not put_off

    def key(row: Row) -> tuple[int, int, datetime.datetime]:
        return (0 if row.agent == own else 1 if row.waiting else 2), row.place, row.since

    return sorted(filter(shown, found), key=key)


def due(talk: Conversation, brand: Brand) -> datetime.datetime | None:
    """Until when a person should have been there; None once one has answered, or where none is waited for."""
    if talk.queued_at is None or talk.agent_answered_at is not None:
        return None
    return calendars.pick_up_due(brand, "chat", talk.queued_at)


def _last_words() -> ScalarSelect[str]:
    """The last line of a conversation's customer: from the end, by the index, so that long transcripts cost nothing."""
    return (
        select(Message.text)
        .where(Message.conversation == Conversation.id, Message.author == "customer")
        .order_by(Message.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )
