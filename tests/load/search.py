"""`python -m tests.load.search`: how long a search over 100,000 conversations takes; `URL=` names another database than a new SQLite file.

Prints the median and the worst of a hundred searches. The target is 0.5 s.
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

from sqlalchemy import insert

from desk.search import fill, search
from gateway.database import open_database
from gateway.migrate import migrate
from gateway.models import Conversation, Message

CONVERSATIONS, LINES, BATCH = 100_000, 6, 2_000
WORDS = [
    "facture",
    "solde",
    "modem",
    "ligne",
    "panne",
    "paiement",
    "compte",
    "adresse",
    "courriel",
    "internet",
    "téléphone",
    "technicien",
    "contrat",
    "imprimante",
    "code",
    "service",
    "bill",
    "balance",
    "line",
    "payment",
    "account",
    "address",
    "printer",
    "contract",
    "technician",
    "outage",
    "machine",
    "error",
    "serial",
    "refund",
    "plan",
    "move",
]
ASKED = [
    "facture",
    "solde modem",
    "technicien panne",
    "refund",
    "err",
    "payment account address",
    "client42424",
    "téléphone",
]
NOW = datetime.datetime(2026, 11, 23, 17, 0, tzinfo=datetime.UTC)


async def measure(url: str) -> None:
    """Fills an empty database, then searches."""
    await migrate(url)
    engine, sessions = open_database(url)
    chance = random.Random(7)
    for first in range(0, CONVERSATIONS, BATCH):
        talks, lines = [], []
        for number in range(first, first + BATCH):
            name, at = f"talk-{number}", NOW + datetime.timedelta(seconds=number)
            brand = ("primus", "wrs", "pitney-bowes")[number % 3]
            talks.append(
                {"id": name, "brand": brand, "channel": "web", "token_hash": "", "created_at": at, "active_at": at}
            )
            for sequence in range(1, LINES + 1):
                said = " ".join([*chance.choices(WORDS, k=12), f"client{number}"])
                author = "customer" if sequence % 2 else "assistant"
                line = {
                    "conversation": name,
                    "sequence": sequence,
                    "author": author,
                    "text": said,
                    "payload": {},
                    "at": at,
                }
                lines.append(line)
        async with sessions.begin() as session:
            await session.execute(insert(Conversation), talks)
            await session.execute(insert(Message), lines)
    while await fill(sessions):
        pass
    took = []
    for number in range(100):
        asked, brands = ASKED[number % len(ASKED)], ["wrs"] if number % 2 else []
        began = time.perf_counter()
        async with sessions() as session:
            await search(session, asked, brands)
        took.append(time.perf_counter() - began)
    print(
        f"{CONVERSATIONS} conversations, {CONVERSATIONS * LINES} lines: median {statistics.median(took):.3f} s, worst {max(took):.3f} s"
    )
    await engine.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(os.environ.get("URL") or f"sqlite+aiosqlite:///{Path(folder)}/search.sqlite"))
