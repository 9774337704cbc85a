"""The gateway's migrations since one gateway served alone, up and down, while the release before goes on writing."""

from __future__ import annotations

import asyncio
import threading
import time

import psycopg

from gateway.migrate import migrate
from tests.load.table import Table
from tests.postgresql import Cluster

OLD = "0007"  # the last with one gateway alone
FILL = """
INSERT INTO conversation (id, brand, channel, token_hash, handled_by, last_sequence, created_at, active_at, premier)
SELECT 'c' || n, 'wrs', 'web', 'x', 'assistant', 100, now(), now(), false FROM generate_series(1, %(talks)s) AS n;
"""
LINES = """
INSERT INTO message (conversation, sequence, author, text, payload, state, at)
SELECT 'c' || (n / 100 + 1), n %% 100 + 1, CASE n %% 2 WHEN 0 THEN 'customer' ELSE 'assistant' END, 'bonjour', '{}',
       CASE n %% 2 WHEN 0 THEN 'answered' END, now()
FROM generate_series(0, %(lines)s - 1) AS n;
"""


class Writer(threading.Thread):
    """A customer's message as the release before records it, again and again; `longest` is the longest that one had to wait."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._url, self.longest, self.written, self.failed, self.ended = url, 0.0, 0, 0, threading.Event()

    def run(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self.ended.is_set():
                began = time.monotonic()
                try:
                    with connection.transaction():
                        row = connection.execute(
                            "UPDATE conversation SET last_sequence = last_sequence + 1, active_at = now()"
                            " WHERE id = 'c1' RETURNING last_sequence"
                        ).fetchone()
                        assert row
                        connection.execute(
                            "INSERT INTO message (conversation, sequence, author, text, payload, state, at)"
                            " VALUES ('c1', %s, 'customer', 'encore', '{}', 'received', now())",
                            row,
                        )
                    self.written += 1
                except psycopg.Error:
                    self.failed += 1
                self.longest = max(self.longest, time.monotonic() - began)
                time.sleep(0.01)


def migrate_under_load(table: Table, cluster: Cluster, lines: int) -> None:
    """Fills, migrates up and down while a writer goes on; each line is there afterwards."""
    name = cluster.create()
    url = cluster.url(name)
    plain = url.replace("+psycopg", "")
    asyncio.run(migrate(url))
    asyncio.run(migrate(url, down=OLD))
    with psycopg.connect(plain) as connection:
        connection.execute(FILL, {"talks": lines // 100 + 1})
        connection.execute(LINES, {"lines": lines})
    for title, down in (("up to the newest", None), (f"back to {OLD}", OLD)):
        writer = Writer(plain)
        writer.start()
        time.sleep(0.5)
        began = time.monotonic()
        asyncio.run(migrate(url, down=down))
        took = time.monotonic() - began
        time.sleep(0.5)
        writer.ended.set()
        writer.join(10)
        table.add(f"migration {title} over {lines:,} lines while the release before writes", "no message fails; none waits 5 s",
                  f"{took:.2f} s; {writer.written} written, {writer.failed} failed, longest wait {writer.longest:.2f} s",
                  not writer.failed and writer.longest < 5)  # fmt: skip
    with psycopg.connect(plain) as connection:
        found = connection.execute("SELECT count(*) FROM message WHERE text = 'bonjour'").fetchone()
    table.add("", "every line is there afterwards", f"{found[0] if found else 0:,}", found == (lines,))
    cluster.drop(name)
