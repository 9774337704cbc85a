"""The gateway's database: engine, sessions, SQLite's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

Sessions = async_sessionmaker[AsyncSession]
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
        # A transaction that will write takes the lock at once: one that reads first and writes later fails under load.
        event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine, async_sessionmaker(engine, expire_on_commit=False)


async def take_turns(session: AsyncSession, what: str) -> None:
    """Waits for the transactions that took the same turn, and holds it until this one ends: what is counted stays counted.

    On SQLite a transaction waits for all others anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def _sqlite_settings(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see above
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
