"""`python -m tests.load.dashboard`: how long the dashboard's figures take over 100,000 conversations; `URL=` names another database.

Prints the median and the worst of reading each period, and how long a batch of rows takes to be made from transcripts. The target is 1 s
for a page, and a batch that no turn waits for long.
"""

from __future__ import annotations

import asyncio
import datetime
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk.dashboard import Choice, read
from desk.models import SupportRequest
from desk.record_models import Asked, TalkRecord
from desk.records import Records
from desk.triage_data import read_rules
from gateway.database import open_database
from gateway.migrate import migrate
from gateway.models import Conversation, Message
from knowledge import Shelf

CONVERSATIONS, SAID, BATCH, DAYS, LINES = 100_000, 1_000, 5_000, 90, 6
NOW = datetime.datetime(2026, 11, 23, 17, 0, tzinfo=datetime.UTC)
ZONE = ZoneInfo("America/Toronto")
BRANDS = ("primus", "wrs", "pitney-bowes")
REQUESTS = ("do/check_balance", "do/pay_bill", "do/latest_bill", "do/out_of_scope", "do/move_services")


def rows_of(number: int, chance: random.Random, articles: list[str]) -> dict[type, list[dict[str, Any]]]:
    """One conversation with its row of figures; one in ten has a request."""
    at = NOW - datetime.timedelta(seconds=chance.randrange(DAYS * 86_400))
    local = at.astimezone(ZONE)
    name, who = f"talk-{number}", chance.choice(("assistant", "assistant", "assistant", "request", "person", "nobody"))
    shared = {
        "brand": BRANDS[number % 3],
        "channel": chance.choice(("web", "sms")),
        "language": chance.choice(("fr", "fr", "en")),
    }
    resolved = at + datetime.timedelta(seconds=chance.randrange(30, 9_000)) if number % 2 else None
    row = {
        **shared,
        "conversation": name,
        "day": local.date().isoformat(),
        "hour": local.hour,
        "started_at": at,
        "last_at": at,
        "helped_by": who,
        "first_s": chance.randrange(1, 8),
        "person_s": chance.randrange(5, 2_000) if who == "person" else None,
        "owed": False,
        "resolved_at": resolved,
        "resolved_by": chance.choice(("customer", "change", "agent")) if resolved else None,
        "resolved_s": round((resolved - at).total_seconds()) if resolved else None,
        "rating": chance.choice((None, None, 1, 4, 5)),
        "helpful": number % 4 == 0,
        "unhelpful": number % 9 == 0,
    }
    talk = {**shared, "id": name, "token_hash": "", "handled_by": "assistant", "created_at": at, "active_at": at}
    outcomes = {chance.choice(REQUESTS), chance.choice(articles)}
    request = {
        "number": f"R-{number}",
        "key": name,
        "conversation": name,
        "brand": shared["brand"],
        "kind": "open_request",
        "category": "support",
        "language": shared["language"],
        "description": "",
        "contact": f"+1514555{number % 10_000:04}",
        "details": {},
        "reasons": [],
        "state": "solved",
        "created_at": at,
        "changed_at": at,
        "solved_at": at + datetime.timedelta(hours=3),
    }
    return {
        Conversation: [talk],
        TalkRecord: [row],
        Asked: [{**shared, "conversation": name, "day": row["day"], "outcome": one, "times": 1} for one in outcomes],
        SupportRequest: [request] if number % 10 == 0 else [],
    }


async def fill(sessions: async_sessionmaker[AsyncSession], articles: list[str]) -> None:
    """An empty database's conversations, and transcripts of the first of them."""
    chance = random.Random(7)
    for first in range(0, CONVERSATIONS, BATCH):
        rows: dict[type, list[dict[str, Any]]] = {}
        for number in range(first, first + BATCH):
            for model, some in rows_of(number, chance, articles).items():
                rows.setdefault(model, []).extend(some)
        async with sessions.begin() as session:
            for model, some in rows.items():
                await session.execute(insert(model), some)
    lines = [
        {
            "conversation": f"talk-{number}",
            "sequence": sequence,
            "author": "customer" if sequence % 2 else "assistant",
            "text": "Une question sur ma facture du mois dernier" if sequence % 2 else "Voici la réponse. " * 10,
            "payload": {},
            "language": "fr",
            "state": "answered" if sequence % 2 else None,
            "understood": {"intent": "ask_article", "article": chance.choice(articles)} if sequence % 2 else None,
            "at": NOW,
        }
        for number in range(SAID)
        for sequence in range(1, LINES + 1)
    ]
    async with sessions.begin() as session:
        await session.execute(insert(Message), lines)


async def measure(url: str) -> None:
    """Fills an empty database, reads each period, then makes rows anew."""
    await migrate(url)
    shelf = Shelf(Path("knowledge_base"))
    engine, sessions = open_database(url)
    await fill(sessions, sorted({article.id for article in shelf.articles()}))
    today = NOW.date()
    for days in (1, 7, 30, 90):
        took = []
        for number in range(10):
            choice = Choice(today - datetime.timedelta(days=days - 1), today, () if number % 2 else ("wrs",))
            began = time.perf_counter()
            figures = await read(sessions, choice, ZONE, NOW)
            took.append(time.perf_counter() - began)
        median, worst = statistics.median(took), max(took)
        print(
            f"{days} days, {figures.whole.count} conversations: median {median:.3f} s, worst {worst:.3f} s", flush=True
        )
    records, took, more = Records(sessions, shelf, read_rules(), lambda: NOW), [], True
    while more:
        began = time.perf_counter()
        more = await records.fill(most=1)
        took.append(time.perf_counter() - began)
    print(f"{len(took)} batches of rows: median {statistics.median(took):.3f} s, worst {max(took):.3f} s")
    await engine.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(os.environ.get("URL") or f"sqlite+aiosqlite:///{Path(folder)}/dashboard.sqlite"))
