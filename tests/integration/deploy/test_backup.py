"""A backup of real data, made while it is open, comes back whole: on SQLite and on PostgreSQL."""

import asyncio
import datetime
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from desk import agent_models as _tables_of_the_same_database  # noqa: F401
from gateway import transcript, turn_rows
from gateway.database import open_database
from gateway.message import Incoming

ROOT = Path(__file__).resolve().parents[3]


def run(env, *command):
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": ".", **env}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def python(env, *module):
    return run(env, sys.executable, "-m", *module)


def counts(urls):
    """How many rows each table of both databases has."""
    found = {}
    for name, url in urls.items():
        if url.startswith("sqlite"):
            database = sqlite3.connect(url.partition(":///")[2])
            asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'desk_search%'"
        else:
            database = psycopg.connect(url.replace("+psycopg", ""))
            asked = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        for (table,) in database.execute(asked).fetchall():
            found[f"{name}.{table}"] = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
        database.close()
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request, tmp_path):
    """The addresses of two databases each, before and after."""
    if request.param == "sqlite":
        return [
            {name: f"sqlite+aiosqlite:///{tmp_path}/{when}/{name}.sqlite" for name in ("gateway", "billing")}
            for when in ("before", "after")
        ]
    if not shutil.which("pg_dump"):
        pytest.skip("PostgreSQL's client is not installed")
    cluster = request.getfixturevalue("postgresql")
    return [{name: cluster.url(cluster.create()) for name in ("gateway", "billing")} for _ in range(2)]


def test_what_is_backed_up_comes_back(places, tmp_path):
    before, after = (
        {
            "GATEWAY_DATABASE_URL": urls["gateway"],
            "BILLING_DATABASE_URL": urls["billing"],
            "ATTACHMENTS_FOLDER": str(tmp_path / where),
        }
        for urls, where in zip(places, ("files", "files-again"), strict=True)
    )
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "photo").write_bytes(b"a picture")
    for module in (["gateway.migrate"], ["billing.migrate"], ["billing.demo", "demo/accounts.json"]):
        python(before, *module)
    asyncio.run(say(places[0]["gateway"]))
    run(before, "deploy/backup.sh", str(tmp_path / "backup"))
    run(after, "deploy/restore.sh", str(tmp_path / "backup"))
    kept = counts(places[1])
    assert kept == counts(places[0])
    assert kept["gateway.message"] == 1
    assert kept["billing.account"] > 0
    assert (tmp_path / "files-again" / "photo").read_bytes() == b"a picture"
    for module in (["gateway.migrate"], ["billing.migrate"]):
        python(after, *module)  # nothing to do, and no complaint


async def say(url):
    """One conversation with a message."""
    engine, sessions = open_database(url)
    now = datetime.datetime.now(datetime.UTC)
    async with sessions.begin() as session:
        talk, _ = transcript.new_conversation(session, "wrs", "api", "fr", now)
        await session.flush()
        await turn_rows.record(session, Incoming(talk.id, "où en est ma facture?", "m1", now))
    await engine.dispose()
