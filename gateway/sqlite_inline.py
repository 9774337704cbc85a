"""SQLite in the thread that asks: a driver for SQLAlchemy's asynchronous engine without a thread behind it.

aiosqlite hands each statement to a thread and back four times (cursor, execute, fetch, close); for statements that find their row by an
index, and a turn has forty, the handing over takes several times as long as SQLite. Here they run where they are asked for.
So it is for what is short: a transaction that writes. Whoever reads much reads over aiosqlite, beside the loop.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool

NAME = "sqlite+inline"


class InlineSQLite(SQLiteDialect_pysqlite):
    """What pysqlite does, offered to an asynchronous engine."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def get_driver_connection(self, connection: Any) -> Any:
        return connection

    def create_connect_args(self, url: URL) -> Any:
        positional, named = super().create_connect_args(url)
        # A connection that is left to the collector may be closed by another thread than the one that opened it.
        return positional, {**named, "check_same_thread": False}


registry.register("sqlite.inline", __name__, InlineSQLite.__name__)
