"""`make load`: many customers at once on real PostgreSQL and Redis, on loopback, and a table of what was promised and seen.

Parts: widgets, assistant, overload, memory. Each is bounded; `--seconds`, `--widgets`, `--rate` and `--memory-minutes` change the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import psycopg

from tests.load.fleet import Fleet, folder, running, servers
from tests.load.table import Table
from tests.load.widgets import Widget, percentile
from tests.postgresql import Cluster
from tests.redis_server import RedisServer

QUIET = {"MESSAGES_PER_MINUTE": "6000"}  # what is measured is the gateway, not the limit of one conversation
QUESTIONS = (
    "bonjour", "do I need a modem?", "comment ajouter un utilisateur?", "what do I owe", "c'est quoi mon solde",
    "how do I read my bill", "merci", "where is my invoice", "je veux parler à quelqu'un du service", "annuler",
)  # fmt: skip


async def connect(http: aiohttp.ClientSession, urls: list[str], count: int) -> list[Widget]:
    """So many widgets, each with a conversation, twenty at a time."""
    widgets = [Widget(http, urls[n % len(urls)]) for n in range(count)]
    places = asyncio.Semaphore(20)

    async def one(widget: Widget) -> None:
        async with places:
            for _ in range(20):
                try:
                    return await widget.open()
                except (ConnectionError, TimeoutError):
                    await widget.close()
                    await asyncio.sleep(1)
            raise SystemExit("a widget could not begin a conversation")

    await asyncio.gather(*(one(widget) for widget in widgets))
    return widgets


async def send_at(widgets: list[Widget], rate: float, seconds: float, name: str) -> list[tuple[Widget, str, Any]]:
    """Sends at an even rate, whatever the server does; (widget, text, what came of it)."""
    began = time.monotonic()
    tasks: list[tuple[Widget, str, asyncio.Task[Any]]] = []
    for number in range(int(rate * seconds)):
        wait = began + number / rate - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        widget, text = widgets[number % len(widgets)], f"{name} {number}"
        tasks.append((widget, text, asyncio.create_task(widget.say(text, f"{name}-{number}"))))
    await asyncio.gather(*(task for _, _, task in tasks), return_exceptions=True)
    return [(widget, text, task.exception() or task.result()) for widget, text, task in tasks]


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    """What the gateway's database says."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[arg-type]


async def settle(widgets: list[Widget], wanted: int, seconds: float) -> float:
    """Waits until so many replies were heard; how long it took."""
    began = time.monotonic()
    while sum(len(widget.replies) for widget in widgets) < wanted and time.monotonic() < began + seconds:
        await asyncio.sleep(0.2)
    return time.monotonic() - began


async def with_widgets(table: Table, fleet: Fleet, count: int, rate: float, seconds: float) -> None:
    """Every acknowledged message stands once in the transcript and is answered once; how fast it is acknowledged."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        widgets = await connect(http, fleet.urls, count)
        before = fleet.processor("gateway1")
        sent = await send_at(widgets, rate, seconds, "m")
        busy = (fleet.processor("gateway1") - before) / seconds
        acknowledged = [(w, text, said) for w, text, said in sent if getattr(said, "sequence", None)]
        drained = await settle(widgets, len(acknowledged), 60)
        memory = fleet.memory("gateway1")
        heard = collections.Counter(text for widget in widgets for _, text, _ in widget.replies)
        for widget in widgets:
            await widget.close()
    stored = rows(fleet.gateway_database, "SELECT text, count(*) FROM message WHERE author = 'customer' GROUP BY text")
    kept: dict[str, int] = dict(stored)
    lost = sum(kept.get(text, 0) == 0 or heard[f"R {text}"] == 0 for _, text, _ in acknowledged)
    doubled = sum(number > 1 for number in kept.values()) + sum(number > 1 for number in heard.values())
    times = [said.acknowledged - said.sent for _, _, said in acknowledged]
    p50, p95 = percentile(times, 50) * 1000, percentile(times, 95) * 1000
    refused = sum(getattr(said, "refused", None) is not None for _, _, said in sent)
    failed = len(sent) - len(acknowledged) - refused
    done = f"{count} widgets, {rate:g} messages/s for {seconds:g} s, assistant stubbed, one gateway"
    table.add(done, "0 lost, 0 doubled", f"{len(acknowledged)} of {len(sent)} acknowledged, {refused} refused (429), "
              f"{failed} failed; {lost} lost, {doubled} doubled", lost + doubled + failed == 0)  # fmt: skip
    table.add("", "every message acknowledged, 95th percentile 100 ms", f"50th {p50:.0f} ms, 95th {p95:.0f} ms; "
              f"last reply {drained:.1f} s after the end; gateway {busy:.0%} of a core", p95 <= 100 and not refused)  # fmt: skip
    table.add("", "gateway at most 400 MB", f"{memory:.0f} MB", memory <= 400)


async def with_overload(table: Table, fleet: Fleet, count: int, rate: float, seconds: float) -> None:
    """Far more than it can do: refused with the seconds to wait, never an error, and back to normal soon."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        widgets = await connect(http, fleet.urls, count)
        sent = await send_at(widgets, rate, seconds, "o")
        ended = time.monotonic()
        normal = None
        while normal is None and time.monotonic() < ended + 60:
            began = time.monotonic()
            try:
                said = await widgets[0].say("encore", f"back-{began}")
                if said.sequence and time.monotonic() - began < 0.5:
                    normal = time.monotonic() - ended
            except (TimeoutError, ConnectionError):
                pass
            await asyncio.sleep(0.2)
        taken = [text for _, text, said in sent if getattr(said, "sequence", None)]
        await settle(widgets, len(taken), 60)
        heard = {text for widget in widgets for _, text, _ in widget.replies}
        for widget in widgets:
            await widget.close()
    refused = collections.Counter(said.refused for _, _, said in sent if getattr(said, "refused", None))
    untold = sum(1 for _, _, said in sent if getattr(said, "refused", None) and not said.retry_after)
    failed = sum(isinstance(said, BaseException) for _, _, said in sent)
    unanswered = sum(f"R {text}" not in heard for text in taken)
    done = f"{rate:g} messages/s for {seconds:g} s over {count} widgets, turns of 0.4 s"
    table.add(done, "what is too much: 429 with retry_after; never 5xx", f"{len(taken)} taken, {dict(refused)}, {untold} without "
              f"retry_after, {failed} without any answer", not untold and not failed and set(refused) <= {"busy", "flood"})  # fmt: skip
    table.add("", "all that was acknowledged is answered", f"{unanswered} unanswered", not unanswered)
    seen = "never within 60 s" if normal is None else f"{normal:.1f} s"
    table.add("", "normal again (acknowledged within 0.5 s) within 10 s", seen, normal is not None and normal <= 10)


async def with_assistant(table: Table, fleet: Fleet, rate: float, seconds: float, talks: int) -> None:
    """The real assistant over the public API."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        made = []
        for number in range(talks):
            body = {"brand": ("primus", "wrs", "pitney-bowes")[number % 3], "language": ("fr", "en")[number % 2]}
            async with http.post(f"{fleet.urls[number % len(fleet.urls)]}/api/v1/conversations", json=body) as answer:
                made.append((await answer.json(), fleet.urls[number % len(fleet.urls)]))

        async def turn(number: int) -> tuple[str, bool, float]:
            talk, url = made[number % talks]
            body = {"text": QUESTIONS[(number * 7 + number // talks) % len(QUESTIONS)], "message_id": f"a-{number}"}
            headers = {"Authorization": f"Bearer {talk['token']}"}
            began = time.monotonic()
            path = f"{url}/api/v1/conversations/{talk['conversation']}/messages"
            async with http.post(path, json=body, headers=headers) as answer:
                told = await answer.json()
                what = f"{answer.status} {told.get('type', '').rpartition('/')[2]}".strip()
                return what, bool(told.get("pending")), time.monotonic() - began

        await asyncio.gather(*(turn(-1 - number) for number in range(min(10, talks))))
        began, tasks = time.monotonic(), []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            tasks.append(asyncio.create_task(turn(number)))
        found = await asyncio.gather(*tasks)
    failed = rows(fleet.gateway_database, "SELECT count(*) FROM message WHERE state = 'failed'")[0][0]
    statuses = collections.Counter(status for status, _, _ in found)
    pending = sum(pending for _, pending, _ in found)
    times = [took for status, _, took in found if status == "200"]
    p50, p95 = percentile(times, 50), percentile(times, 95)
    done = f"the real assistant: {rate:g} turns/s for {seconds:g} s over {talks} conversations"
    table.add(
        done,
        "0 errors",
        f"{dict(statuses)}, {failed} apologies, {pending} late",
        set(statuses) == {"200"} and not failed and not pending,
    )
    table.add("", "95th percentile 1 s", f"50th {p50:.2f} s, 95th {p95:.2f} s", p95 <= 1)


async def with_time(table: Table, fleet: Fleet, minutes: float, rate: float) -> None:
    """Whether memory grows under steady work. The first quarter warms up."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        widgets = await connect(http, fleet.urls, 100)
        quarter = minutes * 60 / 4
        await send_at(widgets, rate, quarter, "w")
        before = {name: fleet.memory(name) for name in fleet.processes}
        await send_at(widgets, rate, quarter * 3, "d")
        after = {name: fleet.memory(name) for name in fleet.processes}
        for widget in widgets:
            await widget.close()
    grown = {name: after[name] / before[name] - 1 for name in before if name.startswith("gateway")}
    seen = ", ".join(
        f"{name} {before[name]:.0f} to {after[name]:.0f} MB ({share:+.1%})" for name, share in grown.items()
    )
    table.add(
        f"memory over {minutes:g} min at {rate:g} messages/s, the first quarter to warm up",
        "within 5 %",
        seen,
        max(grown.values()) <= 0.05,
    )


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="widgets, assistant, overload, memory; all without")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--widgets", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--gateways", type=int, default=1)
    parser.add_argument("--memory-minutes", type=float, default=30)
    given = parser.parse_args()
    parts = given.parts or ["widgets", "overload", "assistant", "memory"]
    table = Table()
    with servers() as (cluster, redis):
        for part in parts:
            with folder() as where:
                run_part(part, table, given, where, cluster, redis)
    return table.end()


def run_part(
    part: str, table: Table, given: argparse.Namespace, where: Path, cluster: Cluster, redis: RedisServer
) -> None:
    """One part, with processes of its own."""
    url, seconds = redis.url, given.seconds
    if part == "widgets":
        fleet = Fleet(where, gateways=given.gateways, cluster=cluster, redis_url=url, **QUIET)
        with running(fleet):
            asyncio.run(with_widgets(table, fleet, given.widgets, given.rate, seconds))
    elif part == "overload":
        fleet = Fleet(where, cluster=cluster, redis_url=url, stub_s=0.4, **QUIET)
        with running(fleet):
            # One gateway asks for 8 turns at a time, each of 0.4 s: 20 a second.
            asyncio.run(with_overload(table, fleet, 200, 200, min(seconds, 20)))
    elif part == "assistant":
        fleet = Fleet(where, assistants=1, cluster=cluster, redis_url=url)
        with running(fleet):
            asyncio.run(with_assistant(table, fleet, 10, seconds, 50))
    elif part == "memory":
        fleet = Fleet(where, cluster=cluster, redis_url=url, **QUIET)
        with running(fleet):
            asyncio.run(with_time(table, fleet, given.memory_minutes, min(given.rate, 30)))
    else:
        raise SystemExit(f"{part} is no part")


if __name__ == "__main__":
    sys.exit(main())
