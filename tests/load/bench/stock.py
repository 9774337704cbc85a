"""Stock Rasa: what `rasa init` makes, served as its documentation says, asked over its REST channel."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
import uuid
from pathlib import Path

import aiohttp

from tests.stack import free_port

READY_S = 300
# What a customer of the bot of `rasa init` says: each is answered, some of them with two replies.
SAID = ("hello", "I am very sad", "no that did not help", "are you a bot?", "great day today", "bye for now")


class Stock:
    """The bot of `rasa init` in a folder, trained once and served as often as wanted."""

    name = "stock Rasa"

    def __init__(self, python: Path, folder: Path) -> None:
        self._python = python
        self._folder = folder / "stock"
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.trained_s = 0.0
        self.env = {
            **os.environ,
            "RASA_TELEMETRY_ENABLED": "false",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        # What `rasa run` finds in this folder only.
        for name in ("ENCODER", "KNOWLEDGE_BASE", "PYTHONPATH", "VIRTUAL_ENV"):
            self.env.pop(name, None)

    def build(self) -> None:
        """`rasa init`, with the training that is part of it."""
        self._folder.mkdir()
        started = time.monotonic()
        self._rasa("init", "--no-prompt", "--init-dir", str(self._folder))
        self.trained_s = time.monotonic() - started

    def _rasa(self, *arguments: str) -> None:
        log = (self._folder.parent / "stock-build.log").open("ab")
        with log:
            done = subprocess.run(
                [self._python, "-m", "rasa", *arguments], cwd=self._folder, env=self.env, stdout=log, stderr=log
            )
        if done.returncode:
            raise SystemExit(f"stock Rasa was not built: {Path(log.name).read_text(errors='replace')[-2000:]}")

    async def start(self) -> float:
        """Starts the server; the seconds from its start to its first answer."""
        self._port = free_port()
        started = time.monotonic()
        with (self._folder.parent / "stock-run.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._python, "-m", "rasa", "run", "-i", "127.0.0.1", "--port", str(self._port)],
                cwd=self._folder,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        async with aiohttp.ClientSession() as http:
            while time.monotonic() - started < READY_S:
                if self._process.poll() is not None:
                    break
                try:
                    if await self._post(http, "first", SAID[0]):
                        return time.monotonic() - started
                except (aiohttp.ClientError, OSError):
                    pass
                await asyncio.sleep(0.1)
        raise SystemExit("stock Rasa did not start; its log is stock-run.log")

    def stop(self) -> None:
        """Ends the server."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def roots(self) -> list[int]:
        """The process that memory is counted of."""
        return [self._process.pid] if self._process else []

    async def talk(self) -> StockTalk:
        """A new conversation."""
        return StockTalk(self)

    async def _post(self, http: aiohttp.ClientSession, sender: str, text: str) -> list[dict[str, str]]:
        url = f"http://127.0.0.1:{self._port}/webhooks/rest/webhook"
        async with http.post(url, json={"sender": sender, "message": text}) as response:
            if response.status != 200:
                return []
            return list(await response.json())


class StockTalk:
    """One customer over REST, on a connection of their own that stays open."""

    def __init__(self, stock: Stock) -> None:
        self._stock = stock
        self._http = aiohttp.ClientSession()
        self._sender = uuid.uuid4().hex
        self._count = 0

    async def turn(self) -> float:
        """Says the next thing; the seconds until the answer was there; each training leaves other things that it says nothing to."""
        text = SAID[self._count % len(SAID)]
        self._count += 1
        started = time.perf_counter()
        await self._stock._post(self._http, self._sender, text)
        return time.perf_counter() - started

    async def close(self) -> None:
        """Hangs up."""
        await self._http.close()
