"""The gateway's database: engine, sessions, SQLite's settings."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

BUSY_MS = 4000  # how long a writer waits for another on SQLite: below what a channel waits for (5 s)


class Sessions(async_sessionmaker[AsyncSession]):
    """`begin()` opens a transaction that writes; a session alone only reads, and on SQLite waits for no writer.

    `one_writes`: SQLite lets one write at a time, and whom it likes of those that wait; here they come in the order in which they asked.
    """

    def __init__(self, reader: AsyncEngine, writer: AsyncEngine, *, one_writes: bool) -> None:
        super().__init__(reader, expire_on_commit=False)
        self._writing = async_sessionmaker(writer, expire_on_commit=False)
        self._turns = WriteTurns() if one_writes else None

    @contextlib.asynccontextmanager
    async def begin(self, *, first: bool = False) -> AsyncIterator[AsyncSession]:  # type: ignore[override]
        """A session that is one transaction: committed when the block ends, undone when it raises.

        `first`: before what can wait, as somebody waits for the acknowledgement.
        """
        async with self._turns.turn(first) if self._turns else contextlib.nullcontext():
            async with self._writing.begin() as session:
                yield session


class WriteTurns:
    """One after the other; those who are `first` before the others, each of them in the order in which they came."""

    def __init__(self) -> None:
        self._taken = False
        self._waiting: tuple[deque[asyncio.Future[None]], deque[asyncio.Future[None]]] = (deque(), deque())

    @contextlib.asynccontextmanager
    async def turn(self, first: bool) -> AsyncIterator[None]:
        """Holds the turn while the block runs."""
        if self._taken:
            turn = asyncio.get_running_loop().create_future()
            self._waiting[0 if first else 1].append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._pass_on()  # it came just as we left
                raise
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        for waiting in self._waiting:
            while waiting:
                turn = waiting.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._taken = False


# To a server, all kept open: the pool's own way is to close those above five after each use, and to open one takes longer
# than an answer.
CONNECTIONS = 20


def open_database(url: str) -> tuple[AsyncEngine, Sessions]:
    """The engine and its sessions; makes the folder of a SQLite file."""
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # Asked before it is used: a connection of the pool that the server has ended must cost nobody an answer.
    server = {} if sqlite else {"pool_size": CONNECTIONS, "max_overflow": 0, "pool_pre_ping": True}
    engine = create_async_engine(url, **server)
    if sqlite:
        event.listen(engine.sync_engine, "connect", _sqlite_settings)
        event.listen(engine.sync_engine, "begin", _sqlite_begin)
    writer = engine.execution_options(writing=True) if sqlite else engine
    return engine, Sessions(engine, writer, one_writes=sqlite)


async def take_turns(session: AsyncSession, what: str) -> None:
    """Waits for the transactions that took the same turn, and holds it until this one ends: what is counted stays counted.

    On SQLite a transaction waits for all others anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def _sqlite_begin(connection: Connection) -> None:
    # A transaction that will write takes the lock at once: one that reads first and writes later fails under load.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _sqlite_settings(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see above
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_MS}",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is erased is overwritten
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
