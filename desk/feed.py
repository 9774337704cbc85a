"""What agents' pages show at once: events in a table, read by one task of each gateway and fanned out in memory.

An event names a conversation or a request, never what was said: the page asks for that, and is refused what its agent may not see.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime
import logging
from collections.abc import Callable, Iterator

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk.models import FeedEvent

log = logging.getLogger(__name__)

# Kinds of events.
WAITING, CUSTOMER, CHANGED, REQUEST, TYPING = "waiting", "customer", "changed", "request", "typing"
LOOK_S = 0.25
KEPT = datetime.timedelta(minutes=10)
PURGE_EVERY = datetime.timedelta(minutes=1)
# PostgreSQL gives numbers before it commits: an event may appear after one with a higher number. So each look goes back this far.
BACK = 500
QUEUE_MOST = 1000


@dataclasses.dataclass(frozen=True)
class Event:
    """One event as a page gets it."""

    id: int
    kind: str
    subject: str
    brand: str


def announce(session: AsyncSession, kind: str, subject: str, brand: str, now: datetime.datetime) -> None:
    """An event in the transaction of what it tells of. `subject`: a conversation's id or a request's number."""
    session.add(FeedEvent(kind=kind, subject=subject, brand=brand, at=now))


def announce_change(now: Callable[[], datetime.datetime], session: AsyncSession, conversation: str, brand: str) -> None:
    """A conversation looks different now."""
    announce(session, CHANGED, conversation, brand, now())


class Feed:
    """Reads the table and hands each event to every page that listens on this gateway."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], now: Callable[[], datetime.datetime]) -> None:
        self._sessions = sessions
        self._now = now
        self._listeners: set[asyncio.Queue[Event | None]] = set()
        self._last = 0
        self._seen: set[int] = set()
        self._purged: datetime.datetime | None = None

    async def run(self) -> None:
        """Runs until cancelled. A database that is away is looked at again."""
        started = False
        while True:
            try:
                if not started:
                    await self._start()
                    started = True
                for event in await self._new():
                    self._hand_out(event)
                await self._purge()
            except (SQLAlchemyError, OSError) as error:
                log.warning("the feed cannot be read: %s", type(error).__name__)
            await asyncio.sleep(LOOK_S)

    @contextlib.contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Event | None]]:
        """A queue of the events from now on, None at the end. One that is full loses its oldest: its page asks for the whole anyway."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue(QUEUE_MOST)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    async def since(self, last: int) -> list[Event]:
        """What is kept after an event, oldest first: for a page that was away."""
        async with self._sessions() as session:
            rows = await session.scalars(
                select(FeedEvent).where(FeedEvent.id > last).order_by(FeedEvent.id).limit(BACK)
            )
            return [Event(row.id, row.kind, row.subject, row.brand) for row in rows]

    async def _start(self) -> None:
        async with self._sessions() as session:
            self._last = await session.scalar(select(func.max(FeedEvent.id))) or 0
            rows = await session.scalars(select(FeedEvent.id).where(FeedEvent.id > self._last - BACK))
            self._seen = set(rows)

    async def _new(self) -> list[Event]:
        async with self._sessions() as session:
            # On SQLite one write follows the other, and so do their numbers.
            back = BACK if session.get_bind().dialect.name == "postgresql" else 0
            rows = await session.execute(
                select(FeedEvent.id, FeedEvent.kind, FeedEvent.subject, FeedEvent.brand)
                .where(FeedEvent.id > self._last - back)
                .order_by(FeedEvent.id)
            )
            found = [Event(*row) for row in rows]
        new = [event for event in found if event.id not in self._seen]
        self._last = max([self._last, *(event.id for event in new)])
        self._seen = {event.id for event in found if event.id > self._last - BACK}
        return new

    def close(self) -> None:
        """Ends every page's stream: a gateway that stops does not wait for them. They come back by themselves."""
        self._hand_out(None)

    def _hand_out(self, event: Event | None) -> None:
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    async def _purge(self) -> None:
        now = self._now()
        if self._purged and self._purged > now - PURGE_EVERY:
            return
        self._purged = now
        async with self._sessions.begin() as session:
            # The newest stays: SQLite would give its number again.
            newest = select(func.max(FeedEvent.id)).scalar_subquery()
            await session.execute(delete(FeedEvent).where(FeedEvent.at < now - KEPT, FeedEvent.id < newest))
