"""The gateway's database: engine, sessions, SQLite's settings."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import await_only

from gateway import sqlite_inline
from monitoring import traces

BUSY_LOOK_S = 0.01
BUSY_MS = 4000  # how long a writer waits for another on SQLite: below what a channel waits for (5 s)


class Sessions(async_sessionmaker[AsyncSession]):
    """`begin()` opens a transaction that writes; a session alone only reads, and on SQLite waits for no writer.

    `brief` are the engine of what is short and done at each turn: see `gateway/sqlite_inline.py`.
    `one_writes`: SQLite lets one write at a time, and whom it likes of those that wait; here they come in the order in which they asked.
    """

    def __init__(self, reader: AsyncEngine, writer: AsyncEngine, brief: AsyncEngine, *, one_writes: bool) -> None:
        super().__init__(reader, expire_on_commit=False)
        self._writing = async_sessionmaker(writer, expire_on_commit=False)
        self._brief = async_sessionmaker(brief, expire_on_commit=False)
        self._brief_writing = async_sessionmaker(brief.execution_options(writing=True), expire_on_commit=False)
        self._turns = WriteTurns() if one_writes else None

    def glance(self) -> AsyncSession:
        """A session that reads a few rows by an index."""
        return self._brief()

    @contextlib.asynccontextmanager
    async def begin(  # type: ignore[override]
        self, *, first: bool = False, brief: bool = False, name: str = "transaction"
    ) -> AsyncIterator[AsyncSession]:
        """A session that is one transaction: committed when the block ends, undone when it raises.

        `first`: before what can wait, as somebody waits for the acknowledgement. `brief`: a few rows by an index, and nothing else is
        waited for meanwhile. `name`: of its span, where requests are traced.
        """
        with traces.span(name):
            async with self._begun(first, brief) as session:
                yield session

    @contextlib.asynccontextmanager
    async def _begun(self, first: bool, brief: bool) -> AsyncIterator[AsyncSession]:
        async with self._turns.turn(first) if self._turns else contextlib.nullcontext():
            async with (self._brief_writing if brief else self._writing).begin() as session:
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
RESTED, ASKED_AFTER_S = "rested", 1.0


def open_database(url: str) -> tuple[AsyncEngine, Sessions]:
    """The engine and its sessions; makes the folder of a SQLite file."""
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    server = {} if sqlite else {"pool_size": CONNECTIONS, "max_overflow": 0}
    engine = create_async_engine(url, **server)
    if not sqlite:
        _ask_the_rested(engine)
        return engine, Sessions(engine, engine, engine, one_writes=False)
    brief = create_async_engine(parsed.set(drivername=sqlite_inline.NAME))
    for each, begin in ((engine, _sqlite_begin), (brief, _brief_begin)):
        event.listen(each.sync_engine, "connect", _sqlite_settings)
        event.listen(each.sync_engine, "begin", begin)
    event.listen(brief.sync_engine, "connect", _brief_settings)
    event.listen(engine.sync_engine, "engine_disposed", lambda _: brief.sync_engine.dispose())
    return engine, Sessions(engine, engine.execution_options(writing=True), brief, one_writes=True)


def _ask_the_rested(engine: AsyncEngine) -> None:
    """A connection of the pool that rested is asked before it is used: one that the server has ended must cost nobody an answer.

    One that was used a moment ago is not: the pool's own way asks each time, and the answer costs as much as a statement.
    """

    def rested(_: Any, record: ConnectionPoolEntry) -> None:
        record.info[RESTED] = time.monotonic()

    def ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _: Any) -> None:
        if time.monotonic() - record.info.get(RESTED, 0.0) < ASKED_AFTER_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:
            raise InvalidatePoolError(str(error)) from error

    event.listen(engine.sync_engine, "checkin", rested)
    event.listen(engine.sync_engine, "checkout", ask)


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


def _brief_begin(connection: Connection) -> None:
    # Another process may be writing: the lock is waited for here without holding up the loop, as SQLite itself would.
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            return _sqlite_begin(connection)
        except OperationalError:
            if time.monotonic() > until:
                raise
            await_only(asyncio.sleep(BUSY_LOOK_S))


def _brief_settings(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA busy_timeout=0")
    # Copying the log into the file waits for the disk: those who write beside the loop do it, and some write every five seconds.
    connection.execute("PRAGMA wal_autocheckpoint=0")


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
