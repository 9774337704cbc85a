"""A gateway with a stubbed assistant, a network that can be cut, and a company's page that holds the widget: for tests in a browser.

It runs in a thread with its own event loop, since Playwright's tests are synchronous.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

from gateway.app import create_app
from gateway.migrate import migrate
from gateway.settings import Settings
from gateway.sms_settings import SmsSettings
from tests.integration.gateway.parts import SECRET, Parts
from tests.stack import free_port

T = TypeVar("T")
TEXTS = "+15145550100"  # the number that PRIMUS is written to
SITE_SECRET = "the secret of the company's site, long enough"
HOST_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Company</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><body><main><h1>Company</h1><p><a href="#a">First link</a></p></main>
<script src="/before.js"></script>
<script type="module" src="{gateway}/widget.js" data-brand="{brand}" {attributes}></script></body></html>"""
# Before the widget is there, what is asked of it waits; violations of the policy are counted from the first moment.
BEFORE = """window.supportChat ||= function () { (supportChat.q ||= []).push(arguments); };
window.violations = [];
addEventListener("securitypolicyviolation", (e) => violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"""


class Network:
    """What stands between a browser and the gateway. `up` False: connections are refused and cut. `silent`: they hang."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target = port, target
        self._writers: set[asyncio.StreamWriter] = set()
        self.mend()

    def mend(self) -> None:
        """A network without faults."""
        self.up, self.silent = True, False
        # Called with what the page sends: True cuts the connection before, or after, the server has it.
        self.cut_before: Callable[[bytes], bool] = lambda _: False
        self.cut_after: Callable[[bytes], bool] = lambda _: False

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)

    async def stop(self) -> None:
        self.cut()
        self._server.close()

    def cut(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()
        self._writers.clear()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.up:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pass(reader, far_writer, True), self._pass(far_reader, writer, False))
        for one in (writer, far_writer):
            self._writers.discard(one)
            one.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, up: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if self.silent:
                    continue
                if up and self.cut_before(data):
                    self.cut()
                    return
                writer.write(data)
                await writer.drain()
                if up and self.cut_after(data):
                    self.cut()
                    return
        writer.transport.abort()


class Site:
    """Starts everything; `url` is the gateway through the network, `host` the company's page on another origin."""

    def __init__(self, folder: Path) -> None:
        """`folder`: with a knowledge base."""
        self.folder, self.parts = folder, Parts()
        self.pages: dict[str, tuple[str | bytes, str]] = {}  # more of the company's site: body and type by name
        self.port, self.host_port = free_port(), free_port()
        self.url, self.host = f"http://127.0.0.1:{self.port}", f"http://localhost:{self.host_port}"
        direct = free_port()
        self.direct = f"http://127.0.0.1:{direct}"
        self.network = Network(self.port, direct)
        internal = free_port()
        self.internal = f"http://127.0.0.1:{internal}"
        behind = free_port()
        self._behind = behind
        self.settings = Settings(
            assistant_secret=SECRET,
            internal_secret=SECRET,
            billing_token_secret=SECRET,
            identity_secrets={"primus": SITE_SECRET},
            port=direct,
            internal_port=internal,
            database_url=f"sqlite+aiosqlite:///{folder}/gateway.sqlite",
            assistant_url=f"http://127.0.0.1:{behind}",
            billing_url=f"http://127.0.0.1:{behind}",
            actions_url=f"http://127.0.0.1:{behind}",
            knowledge_base=folder / "knowledge_base",
            outbox_file=folder / "outbox.jsonl",
            attachments_folder=folder / "attachments",
            allowed_origins=(self.host,),
            sms=SmsSettings(numbers={"primus": (TEXTS,), "wrs": ("+16135550100",)}, kannel_secret=SECRET, burst_s=0.0),
        )
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._runners: list[web.AppRunner] = []
        self._gateway: web.AppRunner | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Does something in the thread of the site, and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def call(self, act: Callable[[], T]) -> T:
        async def work() -> T:
            return act()

        return self.run(work())

    def start(self) -> None:
        self._thread.start()
        self.run(self._start())

    def stop(self) -> None:
        self.run(self._stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    def start_gateway(self) -> None:
        self.run(self._start_gateway())

    def stop_gateway(self) -> None:
        """As a stop of the process: connections end, what was asked of it is gone."""
        self.run(self._stop_gateway())

    def letters(self) -> list[dict[str, str]]:
        file = self.settings.outbox_file
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []

    def text(self, words: str, phone: str) -> None:
        """A phone sends a text, handed over as Kannel does."""

        async def hand_over() -> None:
            query = {"secret": SECRET, "id": secrets.token_hex(8), "from": phone, "to": TEXTS, "text": words}
            async with aiohttp.ClientSession() as http, http.get(f"{self.direct}/sms/kannel", params=query) as answer:
                assert answer.status == 200, await answer.text()

        self.run(hand_over())

    def code_at(self, phone: str) -> str:
        """The code in the last text to a phone; waits for it."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            found = [re.search(r"\b\d{6}\b", one["text"]) for one in self.letters() if one["to"] == phone]
            if found and found[-1]:
                return found[-1][0]
            time.sleep(0.05)
        raise AssertionError(f"no code was sent to {phone}")

    def inside(self, conversation: str, what: str, body: dict[str, Any]) -> Any:
        """What the actions ask of the gateway's internal port."""

        async def ask() -> Any:
            url = f"{self.internal}/internal/v1/conversations/{conversation}/{what}"
            async with aiohttp.ClientSession() as http:
                async with http.post(url, json=body, headers={"Authorization": f"Bearer {SECRET}"}) as answer:
                    assert answer.status in (200, 201), await answer.text()
                    return await answer.json()

        return self.run(ask())

    def change(self, statement: str, *values: Any) -> None:
        """What the desk does to the database, in one statement."""
        with contextlib.closing(sqlite3.connect(self.folder / "gateway.sqlite", timeout=10)) as database, database:
            database.execute(statement, values)

    async def _start(self) -> None:
        await migrate(self.settings.database_url)
        await self._serve(self.parts.application(), self._behind)
        company = web.Application()
        company.add_routes([web.get("/before.js", self._before), web.get("/{brand}", self._page)])
        await self._serve(company, self.host_port)
        await self._start_gateway()
        await self.network.start()

    async def _start_gateway(self) -> None:
        self._gateway = web.AppRunner(await create_app(settings=self.settings), access_log=None, shutdown_timeout=0.1)
        await self._gateway.setup()
        await web.TCPSite(self._gateway, "127.0.0.1", self.settings.port).start()

    async def _stop_gateway(self) -> None:
        if self._gateway:
            await self._gateway.cleanup()
        self._gateway = None

    async def _stop(self) -> None:
        await self.network.stop()
        await self._stop_gateway()
        for runner in self._runners:
            await runner.cleanup()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _serve(self, app: web.Application, port: int) -> None:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self._runners.append(runner)

    async def _before(self, _: web.Request) -> web.Response:
        return web.Response(text=BEFORE, content_type="text/javascript")

    async def _page(self, request: web.Request) -> web.Response:
        """A page of a company with a strict policy: nothing but its own script, the widget's, and the connection to the gateway."""
        if request.match_info["brand"] in self.pages:
            body, kind = self.pages[request.match_info["brand"]]
            return web.Response(body=body, headers={"Content-Type": kind})
        text = HOST_PAGE.format(
            gateway=self.url,
            brand=request.match_info["brand"],
            language=request.query.get("language", "fr"),
            attributes=request.query.get("attributes", ""),
        )
        policy = (
            f"default-src 'none'; script-src 'self' {self.url}; connect-src {self.url} ws://127.0.0.1:{self.port}; "
            "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'"
        )
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})
