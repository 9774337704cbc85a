"""Which gateway takes a conversation's turns: with one there is nothing to ask; several claim a conversation by a conditional UPDATE.

A claim stands in the conversation's row and holds as long as its gateway lives: each notes so every two seconds in the table `gateway`.
One that was killed holds nothing after `DEAD_AFTER`; one that was only frozen sees at the end of its turn that it holds nothing any more,
and leaves it. Moments are the database's own, so that machines whose clocks differ agree. Why: docs/decisions/0011-several-gateways.md.
"""

from __future__ import annotations

import asyncio
import datetime
import logging
import time
from collections.abc import Callable
from typing import Protocol

from sqlalchemy import ColumnElement, delete, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.database import Sessions
from gateway.models import Conversation, LivingGateway

log = logging.getLogger(__name__)

BEAT_S = 2.0
DEAD_AFTER = datetime.timedelta(seconds=6)
FORGOTTEN_AFTER = datetime.timedelta(hours=1)


class Order(Protocol):
    """Asked within the transactions of a turn. `name`: of this gateway, where there are several."""

    name: str | None

    async def claim(self, session: AsyncSession, conversation: str) -> Conversation | None:
        """The conversation, whose turns are ours from now on; None where they are another's."""

    def holds(self, conversation: Conversation) -> bool:
        """Whether its turns are ours, the row being locked."""

    def release(self, conversation: Conversation) -> None:
        """Nothing is left to answer: whoever hears the next message first may take it."""

    def sure(self) -> bool:
        """Whether nobody can have taken our claims meanwhile."""

    def free(self) -> ColumnElement[bool]:
        """Of conversations: whose open turns may be taken up here."""

    async def run(self) -> None:
        """Runs until cancelled."""

    async def leave(self) -> None:
        """This gateway stops: the others need not wait for its claims to run out."""


class OneGateway:
    """Everything is ours."""

    name: str | None = None

    async def claim(self, session: AsyncSession, conversation: str) -> Conversation | None:
        return await session.get_one(Conversation, conversation)

    def holds(self, conversation: Conversation) -> bool:
        return True

    def release(self, conversation: Conversation) -> None:
        """Nothing was claimed."""

    def sure(self) -> bool:
        return True

    def free(self) -> ColumnElement[bool]:
        return true()

    async def run(self) -> None:
        """Nobody needs to know that we live."""

    async def leave(self) -> None:
        """Nobody waits for us."""


class SeveralGateways:
    """Claims in the database. `name` is this process's own, new at each start."""

    def __init__(self, sessions: Sessions, name: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self.name: str | None = name
        self._monotonic = monotonic
        self._beat_at: float | None = None

    async def claim(self, session: AsyncSession, conversation: str) -> Conversation | None:
        talk = await session.get_one(Conversation, conversation)
        if not self.sure():
            return None
        if talk.gateway == self.name:
            return talk
        # Read anew: the gateway that had it before may have changed the row since.
        claimed: Conversation | None = await session.scalar(
            update(Conversation)
            .where(Conversation.id == conversation, or_(Conversation.gateway.is_(None), self._dead()))
            .values(gateway=self.name)
            .returning(Conversation),
            execution_options={"populate_existing": True},
        )
        return claimed

    def holds(self, conversation: Conversation) -> bool:
        return conversation.gateway == self.name

    def release(self, conversation: Conversation) -> None:
        conversation.gateway = None

    def sure(self) -> bool:
        # A second less than the others wait: what is begun now reaches the assistant before they would ask it.
        return self._beat_at is not None and self._monotonic() < self._beat_at + DEAD_AFTER.total_seconds() - 1

    def free(self) -> ColumnElement[bool]:
        return or_(Conversation.gateway.is_(None), Conversation.gateway == self.name, self._dead())

    async def run(self) -> None:
        while True:
            try:
                await self.beat()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("the other gateways cannot be told that this one lives: %s", type(error).__name__)
            await asyncio.sleep(BEAT_S)

    async def beat(self) -> None:
        """Notes that this gateway lives; forgets those that are long gone."""
        began = self._monotonic()
        async with asyncio.timeout(DEAD_AFTER.total_seconds()), self._sessions.begin() as session:
            until = func.now() + DEAD_AFTER
            await session.execute(
                insert(LivingGateway)
                .values(name=self.name, alive_until=until)
                .on_conflict_do_update(index_elements=[LivingGateway.name], set_={"alive_until": until})
            )
            await session.execute(
                delete(LivingGateway)
                .where(LivingGateway.alive_until < func.now() - FORGOTTEN_AFTER)
                .execution_options(synchronize_session=False)
            )
        self._beat_at = began

    async def leave(self) -> None:
        self._beat_at = None
        async with self._sessions.begin() as session:
            await session.execute(
                update(Conversation)
                .where(Conversation.gateway == self.name)
                .values(gateway=None)
                .execution_options(synchronize_session=False)
            )
            await session.execute(
                delete(LivingGateway)
                .where(LivingGateway.name == self.name)
                .execution_options(synchronize_session=False)
            )

    def _dead(self) -> ColumnElement[bool]:
        living = select(LivingGateway.name).where(LivingGateway.alive_until > func.now())
        return Conversation.gateway.not_in(living)
