"""`python -m tests.load.texts`: many texts through a real Kannel and its fakesmsc to a gateway, and their answers back.

The gateway is a process of its own on SQLite, the assistant a stub that echoes. Says how many were stored, answered and doubled, how long
a webhook waited for its acknowledgement meanwhile, also while the assistant hangs; stops the gateway for a while as texts come in; and
compares random texts with what phones get. Parts: burst, hanging, stopped, sample.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import contextlib
import os
import random
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from gateway.migrate import migrate
from tests.integration.gateway.parts import SECRET, Parts, echo
from tests.integration.gateway.sms_steps import PRIMUS, TOKEN, form
from tests.kannel import PASSWORD, Kannel
from tests.kannel import SECRET as KANNEL_SECRET
from tests.load.bench.processes import processor_s
from tests.sms_sample import compare
from tests.stack import free_port

ROOT = Path(__file__).resolve().parents[2]


class Run:
    """A gateway as a process, Kannel before it, a stub behind it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts = Parts()
        self.ports = {name: free_port() for name in ("gateway", "internal", "parts")}
        self.url = f"http://127.0.0.1:{self.ports['gateway']}"
        self.kannel = Kannel(folder / "kannel", self.url)
        self.database = folder / "gateway.sqlite"
        behind = f"http://127.0.0.1:{self.ports['parts']}"
        self.env = {
            **os.environ,
            "ASSISTANT_SECRET": SECRET, "INTERNAL_SECRET": SECRET, "BILLING_TOKEN_SECRET": SECRET,
            "GATEWAY_PORT": str(self.ports["gateway"]), "GATEWAY_INTERNAL_PORT": str(self.ports["internal"]),
            "GATEWAY_DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "ASSISTANT_URL": behind, "BILLING_URL": behind, "ACTIONS_HEALTH_URL": behind,
            "OUTBOX_FILE": str(folder / "outbox.jsonl"), "ATTACHMENTS_FOLDER": str(folder / "attachments"),
            "KANNEL_URL": self.kannel.send_url, "KANNEL_USER": "assistant", "KANNEL_PASSWORD": PASSWORD,
            "KANNEL_SECRET": KANNEL_SECRET, "SMS_NUMBER_PRIMUS": PRIMUS, "TWILIO_AUTH_TOKEN": TOKEN,
            "SMS_BURST_S": "0", "SMS_A_DAY": "100000",
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def start_gateway(self) -> None:
        with (self.folder / "gateway.log").open("ab") as log:
            profile = ["-m", "cProfile", "-o", os.environ["PROFILE"]] if "PROFILE" in os.environ else []
            command = [sys.executable, *profile, "-m", "gateway"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)

    def stop_gateway(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def cpu(self) -> float:
        """What the gateway used of a processor so far."""
        assert self.process
        return processor_s([self.process.pid])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30) as connection:
            return connection.execute(query).fetchall()

    def got(self, start: str = "+1514") -> list[str]:
        """The phones that fakesmsc got an answer for; those of the probe are others."""
        return [phone for phone, _ in self.heard() if phone.startswith(start)]

    def heard(self) -> list[tuple[str, str]]:
        """All that fakesmsc got: the phone, and what it reads."""
        log = self.kannel.folder / "fakesmsc.log"
        text = log.read_text(errors="replace") if log.exists() else ""
        return re.findall(r"Got message \d+: <\S+ (\+\d+) \S+ (.*?)>", text)


async def probe(run: Run, http: aiohttp.ClientSession, times: list[float], done: asyncio.Event) -> None:
    """Twilio's webhook beside the load: how long each waited for its acknowledgement."""
    from twilio.request_validator import RequestValidator

    validator, number = RequestValidator(TOKEN), 0
    while not done.is_set():
        number += 1
        fields = form("bonjour", customer=f"+1438555{number % 10000:04d}")
        headers = {"X-Twilio-Signature": validator.compute_signature(f"{run.url}/sms/twilio", fields)}
        began = time.monotonic()
        async with http.post(f"{run.url}/sms/twilio", data=fields, headers=headers) as response:
            if response.status != 200:
                print(f"the webhook answered {response.status}: {await response.text()}")
        times.append(time.monotonic() - began)
        await asyncio.sleep(0.1)


def told(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=100)
    median, late, longest = (1000 * one for one in (cuts[49], cuts[98], max(times)))
    return f"{len(times)} acknowledged: median {median:.0f} ms, 99th percentile {late:.0f} ms, longest {longest:.0f} ms"


async def measure(run: Run, http: aiohttp.ClientSession, messages: int, seconds: float, patience: float) -> None:
    times: list[float] = []
    done = asyncio.Event()
    prober = asyncio.create_task(probe(run, http, times, done))
    print("measuring", run.process.pid if run.process else 0, flush=True)
    before = run.cpu()
    began = time.monotonic()
    fake = run.kannel.fakesmsc(
        "-i", str(seconds / messages), "-m", str(messages), "-z", "1", f"+1514 {PRIMUS} text bonjour"
    )
    stored = answered = 0
    stored_after = 0.0
    while time.monotonic() < began + patience and answered < messages:
        await asyncio.sleep(0.5)
        stored = run.rows("SELECT count(*) FROM sms_received WHERE key LIKE 'kannel:%'")[0][0]
        stored_after = stored_after or (time.monotonic() - began if stored >= messages else 0.0)
        answered = len(run.got())
    took = time.monotonic() - began
    await asyncio.sleep(2)
    done.set()
    await prober
    wrote = collections.Counter(dict(run.rows(
        "SELECT t.customer, count(*) FROM sms_received r JOIN sms_thread t ON t.id = r.thread"
        " WHERE r.key LIKE 'kannel:%' GROUP BY t.customer"
    )))  # fmt: skip
    got = collections.Counter(run.got())
    doubled = sum((got - wrote).values())
    print(f"{messages} texts in {seconds:.0f} s: {stored} stored (after {stored_after:.1f} s), ", end="")
    print(f"{len(run.got())} answered (after {took:.1f} s), {doubled} doubled")
    print(f"{told(times)}; {run.cpu() - before:.1f} s of a processor; load {os.getloadavg()[0]:.1f}")
    fake.terminate()
    fake.wait(5)


async def hanging(run: Run, http: aiohttp.ClientSession) -> None:
    """The acknowledgements while the assistant answers nobody."""

    async def never(turn: dict[str, Any]) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response(status=503)

    run.parts.answer = never
    times: list[float] = []
    done = asyncio.Event()
    probers = [asyncio.create_task(probe(run, http, times, done)) for _ in range(4)]
    await asyncio.sleep(15)
    done.set()
    await asyncio.gather(*probers)
    print(f"the assistant hangs: {told(times)}")


async def stopped(run: Run, http: aiohttp.ClientSession, seconds: float, count: int = 200) -> None:
    """The gateway is away for so many seconds, and texts come in all the while."""
    run.parts.answer = echo
    run.stop_gateway()
    began, before = time.monotonic(), len(run.heard())
    fake = run.kannel.fakesmsc(
        "-i", str((seconds - 2) / count), "-m", str(count), "-z", "1", f"+1418 {PRIMUS} text es-tu là"
    )
    await asyncio.sleep(seconds)
    meanwhile = run.heard()[before:]
    run.start_gateway()
    query = "SELECT count(*) FROM sms_received r JOIN sms_thread t ON t.id = r.thread WHERE t.customer LIKE '+1418%'"
    stored = 0
    while time.monotonic() < began + seconds + 120 and len(run.got("+1418")) < count:
        await asyncio.sleep(0.5)
    with contextlib.suppress(sqlite3.OperationalError):
        stored = run.rows(query)[0][0]
    took = time.monotonic() - began - seconds
    await asyncio.sleep(3)
    answers = [words for phone, words in run.heard() if phone.startswith("+1418")]
    own = [words for words in [*answers, *(words for _, words in meanwhile)] if not words.startswith("you said")]
    print(
        f"stopped for {seconds:.0f} s while {count} texts came in: {stored} stored, {len(answers)} answered {took:.0f} s after the start, ",
        end="",
    )
    print(f"{len(answers) - len(set(run.got('+1418')))} doubled, {len(own)} that Kannel said by itself {own[:2]}")
    fake.terminate()
    fake.wait(5)


async def sample(folder: Path, count: int) -> None:
    """Random texts to phones: parts, alphabet and words, each against the rules. Fails where one differs."""
    kannel = Kannel(folder, "http://127.0.0.1:9")
    try:
        kannel.start()
        began = time.monotonic()
        parts = await compare(kannel, random.Random(20261130), count, "+15145560")
        print(
            f"{count} random texts: {parts} parts arrived, as many as counted, each in its alphabet, with its words ",
            end="",
        )
        print(f"({time.monotonic() - began:.0f} s)")
    finally:
        kannel.stop()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--patience", type=float, default=300)
    parser.add_argument("--sample", type=int, default=10_000)
    parser.add_argument("--away", type=float, default=20, help="for so many seconds the gateway is stopped")
    parser.add_argument("parts", nargs="*", default=["burst", "hanging", "stopped", "sample"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if "sample" in given.parts:
            await sample(Path(folder) / "sample", given.sample)
        if given.parts == ["sample"]:
            return
        run = Run(Path(folder))
        await migrate(run.env["GATEWAY_DATABASE_URL"])
        runner = web.AppRunner(run.parts.application(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", run.ports["parts"]).start()
        run.start_gateway()
        try:
            run.kannel.start(phones=False)
            async with aiohttp.ClientSession() as http:
                for _ in range(1200):
                    try:
                        async with http.get(f"{run.url}/readyz") as response:
                            if response.status == 200:
                                break
                    except aiohttp.ClientError:
                        pass
                    await asyncio.sleep(0.1)
                if "burst" in given.parts:
                    await measure(run, http, given.messages, given.seconds, given.patience)
                if "hanging" in given.parts:
                    await hanging(run, http)
                if "stopped" in given.parts:
                    await stopped(run, http, given.away)
        finally:
            run.kannel.stop()
            run.stop_gateway()
            await runner.cleanup()
            lines = (Path(folder) / "gateway.log").read_text(errors="replace").splitlines()
            said = collections.Counter(line[24:70] for line in lines if re.match(r"\d{4}-", line))
            print(*(f"{count} x {line}" for line, count in said.most_common(12)), sep="\n")


if __name__ == "__main__":
    asyncio.run(main())
