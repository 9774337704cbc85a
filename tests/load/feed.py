"""`python -m tests.load.feed`: 50 agents listen while 50 events a second happen; how long until each hears each.

Prints the 95th percentile and the worst. The target is 1 s at the 95th percentile.
"""

from __future__ import annotations

import asyncio
import datetime
import tempfile
import time
from pathlib import Path

from desk.feed import CHANGED, Feed, announce
from gateway.database import open_database
from gateway.migrate import migrate

AGENTS, EVERY_S, SECONDS = 50, 0.02, 20


async def measure(url: str) -> None:
    """On a new database."""
    await migrate(url)
    engine, sessions = open_database(url)
    feed = Feed(sessions, lambda: datetime.datetime.now(datetime.UTC))
    running = asyncio.create_task(feed.run())
    await asyncio.sleep(1)
    announced: dict[str, float] = {}
    took: list[float] = []

    async def listen() -> None:
        with feed.listen() as queue:
            for _ in range(int(SECONDS / EVERY_S)):
                event = await queue.get()
                assert event
                took.append(time.perf_counter() - announced[event.subject])

    listening = [asyncio.create_task(listen()) for _ in range(AGENTS)]
    await asyncio.sleep(0)
    began = time.perf_counter()
    for number in range(int(SECONDS / EVERY_S)):
        announced[str(number)] = time.perf_counter()
        async with sessions.begin() as session:
            announce(session, CHANGED, str(number), "primus", datetime.datetime.now(datetime.UTC))
        await asyncio.sleep(max(0, began + (number + 1) * EVERY_S - time.perf_counter()))
    await asyncio.gather(*listening)
    running.cancel()
    took.sort()
    print(f"{len(took)} heard: 95th percentile {took[int(len(took) * 0.95)]:.2f} s, worst {took[-1]:.2f} s")
    await engine.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(f"sqlite+aiosqlite:///{Path(folder)}/feed.sqlite"))
