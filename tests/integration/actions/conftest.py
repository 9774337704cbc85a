"""The form and the actions without Rasa, on the real billing application behind a real port, at a fixed moment.

`talk("1002003001")` is a conversation of that demonstration account, verified; `talk("wrs")` one of a brand, with nobody
verified. `billing.down` and `billing.loses_answers` make billing fail; `billing.rows(Table)` reads what it kept.
"""

from __future__ import annotations

import asyncio
import json
import shutil

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import select

from actions.billing_client import BillingClient
from billing.app import create_app
from billing.database import open_database
from billing.demo import load_demo
from billing.internet_data import read_internet_data
from billing.internet_handlers import INTERNET
from billing.migrate import migrate
from billing.settings import Settings
from knowledge import Shelf
from tests.integration.actions.small_gateway import NOW, SECRET, TODAY, SmallGateway
from tests.integration.actions.talk import ROOT, Conversation

ACCOUNTS = json.loads((ROOT / "demo" / "accounts.json").read_text(encoding="utf-8"))["accounts"]
BRAND_OF = {entry["account"]: entry["brand"] for entry in ACCOUNTS}


class Billing:
    """The running backend. `down`: it does nothing and fails; `loses_answers`: it does the work, and then fails."""

    def __init__(self, url, database):
        self.url = url
        self.down = self.loses_answers = False
        self.writes = []
        self._database = database

    async def rows(self, table):
        """All rows of a table, as they are now."""
        async with self._database.reading() as session:
            return list(await session.scalars(select(table)))

    async def change(self, statement):
        """Changes what is on file beside the routes, as the company's own system would."""
        async with self._database.writing() as session:
            await session.execute(statement)

    @web.middleware
    async def middleware(self, request, handler):
        if request.path == "/v1/locate":  # what the gateway asks
            return await handler(request)
        if self.down:
            return web.json_response({}, status=503)
        response = await handler(request)
        if request.method != "GET":
            self.writes.append((request.method, request.path, response.status))
        return web.json_response({}, status=503) if self.loses_answers else response


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """A migrated database with the demonstration customers, made once; each test gets its own copy."""
    path = tmp_path_factory.mktemp("actions") / "billing.sqlite"

    async def fill():
        await migrate(f"sqlite+aiosqlite:///{path}")
        database = open_database(f"sqlite+aiosqlite:///{path}")
        await load_demo(database, ACCOUNTS, today=TODAY)
        await database.close()

    asyncio.run(fill())
    return path


@pytest.fixture
def internet_data():
    """What the Internet provider has set; a test may name its own."""
    return read_internet_data()


@pytest.fixture
async def billing(aiohttp_server, demonstration, tmp_path, internet_data):
    shutil.copy(demonstration, tmp_path / "billing.sqlite")
    url = f"sqlite+aiosqlite:///{tmp_path / 'billing.sqlite'}"
    database = open_database(url)
    backend = Billing("", database)
    app = create_app(
        settings=Settings(token_secret=SECRET, database_url=url, public_url="https://aide.example"), clock=lambda: NOW
    )
    app[INTERNET] = internet_data
    app.middlewares.insert(0, backend.middleware)
    server = await aiohttp_server(app)
    backend.url = str(server.make_url("")).rstrip("/")
    yield backend
    await database.close()


@pytest.fixture(scope="session")
def shelf():
    return Shelf(ROOT / "knowledge_base")


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def talk(billing, shelf, http, language):
    """Opens a conversation, in the language of the test unless one is said."""

    def begin(who, spoken=language):
        brand = BRAND_OF.get(who, who)
        gateway = SmallGateway(http, billing.url, brand, proved=who if who in BRAND_OF else None)
        return Conversation(shelf, gateway, BillingClient(http, billing.url, 2.0), spoken)

    return begin
