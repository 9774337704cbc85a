"""The gateway on a real SQLite file, or on PostgreSQL, and real sockets; behind it a small server that does as it is told."""

from __future__ import annotations

import asyncio
import datetime
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.admission import Limits
from gateway.app import create_app
from gateway.database import open_database
from gateway.migrate import migrate
from gateway.senders import Sender
from gateway.settings import Settings
from tests.integration.gateway.page import Page
from tests.integration.gateway.parts import SECRET, Parts
from tests.postgresql import Cluster
from tests.stack import free_port

ROOT = Path(__file__).resolve().parents[3]
# A Monday at noon in Toronto.
NOON = datetime.datetime(2026, 11, 23, 17, 0, tzinfo=datetime.UTC)


class Clock:
    """The program's clock; `pass_` moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime.datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += datetime.timedelta(**time)


class Talk:
    """One conversation over the public API."""

    def __init__(self, gateway: Gateway, conversation: str, token: str) -> None:
        self.gateway = gateway
        self.id = conversation
        self.token = token
        self.path = f"/api/v1/conversations/{conversation}/messages"

    async def say(self, text: str, message_id: str | None = None) -> dict[str, Any]:
        """The body of the answer."""
        body = {"text": text, "message_id": message_id or f"m-{text}"[:128]}
        status, answer = await self.gateway.call("POST", self.path, body, self.token)
        assert status == 200, answer
        return answer

    async def lines(self, after: int = 0) -> list[dict[str, Any]]:
        status, body = await self.gateway.call("GET", f"{self.path}?after={after}", token=self.token)
        assert status == 200, body
        return list(body["messages"])

    async def inside(self, what: str, body: Any = None, secret: str = SECRET) -> tuple[int, Any]:
        """(status, body) of a call to the internal port about this conversation."""
        url = f"{self.gateway.internal_url}/internal/v1/conversations/{self.id}/{what}"
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        async with self.gateway.http.post(url, json=body if body is not None else {}, headers=headers) as response:
            return response.status, await response.json()


class Gateway:
    """A running gateway. `stop` ends it as a stop of the process does."""

    def __init__(self, app: web.Application, settings: Settings, http: aiohttp.ClientSession) -> None:
        self.app = app
        self.settings = settings
        self.http = http
        self.url = f"http://127.0.0.1:{settings.port}"
        self.internal_url = f"http://127.0.0.1:{settings.internal_port}"
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.settings.port).start()

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def call(
        self, method: str, path: str, body: Any = None, token: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        async with self.http.request(method, self.url + path, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def talk(self, brand: str = "primus", language: str | None = "fr") -> Talk:
        status, body = await self.call("POST", "/api/v1/conversations", {"brand": brand, "language": language})
        assert status == 201, body
        return Talk(self, body["conversation"], body["token"])

    def texts(self) -> list[dict[str, str]]:
        """What was sent by SMS and mail, oldest first."""
        file = self.settings.outbox_file
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []

    async def rows(self, model: type) -> list[Any]:
        """All rows of a table by their keys, read by another connection than the gateway's."""
        engine, sessions = open_database(self.settings.database_url)
        session: AsyncSession
        async with sessions() as session:
            found = list(await session.scalars(select(model).order_by(*inspect(model).primary_key)))
        await engine.dispose()
        return found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def parts() -> Parts:
    return Parts()


def copy_brands(folder: Path) -> None:
    """The three brands with one article each, as a knowledge base in this folder."""
    (folder / "knowledge_base").mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "knowledge_base" / "sms.yml", folder / "knowledge_base" / "sms.yml")
    for brand in (ROOT / "knowledge_base").glob("*/brand.yml"):
        for language in ("fr", "en"):
            (folder / "knowledge_base" / brand.parent.name / language).mkdir(parents=True)
            article = min((brand.parent / language).glob("*.md"))
            shutil.copy(article, folder / "knowledge_base" / brand.parent.name / language / article.name)
        shutil.copy(brand, folder / "knowledge_base" / brand.parent.name / "brand.yml")
    shutil.copy(ROOT / "knowledge_base" / "sms.yml", folder / "knowledge_base" / "sms.yml")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database and the brands: made once, as reading 200 files takes a second."""
    folder = tmp_path_factory.mktemp("gateway")
    copy_brands(folder)
    asyncio.run(migrate(f"sqlite+aiosqlite:///{folder}/gateway.sqlite"))
    return folder


@pytest.fixture(scope="session")
def migrated_on_postgresql(postgresql: Cluster) -> str:
    """The name of a migrated database to copy."""
    name = postgresql.create()
    asyncio.run(migrate(postgresql.url(name)))
    return name


@pytest.fixture
def postgresql_url(postgresql: Cluster, migrated_on_postgresql: str) -> Iterator[str]:
    name = postgresql.create(migrated_on_postgresql)
    yield postgresql.url(name)
    postgresql.drop(name)


@pytest.fixture
def sqlite_url(prepared: Path, tmp_path: Path) -> str:
    shutil.copy(prepared / "gateway.sqlite", tmp_path / "gateway.sqlite")
    return f"sqlite+aiosqlite:///{tmp_path}/gateway.sqlite"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, or PostgreSQL with `--postgresql`; a module may say which."""
    return str(request.getfixturevalue("postgresql_url" if request.config.getoption("--postgresql") else "sqlite_url"))


@pytest.fixture
async def start(
    parts: Parts, clock: Clock, http: aiohttp.ClientSession, prepared: Path, database_url: str, tmp_path: Path
) -> AsyncIterator[Callable[..., Awaitable[Gateway]]]:
    """Starts a gateway; a second one takes up the same database. Settings may be changed by name."""
    runner = web.AppRunner(parts.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    running = []

    async def begin(senders: dict[str, Sender] | None = None, **changes: Any) -> Gateway:
        known = {
            "assistant_secret": SECRET,
            "internal_secret": SECRET,
            "billing_token_secret": SECRET,
            "port": free_port(),
            "internal_port": free_port(),
            "database_url": database_url,
            "assistant_url": f"http://127.0.0.1:{port}",
            "billing_url": f"http://127.0.0.1:{port}",
            "actions_url": f"http://127.0.0.1:{port}",
            "knowledge_base": prepared / "knowledge_base",
            "outbox_file": tmp_path / "outbox.jsonl",
            "attachments_folder": tmp_path / "attachments",
            "code_answer_s": 0.0,
            "limits": Limits(messages_per_minute=1000),  # tests write faster than people
        }
        settings = Settings(**{**known, **changes})
        gateway = Gateway(await create_app(settings=settings, senders=senders, now=clock), settings, http)
        await gateway.start()
        running.append(gateway)
        if parts.assistant_up:
            async with asyncio.timeout(60):
                while (await gateway.call("GET", "/readyz"))[0] != 200:
                    await asyncio.sleep(0.05)
        return gateway

    yield begin
    for gateway in reversed(running):
        await gateway.stop()
    await runner.cleanup()


@pytest.fixture
async def gateway(start: Callable[..., Awaitable[Gateway]]) -> Gateway:
    return await start()


@pytest.fixture
async def page(gateway: Gateway) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Opens a page; all are closed at the end."""
    async with AsyncExitStack() as closing:

        async def open_page() -> Page:
            opened = Page()
            closing.push_async_callback(opened.client.shutdown)
            await opened.open(gateway.url)
            return opened

        yield open_page
