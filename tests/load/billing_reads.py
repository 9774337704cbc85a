"""How long billing takes to read where it has many customers: `make bench-billing`.

Builds a database of its own with 100,000 accounts, starts the real process on loopback, reads random accounts one at a time, then
eight at once, and prints how long that took beside a page that reads nothing: machines are shared, so a figure alone says little.
Nothing stays behind. On SQLite in a temporary folder, on the PostgreSQL server of BILLING_DATABASE_URL (a new database, dropped at the
end), or with `--postgresql` on a server of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import aiohttp
import jwt
from sqlalchemy import create_engine, make_url, text

from billing.migrate import migrate
from tests.load.billing_rows import BRANDS, account_number, fill
from tests.postgresql import Cluster, why_not
from tests.stack import free_port

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = "/healthz"
ROUTES = (REFERENCE, "/v1/balance", "/v1/bills/latest", "/v1/account", "/v1/bills", "/v1/activity")
ASKED_MS = 10.0  # at the 95th percentile, one at a time
WARM_UP = 20
READY_S = 30

# By route, how long each request took, in milliseconds.
Times = dict[str, list[float]]


@contextmanager
def own_database(server: str | None) -> Iterator[str]:
    """The address of an empty database for this run only: on the PostgreSQL server of that address, else a SQLite file."""
    if server is None:
        with tempfile.TemporaryDirectory(prefix="bench-billing-") as folder:
            yield f"sqlite+aiosqlite:///{folder}/billing.sqlite"
        return
    url = make_url(server).set(drivername="postgresql+psycopg")
    name = f"bench_billing_{secrets.token_hex(4)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()


@contextmanager
def own_server() -> Iterator[str]:
    """A PostgreSQL server for this run only: the address of a database on it."""
    reason = why_not()
    if reason:
        raise SystemExit(reason)
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster.url("postgres")
    finally:
        cluster.stop()


@contextmanager
def billing(database: str, secret: str) -> Iterator[str]:
    """The real process; its address."""
    port = free_port()
    env = {**os.environ, "BILLING_DATABASE_URL": database, "BILLING_TOKEN_SECRET": secret, "BILLING_PORT": str(port)}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([sys.executable, "-m", "billing"], cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            yield f"http://127.0.0.1:{port}"
        except BaseException:
            log.seek(0)
            print(log.read().decode(errors="replace")[-2000:], file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait(20)


def headers_of(number: int, secret: str) -> dict[str, str]:
    """The token of the account with this number in the table."""
    claims = {
        "aud": "billing",
        "exp": int(time.time()) + 3600,
        "scope": "account",
        "account": account_number(number),
        "brand": BRANDS[number % len(BRANDS)],
        "role": "holder",
        "conversation": "bench",
        "level": "verified",
    }
    return {"Authorization": f"Bearer {jwt.encode(claims, secret, algorithm='HS256')}"}


async def read(http: aiohttp.ClientSession, work: Iterator[tuple[str, dict[str, str]]], times: Times) -> None:
    """Does the work that is left, one request after the other."""
    for route, headers in work:
        began = time.perf_counter()
        async with http.get(route, headers=headers) as response:
            await response.read()
        times[route].append((time.perf_counter() - began) * 1000)
        if response.status != 200:
            raise SystemExit(f"{route} answered {response.status}")


async def measure(url: str, secret: str, *, accounts: int, requests: int, at_once: int) -> Times:
    """So many requests of each route for random accounts; all routes in turns, so that what disturbs one disturbs all."""
    chance = random.Random(at_once)
    routes = [route for route in ROUTES for _ in range(requests)]
    chance.shuffle(routes)
    prepared = [(route, headers_of(chance.randint(1, accounts), secret)) for route in routes]
    times: Times = {route: [] for route in ROUTES}
    work = iter(prepared)
    async with aiohttp.ClientSession(url) as http:
        await asyncio.gather(*(read(http, work, times) for _ in range(at_once)))
    return times


async def until_ready(url: str) -> None:
    """Waits until the process can serve."""
    until = time.monotonic() + READY_S
    async with aiohttp.ClientSession(url) as http:
        while True:
            try:
                async with http.get("/readyz") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            if time.monotonic() > until:
                raise SystemExit("billing did not start")
            await asyncio.sleep(0.1)


def percentiles(times: list[float]) -> tuple[float, float, float]:
    """Median, 95th and 99th percentile."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def table(alone: Times, together: Times, at_once: int) -> Iterator[str]:
    """The lines to print."""
    yield f"{'milliseconds':18}{'one at a time':^24}    {f'{at_once} at once':^24}"
    yield f"{'':18}" + f"{'median':>8}{'95 %':>8}{'99 %':>8}    " * 2
    for route in ROUTES:
        figures = [*percentiles(alone[route]), *percentiles(together[route])]
        cells = [f"{figure:8.1f}" for figure in figures]
        yield f"{route:18}" + "".join(cells[:3]) + "    " + "".join(cells[3:])
    slow = [route for route in ROUTES[1:] if percentiles(alone[route])[1] > ASKED_MS]
    verdict = f"not held by {', '.join(slow)}" if slow else "held"
    yield f"Asked: {ASKED_MS:.0f} ms at the 95th percentile, one at a time: {verdict}"


def run(arguments: argparse.Namespace, url: str) -> None:
    secret = secrets.token_hex(32)
    began = time.monotonic()
    asyncio.run(migrate(url))
    rows = fill(url, arguments.accounts)
    print(f"{make_url(url).get_backend_name()}: {rows:,} rows of {arguments.accounts:,} accounts", end=" ")
    print(f"in {time.monotonic() - began:.0f} s", flush=True)
    with billing(url, secret) as address:
        asyncio.run(until_ready(address))
        asyncio.run(measure(address, secret, accounts=arguments.accounts, requests=WARM_UP, at_once=arguments.at_once))
        alone, together = (
            asyncio.run(
                measure(address, secret, accounts=arguments.accounts, requests=arguments.requests, at_once=at_once)
            )
            for at_once in (1, arguments.at_once)
        )
    print("\n".join(table(alone, together, arguments.at_once)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.billing_reads", description="Time what billing reads.")
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=1_000, help="of each route, one at a time and at once")
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server of its own")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was begun is cleared away then, too
    server = os.environ.get("BILLING_DATABASE_URL") or None
    if server and make_url(server).get_backend_name() != "postgresql":
        server = None
    with ExitStack() as closing:
        if arguments.postgresql:
            server = closing.enter_context(own_server())
        run(arguments, closing.enter_context(own_database(server)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
