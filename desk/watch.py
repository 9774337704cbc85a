"""Watches over conversations: what customers write reaches the agents' pages, and nobody waits without being told the truth."""

from __future__ import annotations

import asyncio
import datetime
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk import calendars
from desk.agent_models import Agent, AgentSession
from desk.agents import IDLE, WHOLE
from desk.feed import CHANGED, CUSTOMER, announce
from desk.handover import WORDS, Change, leave, offer_of_request
from desk.queue import join_queue
from gateway.models import Conversation, Message
from knowledge import Shelf

log = logging.getLogger(__name__)

LOOK_S = 2.0


class Watch:
    """`heard` is a listener of conversations; `run` looks at the queue."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        at_desk: Callable[[str], AbstractAsyncContextManager[Change]],
        shelf: Shelf,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._at_desk = at_desk
        self._shelf = shelf
        self._now = now
        self._told: set[str] = set()

    async def heard(self, talk: Conversation, lines: list[Message]) -> None:
        """New lines of a conversation that people look after: their pages are told; what was put off comes back."""
        if talk.handled_by == "assistant" or not lines:
            return
        by_customer = any(line.author == "customer" for line in lines)
        async with self._sessions.begin() as session:
            if by_customer and talk.snoozed_until is not None:
                (await session.get_one(Conversation, talk.id, with_for_update=True)).snoozed_until = None
            announce(session, CUSTOMER if by_customer else CHANGED, talk.id, talk.brand, self._now())

    async def run(self) -> None:
        """Runs until cancelled. A database that is away is looked at again."""
        while True:
            try:
                await self.look()
                await self.look_for_left()
            except (SQLAlchemyError, OSError) as error:
                log.warning("the queue cannot be read: %s", type(error).__name__)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Tells each customer whom nobody answered in time, once for each time that they joined the queue."""
        async with self._sessions() as session:
            rows = await session.execute(
                select(Conversation.id, Conversation.brand, Conversation.queued_at).where(
                    Conversation.handled_by == "queue", Conversation.queued_at.is_not(None)
                )
            )
            waiting = [(talk, brand, queued_at) for talk, brand, queued_at in rows if queued_at is not None]
        self._told &= {told_key(talk, queued_at) for talk, _, queued_at in waiting}
        for talk, brand, queued_at in waiting:
            if told_key(talk, queued_at) not in self._told and self._late(brand, queued_at):
                await self._tell(talk, queued_at)
                self._told.add(told_key(talk, queued_at))

    async def look_for_left(self) -> None:
        """Puts back into the queue what customers write to agents who have gone: signed out, idle for long, or without access."""
        now = self._now()
        there = (
            select(AgentSession.agent)
            .join(Agent, Agent.id == AgentSession.agent)
            .where(Agent.active, AgentSession.used_at > now - IDLE, AgentSession.created_at > now - WHOLE)
        )
        last = (
            select(Message.author)
            .where(Message.conversation == Conversation.id)
            .order_by(Message.sequence.desc())
            .limit(1)
            .scalar_subquery()
        )
        held = select(Conversation.id, Conversation.agent).where(
            Conversation.handled_by == "agent", Conversation.agent.not_in(there), last == "customer"
        )
        async with self._sessions() as session:
            found = list(await session.execute(held))
        for talk, agent in found:
            async with self._at_desk(talk) as change:
                brand = self._shelf.brands.get(change.talk.brand)
                if brand and change.talk.handled_by == "agent" and change.talk.agent == agent:
                    await leave(change, brand)

    def _late(self, brand: str, queued_at: datetime.datetime) -> bool:
        found = self._shelf.brands.get(brand)
        return found is not None and self._now() > calendars.pick_up_due(found, "chat", queued_at)

    async def _tell(self, conversation: str, queued_at: datetime.datetime) -> None:
        async with self._at_desk(conversation) as change:
            talk = change.talk
            if talk.handled_by != "queue" or talk.queued_at != queued_at:
                return  # somebody came meanwhile
            brand = self._shelf.brands[talk.brand]
            place = await join_queue(change.session, talk.id, brand, change.now)
            text = WORDS["no_answer"][change.language].format(
                seconds=int(brand.figures["chat_target_seconds"]), place=place.place
            )
            # The line's id is the event's: of several gateways one tells it, and a restart does not tell it again.
            await change.say(
                "assistant",
                text,
                message_id=f"desk:no-answer:{queued_at.timestamp():.0f}",
                buttons=offer_of_request(brand, change.language),
                notice="no_answer",
            )


def told_key(conversation: str, queued_at: datetime.datetime) -> str:
    """One time that a conversation joined the queue."""
    return f"{conversation}:{queued_at.timestamp():.0f}"
