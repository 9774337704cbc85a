"""The billing backend on a real SQLite file (or on PostgreSQL) with the demonstration customers, at a fixed moment.

The customers have names: Imprimerie Laurier (Amélie), Northgate Dental, Marc Tremblay ... see demo/accounts.json.
"""

import asyncio
import itertools
import json
import shutil
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from alembic.config import Config
from sqlalchemy import select, text

import billing
from billing.app import create_app
from billing.database import open_database
from billing.demo import load_demo
from billing.migrate import migrate
from billing.settings import Settings

SECRET = "c0ffee" * 8
MIGRATIONS = Path(billing.__file__).parent / "migrations"
ROOT = Path(__file__).parents[3]
DEMO_FILE = ROOT / "demo" / "accounts.json"
# 02:30 in UTC is still the evening before in Toronto: a day taken in UTC fails the tests of due dates.
NOW = datetime(2026, 3, 6, 2, 30, tzinfo=UTC)
TODAY = date(2026, 3, 5)


class SettableClock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return SettableClock(NOW)


@pytest.fixture
def today():
    return TODAY


@pytest.fixture(scope="session")
def demo_accounts():
    return json.loads(DEMO_FILE.read_text(encoding="utf-8"))["accounts"]


def fill(url, demo_accounts):
    """Migrates the empty database and loads the demonstration customers."""

    async def run():
        await migrate(url)
        database = open_database(url)
        await load_demo(database, demo_accounts, today=TODAY)
        await database.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def loaded_file(tmp_path_factory, demo_accounts):
    """A migrated database with the demonstration customers, made once; each test gets its own copy."""
    path = tmp_path_factory.mktemp("billing") / "loaded.sqlite"
    fill(f"sqlite+aiosqlite:///{path}", demo_accounts)
    return path


@pytest.fixture(scope="session")
def loaded_on_postgresql(postgresql, demo_accounts):
    """The same on PostgreSQL: the name of a database to copy."""
    name = postgresql.create()
    fill(postgresql.url(name), demo_accounts)
    return name


@pytest.fixture
def sqlite_url(loaded_file, tmp_path):
    shutil.copy(loaded_file, tmp_path / "billing.sqlite")
    return f"sqlite+aiosqlite:///{tmp_path / 'billing.sqlite'}"


@pytest.fixture
def postgresql_url(postgresql, loaded_on_postgresql):
    name = postgresql.create(loaded_on_postgresql)
    yield postgresql.url(name)
    postgresql.drop(name)


@pytest.fixture
def database_url(request):
    """SQLite, or PostgreSQL with `--postgresql`; a module may say which."""
    return request.getfixturevalue("postgresql_url" if request.config.getoption("--postgresql") else "sqlite_url")


@pytest.fixture
async def database(database_url):
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def client(aiohttp_client, database_url, clock):
    return await aiohttp_client(
        create_app(settings=Settings(token_secret=SECRET, database_url=database_url), clock=clock)
    )


@pytest.fixture
def bearer(clock):
    """Headers of a caller: `bearer("1002003001")` is a verified customer, `bearer(scope="locate")` the gateway."""

    def headers(account="1002003001", *, brand="primus", secret=SECRET, **changes):
        claims = {
            "aud": "billing",
            "exp": int((clock.now + timedelta(minutes=1)).timestamp()),
            "scope": "account",
            "brand": brand,
            "account": account,
            "role": "administrator",
            "conversation": "conversation-1",
            "level": "verified",
        }
        return {"Authorization": f"Bearer {jwt.encode({**claims, **changes}, secret, algorithm='HS256')}"}

    return headers


@pytest.fixture
def write(client, bearer):
    """Writes on an account: `await write("POST", "/v1/payment-links", {})` gives (status, answer). Each has its own key."""
    numbers = itertools.count(1)

    async def send(method, path, body=None, *, key=None, account="1002003001", on=None, language="en", **token):
        headers = {
            **bearer(account, **token),
            "Accept-Language": language,
            "Idempotency-Key": key or f"write-{next(numbers):04}",
        }
        response = await (on or client).request(method, path, json=body, headers=headers)
        return response.status, await response.json()

    return send


@pytest.fixture
def read(client, bearer):
    """Reads from an account: `await read("/v1/autopay")` gives (status, answer)."""

    async def get(path, account="1002003001", **token):
        response = await client.get(path, headers=bearer(account, **token))
        return response.status, await response.json()

    return get


@pytest.fixture
def rows(database):
    """All rows of a table as they are now, first written first."""

    async def fetch(table):
        async with database.reading() as session:
            return (await session.scalars(select(table).order_by(table.id))).all()

    return fetch


# By database: what makes a table refuse every row, and what ends it.
REFUSE = {
    "sqlite": (
        ["CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END"],
        "DROP TRIGGER refuse",
    ),
    "postgresql": (
        [
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$",
            "CREATE TRIGGER refuse BEFORE INSERT ON {table} EXECUTE FUNCTION refuse()",
        ],
        "DROP FUNCTION refuse CASCADE",
    ),
}


@pytest.fixture
def refusing(database):
    """`async with refusing("audit"):` no row can be written to that table."""

    @asynccontextmanager
    async def refuse(table):
        begin, end = REFUSE[database.engine.dialect.name]
        async with database.writing() as session:
            for statement in begin:
                await session.execute(text(statement.format(table=table)))
        yield
        async with database.writing() as session:
            await session.execute(text(end))

    return refuse


@pytest.fixture
def move(database):
    """Brings the database to a revision."""

    async def run(direction, revision):
        def step(connection):
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            direction(config, revision)

        async with database.engine.execution_options(writing=True).begin() as connection:
            await connection.run_sync(step)

    return run
