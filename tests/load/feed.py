"""`python -m tests.load.feed`: 50 agents with live queues while 50 events a second happen; how long until each sees each.

A real gateway process, and 50 signed-in browsers' worth of HTTP: each has the queue open, holds its stream of events, and fetches its list
anew as `feed.js` does. An event is a customer's message in a conversation that an agent holds, sent over the public API; `--quiet` writes
the events into the database instead, as other gateways do. Heard: the event came over the stream. Seen: the list that was fetched
after it has come. Prints the 95th percentile and the worst of both; the target is 1 s at the 95th percentile.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import contextlib
import dataclasses
import datetime
import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk.agent_models import Agent
from desk.agents import hash_password
from desk.feed import CUSTOMER, announce
from desk.models import Triage
from gateway.database import open_database
from gateway.models import Conversation, Message
from tests.load.fleet import Fleet, folder, running, servers

AGENTS, WAITING, RATE, SECONDS = 50, 100, 50, 20
SOON_S, BETWEEN_S = 0.15, 0.4  # as in feed.js
PASSWORD = "une phrase assez longue"
BRANDS = ("primus", "wrs", "pitney-bowes")
SAID = "Bonjour, ma ligne ne fonctionne plus depuis ce matin et j’ai besoin d’aide, s’il vous plaît."
QUIET = {"MESSAGES_PER_MINUTE": "6000"}


@dataclasses.dataclass
class Talk:
    """A customer in a conversation that an agent holds."""

    id: str
    brand: str
    token: str


class Console:
    """One agent's open page. `heard` and `seen`: how long each event took."""

    def __init__(self, url: str, number: int, sent: dict[str, list[float]]) -> None:
        self.url, self.email = url, f"agent{number}@desk.example"
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.heard: list[float] = []
        self.seen: list[float] = []
        self.fetched: list[float] = []
        self._sent = sent
        self._known: collections.Counter[str] = collections.Counter()
        self._new = asyncio.Event()
        self._unseen: list[float] = []
        self.listening = asyncio.Event()

    async def sign_in(self) -> None:
        """By the form, as a person does."""
        async with self.http.get(f"{self.url}/desk/sign-in") as answer:
            found = re.search(r'name="form_token" value="([^"]+)"', await answer.text())
        assert found
        form = {"form_token": found.group(1), "email": self.email, "password": PASSWORD, "code": ""}
        async with self.http.post(f"{self.url}/desk/sign-in", data=form) as answer:
            assert answer.url.path == "/desk/", await answer.text()

    async def listen(self) -> None:
        """The stream of events."""
        async with self.http.get(f"{self.url}/desk/feed", timeout=aiohttp.ClientTimeout(total=None)) as answer:
            self.listening.set()
            async for line in answer.content:
                if not line.startswith(b"data: "):
                    continue
                event = json.loads(line[6:])
                at, subject = time.perf_counter(), event["subject"]
                if event["kind"] == CUSTOMER:
                    began = self._sent[subject][self._known[subject]]
                    self._known[subject] += 1
                    self.heard.append(at - began)
                    self._unseen.append(began)
                self._new.set()

    async def keep_up(self) -> None:
        """Fetches the list a moment after something happened, one at a time."""
        began = 0.0
        while True:
            await self._new.wait()
            await asyncio.sleep(max(SOON_S, began + BETWEEN_S - time.perf_counter()))
            self._new.clear()
            shown, self._unseen = self._unseen, []
            began = time.perf_counter()
            headers = {"HX-Request": "true", "Desk-Refresh": "1"}
            async with self.http.get(f"{self.url}/desk/queue", headers=headers) as answer:
                assert 'id="queue"' in await answer.text()
            at = time.perf_counter()
            self.fetched.append(at - began)
            self.seen += [at - one for one in shown]


async def talks(url: str, sessions: async_sessionmaker[AsyncSession]) -> list[Talk]:
    """Conversations with agents, two for each; and a queue of others beside them."""
    made = []
    async with aiohttp.ClientSession() as http:
        for number in range(2 * AGENTS):
            brand = BRANDS[number % 3]
            async with http.post(f"{url}/api/v1/conversations", json={"brand": brand, "language": "fr"}) as answer:
                body = await answer.json()
                assert answer.status == 201, body
                made.append(Talk(body["conversation"], brand, body["token"]))
    now = datetime.datetime.now(datetime.UTC)
    password = await hash_password(PASSWORD)
    async with sessions.begin() as session:
        for number in range(AGENTS):
            name, email = f"Luc{number} Roy", f"agent{number}@desk.example"
            session.add(
                Agent(email=email, name=name, role="agent", language="fr", brands=[], password_hash=password, created_at=now)
            )  # fmt: skip
        await session.flush()
        for number, talk in enumerate(made):
            held = {"handled_by": "agent", "agent": number // 2 + 1, "taken_at": now, "queued_at": now}
            await session.execute(update(Conversation).where(Conversation.id == talk.id).values(**held))
        for number in range(WAITING):
            name, at = f"waiting-{number}", now - datetime.timedelta(seconds=number)
            row = Conversation(
                id=name,
                brand=BRANDS[number % 3],
                channel="web",
                token_hash="",
                language="fr",
                created_at=at,
                last_sequence=1,
            )
            row.active_at, row.handled_by, row.queued_at = at, "queue", at
            session.add(row)
            await session.flush()
            session.add(Message(conversation=name, sequence=1, author="customer", text=SAID, state="answered", at=at))
            session.add(
                Triage(conversation=name, topic="do/report_problem", category="support", team="support", urgency="high",
                       reasons=[], known={}, missing=[], at=at)
            )  # fmt: skip
    return made


async def happen(
    url: str, made: list[Talk], sent: dict[str, list[float]], quiet: async_sessionmaker[AsyncSession] | None
) -> None:
    """So many events a second, at an even rate whatever the gateway does."""
    began, running_now = time.perf_counter(), set()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

        async def one(talk: Talk, number: int) -> None:
            if quiet is not None:
                async with quiet.begin() as session:
                    announce(session, CUSTOMER, talk.id, talk.brand, datetime.datetime.now(datetime.UTC))
                return
            headers = {"Authorization": f"Bearer {talk.token}"}
            body = {"text": f"{SAID} {number}", "message_id": f"m-{number}"}
            address = f"{url}/api/v1/conversations/{talk.id}/messages"
            async with http.post(address, json=body, headers=headers) as answer:
                assert answer.status == 200, await answer.text()

        for number in range(RATE * SECONDS):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            talk = made[number % len(made)]
            sent[talk.id].append(time.perf_counter())
            running_now.add(asyncio.create_task(one(talk, number)))
        await asyncio.gather(*running_now)


@contextlib.asynccontextmanager
async def consoles(urls: list[str], sent: dict[str, list[float]]) -> AsyncIterator[list[Console]]:
    """All agents, signed in, their pages open."""
    every = [Console(urls[number % len(urls)], number, sent) for number in range(AGENTS)]
    tasks = []
    try:
        for one in every:
            await one.sign_in()
            tasks += [asyncio.create_task(one.listen()), asyncio.create_task(one.keep_up())]
            await one.listening.wait()
        yield every
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for one in every:
            await one.http.close()


def figures(name: str, took: list[float]) -> str:
    """Median, 95th percentile and worst."""
    took = sorted(took)
    median, slow = took[len(took) // 2], took[int(len(took) * 0.95)]
    return f"{name}: {len(took)}, median {median:.2f} s, 95th percentile {slow:.2f} s, worst {took[-1]:.2f} s"


async def measure(fleet: Fleet, *, quiet: bool) -> None:
    """On gateways that run."""
    engine, sessions = open_database(fleet.gateway_database)
    made = await talks(fleet.urls[0], sessions)
    sent: dict[str, list[float]] = collections.defaultdict(list)
    async with consoles(fleet.urls, sent) as every:
        await asyncio.sleep(1)
        before, began = fleet.processor("gateway1"), time.perf_counter()
        await happen(fleet.urls[0], made, sent, sessions if quiet else None)
        wanted, until = RATE * SECONDS * AGENTS, time.perf_counter() + 30
        while sum(len(one.seen) for one in every) < wanted and time.perf_counter() < until:
            await asyncio.sleep(0.2)
        busy = (fleet.processor("gateway1") - before) / (time.perf_counter() - began)
        print(figures("heard", [took for one in every for took in one.heard]))
        print(figures("seen", [took for one in every for took in one.seen]))
        print(figures("lists fetched", [took for one in every for took in one.fetched]))
        missed = wanted - sum(len(one.seen) for one in every)
        print(f"{missed} of {wanted} not seen; the first gateway took {busy:.0%} of a core")
    await engine.dispose()


def main() -> None:
    """See the module."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--quiet", action="store_true", help="events by the database, not by customers' messages")
    asked.add_argument("--gateways", type=int, default=0, help="so many, on PostgreSQL and Redis; else one on SQLite")
    wanted = asked.parse_args()
    with contextlib.ExitStack() as closing:
        path: Path = closing.enter_context(folder())
        if wanted.gateways:
            cluster, redis = closing.enter_context(servers())
            fleet = Fleet(path, gateways=wanted.gateways, cluster=cluster, redis_url=redis.url, **QUIET)
        else:
            fleet = Fleet(path, **QUIET)
        asyncio.run(measure(closing.enter_context(running(fleet)), quiet=wanted.quiet))


if __name__ == "__main__":
    main()
