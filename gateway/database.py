"""The gateway's database: engine, sessions, SQLite's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

Sessions = async_sessionmaker[AsyncSession]


def open_database(url: str) -> tuple[AsyncEngine, Sessions]:
    """The engine and its sessions; makes the folder of a SQLite file."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # Asked before it is used: a connection of the pool that the server has ended must cost nobody an answer.
    engine = create_async_engine(url, pool_pre_ping=parsed.get_backend_name() != "sqlite")
    if parsed.get_backend_name() == "sqlite":
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
