"""`make test-faults`: what stops while customers write, and a table of what was promised and seen. Real PostgreSQL and Redis, on loopback.

Parts: bursts, kills, whole, servers, assistant, disk, stop, migration. `--quick` does less of each; some of it runs in `make test`.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import resource
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp

from tests.load.fleet import Fleet, folder, running, servers
from tests.load.kills import kills_of_all
from tests.load.load import QUIET, connect, settle
from tests.load.migration import migrate_under_load
from tests.load.table import Table
from tests.load.truth import Truth
from tests.load.widgets import Widget
from tests.load.writing import catch_up, settled, write
from tests.postgresql import Cluster
from tests.redis_server import RedisServer

Doing = Callable[[], Awaitable[None]]


async def bursts(table: Table, fleet: Fleet, count: int) -> None:
    """Bursts of five messages 1 ms apart, spread over both gateways by two pages of one conversation."""
    async with aiohttp.ClientSession() as http:
        first = await connect(http, fleet.urls[:1], 40)
        second = [Widget(http, fleet.urls[1]) for _ in first]
        for one, other in zip(first, second, strict=True):
            other.session = one.session
            await other.open()
        at_once = asyncio.Semaphore(10)

        async def burst(number: int) -> None:
            pair = (first[number % 40], second[number % 40])

            async def one(place: int) -> None:
                await asyncio.sleep(place * 0.001)
                await pair[place % 2].insist(f"b {number} {place}", f"b-{number}-{place}")

            async with at_once:
                await asyncio.gather(*(one(place) for place in range(5)))

        began = time.monotonic()
        await asyncio.gather(*(burst(number) for number in range(count)))
        await settled(fleet)
        took = time.monotonic() - began
        await settle([*first, *second], count * 5 * 2, 15)
        truth = Truth(fleet.gateway_database, [*first, *second])
        heard = sum(len(widget.replies) for widget in [*first, *second])
        for widget in [*first, *second]:
            await widget.close()
    table.add(f"{count} bursts of 5 messages 1 ms apart over two gateways (40 conversations, a page at each)",
              "strictly in order, none lost, no older reply after a newer one", f"{truth} ({took:.0f} s)", truth.whole)  # fmt: skip
    table.add("", "both pages hear every reply", f"{heard} of {count * 10}", heard == count * 10)


async def kills(table: Table, fleet: Fleet, messages: int, times: int, pause: float) -> None:
    """kill -9 of each process in turn while messages are written; each comes back after a second."""
    async with aiohttp.ClientSession() as http:
        widgets = await connect(http, fleet.urls, 25)
        names = [
            name for name in fleet.processes if name.startswith(("gateway", "stub", "assistant", "actions", "billing"))
        ]

        async def kill() -> None:
            for number in range(times):
                await asyncio.sleep(pause)
                name = names[number % len(names)]
                fleet.kill(name)
                await asyncio.sleep(1)
                fleet.start_one(name)
                await asyncio.to_thread(fleet.wait_for, name)  # a busy machine starts slowly: never are all away

        rate = messages / (times * (pause + 4) + 5)
        await asyncio.gather(write(widgets, messages, rate, "k"), kill())
        for name in names:
            fleet.wait_for(name)
        took = await settled(fleet)
        await catch_up(widgets)
        truth = Truth(fleet.gateway_database, widgets)
    table.add(f"kill -9 of {', '.join(names)} in turn, {times} times during {messages} messages",
              "each acknowledged message stored once", str(truth), not truth.lost and not truth.doubled and not truth.gaps)  # fmt: skip
    table.add("", "one reply or plain apology to each within 60 s, in order", f"the last {took:.0f} s after the end",
              truth.whole and took < 60)  # fmt: skip


async def server_away(
    table: Table,
    fleet: Fleet,
    what: str,
    promised: str,
    seconds: float,
    stop: Callable[[], None],
    start: Callable[[], None],
) -> None:
    """A server is away while messages are written: what the page is told, how soon, and what the transcript says afterwards."""
    async with aiohttp.ClientSession() as http:
        widgets = await connect(http, fleet.urls, 10)
        told: list[float] = []
        refusals: collections.Counter[str] = collections.Counter()

        async def outage() -> None:
            await asyncio.sleep(3)
            await asyncio.to_thread(stop)
            await asyncio.sleep(seconds)
            start()  # here, not in a thread: the server is told to end when the thread that started it does

        writing = asyncio.gather(write(widgets, int((seconds + 10) * 4), 4, what), outage())
        await writing
        took = await settled(fleet)
        for widget in widgets:
            for said in widget.said:
                if said.refused:
                    refusals[said.refused] += 1
                if said.told:
                    told.append(said.told - said.sent)
        await catch_up(widgets)
        truth = Truth(fleet.gateway_database, widgets)
    worst = max(told, default=0.0)
    silent = sum(said.told is None for widget in widgets for said in widget.said)
    table.add(what, promised, f"{truth}; refused: {dict(refusals)}; open ones answered {took:.0f} s after", truth.whole)
    table.add(
        "",
        "the truth within 8 s",
        f"longest {worst:.1f} s, {silent} without an answer (sent again)",
        worst < 8 and not silent,
    )


async def assistant_hangs(table: Table, fleet: Fleet, seconds: float, name: str) -> None:
    """The assistant is frozen: each customer is told so in their language."""
    async with aiohttp.ClientSession() as http:
        pages = [Widget(http, fleet.urls[n % len(fleet.urls)], language=("fr", "en")[n % 2]) for n in range(10)]
        for page in pages:
            await page.open()
        waits: list[float] = []
        words = {0: "Je n’arrive pas", 1: "I can’t answer"}
        wrong = 0
        fleet.signal(name, signal.SIGSTOP)
        try:
            began = time.monotonic()
            number = 0
            while time.monotonic() < began + seconds:
                for n, page in enumerate(pages):
                    text = ("est-ce que le modem est inclus?", "is the modem included?")[n % 2]
                    await page.insist(text, f"h-{number}-{n}")
                sent = time.monotonic()
                await settle(pages, 10 * (number + 1), 9)
                waits.append(time.monotonic() - sent)
                number += 1
        finally:
            fleet.signal(name, signal.SIGCONT)
        for n, page in enumerate(pages):
            wrong += sum(not text.startswith(words[n % 2]) for _, text, _ in page.replies)
        heard = sum(len(page.replies) for page in pages)
        began = time.monotonic()
        await pages[0].insist("et maintenant?", "h-after")
        await settle(pages, heard + 1, 20)
        back = time.monotonic() - began
        for page in pages:
            await page.close()
    table.add(
        f"the assistant frozen (SIGSTOP) for {seconds:g} s",
        "a plain apology in the right language within 8 s",
        f"{heard} apologies, the slowest after {max(waits):.1f} s, {wrong} wrong",
        max(waits) < 8 and not wrong and heard == 10 * number,
    )
    table.add("", "the next message is answered", f"after {back:.1f} s", back < 8)


async def disk_full(table: Table, fleet: Fleet) -> None:
    """The gateway's disk takes no byte more (SQLite): refused with the truth, nothing acknowledged that is not stored, and on again."""
    pid = fleet.processes["gateway1"].pid
    async with aiohttp.ClientSession() as http:
        page = (await connect(http, fleet.urls, 1))[0]
        await page.insist("avant", "d-0")
        # A limit on the size of files stands for a full disk: the write fails where it would make the file longer.
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        said = []
        for number in range(5):
            said.append(await page.say(f"plein {number}", f"d-full-{number}"))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        for number in range(5):
            await page.insist(f"plein {number}", f"d-full-{number}")
        await settle([page], 6, 20)
        heard = [text for _, text, _ in page.replies]
        await page.close()
    refused = collections.Counter(one.refused for one in said if one.refused)
    slowest = max((one.told or 99) - one.sent for one in said)
    wanted = ["R avant", *(f"R plein {number}" for number in range(5))]
    table.add("disk full (SQLite)", "told within 8 s that nothing was saved; afterwards the same messages are stored and answered once",
              f"{dict(refused)} within {slowest:.1f} s; then {len(heard)} of 6 replies", heard == wanted and slowest < 8)  # fmt: skip


async def stop_under_load(table: Table, fleet: Fleet, limit_s: float) -> None:
    """SIGTERM while customers write."""
    async with aiohttp.ClientSession() as http:
        widgets = await connect(http, fleet.urls, 20)
        took = 0.0

        async def stop() -> None:
            nonlocal took
            await asyncio.sleep(4)
            began = time.monotonic()
            fleet.signal("gateway1", signal.SIGTERM)
            await asyncio.to_thread(fleet.processes["gateway1"].wait, 60)
            took = time.monotonic() - began
            fleet.start_one("gateway1")

        await asyncio.gather(write(widgets, 400, 20, "t"), stop())
        await settled(fleet)
        await catch_up(widgets)
        truth = Truth(fleet.gateway_database, widgets)
    table.add(
        "SIGTERM to one of two gateways at 20 messages/s",
        "ends within 10 s, nothing lost",
        f"{took:.1f} s; {truth}",
        truth.whole and took <= limit_s,
    )


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    quick = given.quick
    parts = given.parts or ["bursts", "kills", "whole", "servers", "assistant", "disk", "stop", "migration"]
    table = Table()
    with servers(keeps=True) as (cluster, redis):
        for part in parts:
            with folder() as where:
                print(f"... {part}", file=sys.stderr, flush=True)
                run_part(part, table, quick, where, cluster, redis)
    return table.end()


def run_part(part: str, table: Table, quick: bool, where: Path, cluster: Cluster, redis: RedisServer) -> None:
    """One part, with processes of its own."""
    if part == "migration":
        migrate_under_load(table, cluster, 5_000 if quick else 100_000)
        return
    if part == "whole":
        fleet = Fleet(where, gateways=2, assistants=2, cluster=cluster, redis_url=redis.url, **QUIET)
        with running(fleet):
            asyncio.run(
                kills_of_all(table, fleet, messages=1000, times=6 if quick else 20, requests=5 if quick else 20)
            )
        return
    slow = 0.1 if part == "stop" else 0.02
    if part == "disk":
        fleet = Fleet(where, **QUIET)
    else:
        fleet = Fleet(where, gateways=2, cluster=cluster, redis_url=redis.url, stub_s=slow, **QUIET)
    with running(fleet):
        if part == "bursts":
            asyncio.run(bursts(table, fleet, 20 if quick else 200))
        elif part == "kills":
            asyncio.run(kills(table, fleet, *((60, 3, 2.0) if quick else (1000, 20, 6.0))))
        elif part == "servers":
            away = 5 if quick else 30
            asyncio.run(
                server_away(
                    table, fleet, f"Redis stopped for {away} s", "nothing lost, no gap", away, redis.stop, redis.start
                )
            )
            away = 5 if quick else 60
            asyncio.run(
                server_away(
                    table,
                    fleet,
                    f"PostgreSQL stopped for {away} s",
                    "nothing lost, no gap",
                    away,
                    cluster.halt,
                    cluster.serve,
                )
            )
        elif part == "assistant":
            asyncio.run(assistant_hangs(table, fleet, 8 if quick else 30, "stub"))
        elif part == "disk":
            asyncio.run(disk_full(table, fleet))
        elif part == "stop":
            asyncio.run(stop_under_load(table, fleet, 60 if quick else 10))  # a busy machine is no fault of the code
        else:
            raise SystemExit(f"{part} is no part")


if __name__ == "__main__":
    sys.exit(main())
