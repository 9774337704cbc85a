"""The database: SQLite in one file by default, PostgreSQL by its URL; the same code above both."""

from __future__ import annotations

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import Connection, Dialect, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

# How long a writer waits for another on SQLite. Above what a write takes, below what the caller waits for (5 s).
SQLITE_BUSY_MS = 4000
# To a server, all kept open: the pool's own way is to close those above five after each use, and to open one takes longer
# than an answer.
CONNECTIONS = 20
# A connection that was not used for longer is asked whether it is alive.
ASK_AFTER_S = 30.0
_USED = "used"  # when, in the pool's record of a connection


@dataclass(frozen=True, slots=True)
class Database:
    """An engine and the kinds of session on it. Build it with `open_database`, close it with `close()`."""

    engine: AsyncEngine
    _asking: async_sessionmaker[AsyncSession]
    _reading: async_sessionmaker[AsyncSession]
    _writing: async_sessionmaker[AsyncSession]

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[AsyncSession]:
        """A session without a transaction, for what is read most: each statement sees the database as it is then.

        To begin and to end a transaction takes longer than one statement that finds its rows by an index.
        """
        async with self._asking() as session:
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database from its first query to its end; it is never committed."""
        async with self._reading() as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session that is one transaction: committed when the block ends, undone when it raises."""
        async with self._writing.begin() as session:
            yield session

    async def close(self) -> None:
        await self.engine.dispose()


def open_database(url: str) -> Database:
    """The database at a SQLAlchemy URL of an asynchronous driver. Connects at the first session, not here."""
    sqlite = make_url(url).get_backend_name() == "sqlite"
    engine = create_async_engine(url, **({} if sqlite else {"pool_size": CONNECTIONS, "max_overflow": 0}))
    if not sqlite:
        event.listen(engine.sync_engine, "checkin", _note_use)
        event.listen(engine.sync_engine, "checkout", partial(_check_alive, engine.sync_engine.dialect))
    if sqlite:
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        asker = engine.execution_options(transaction=False)
        reader, writer = engine, engine.execution_options(writing=True)
    else:
        asker = engine.execution_options(isolation_level="AUTOCOMMIT")
        # PostgreSQL's default level would let a bill be paid between two queries of one answer.
        reader, writer = engine.execution_options(isolation_level="REPEATABLE READ"), engine
    return Database(
        engine=engine,
        _asking=async_sessionmaker(asker, expire_on_commit=False),
        _reading=async_sessionmaker(reader, expire_on_commit=False),
        _writing=async_sessionmaker(writer, expire_on_commit=False),
    )


def make_folder(url: str) -> None:
    """Create the folder of a SQLite file, which SQLite itself does not; nothing for other databases."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver would begin transactions by itself, too late and only for some statements: `_begin_sqlite` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout = {SQLITE_BUSY_MS}", "journal_mode = WAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads before it writes fails at once when another wrote in between, whatever the busy timeout;
    # one that announces itself as a writer waits for its turn instead.
    options = connection.get_execution_options()
    if options.get("transaction", True):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing", False) else "BEGIN")


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED] = monotonic()


def _check_alive(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Looks whether a kept connection still is one: one that the server has ended must cost nobody an answer.

    A server that ends a connection says so, which can be seen without asking it: to ask before every use, as the pool itself would,
    takes as long as the answer to what is read most. Asked is only where something came, and after a while (what lies between may
    have forgotten the connection). Raises InvalidatePoolError: the pool then opens new ones.
    """
    used = record.info.get(_USED)
    if used is None or (monotonic() - used < ASK_AFTER_S and not _has_come(connection.driver_connection.fileno())):
        return
    try:
        dialect.do_ping(connection)
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def _has_come(socket: int) -> bool:
    """Whether anything, an end too, waits to be read."""
    poll = select.poll()
    poll.register(socket, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))
