"""A customer's data, read out and erased: every table, the files, the outbox, the search, Rasa's memory; and nobody else's."""

import argparse
import asyncio
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import BytesIO

import aiohttp
import pytest

from desk.agent_models import DeskAudit
from desk.models import Attachment, SupportRequest
from desk.search import fill
from gateway.customer import main, run
from gateway.customer_data import NOBODYS, OTHERWISE, covered
from gateway.database import open_database
from gateway.models import Base, Code, Conversation, Message, Outgoing
from tests.integration.gateway.conftest import ROOT
from tests.integration.gateway.identity_steps import send, try_code

pytestmark = pytest.mark.usefixtures("on_sqlite")  # whose files are looked through

NOTHING = {"account": None, "brand": None, "contact": None, "conversation": None, "by": "Diane"}
MAIL, PHONE = "canari.tremblay@exemple.example", "418 555-0177"
REQUEST = {
    "key": "k", "kind": "open_request", "category": "support", "language": "fr", "details": {},
    "description": "Le modem-canari clignote depuis hier", "contact": MAIL,
}  # fmt: skip


CUSTOMERS = [
    ("1002003001", "H2X 1Y4", "+15145550101", MAIL),
    ("1002003002", "M5V 2T6", "+14165550102", "charlie@autre.example"),
]


async def code_to(gateway, phone):
    """The code that was sent to a phone; waits for it."""
    for _ in range(200):
        for text in gateway.texts():
            if text["to"] == phone:
                return re.search(r"\d{6}", text["text"]).group()
        await asyncio.sleep(0.02)
    raise AssertionError(gateway.texts())


async def command(gateway, what, **given):
    return await run(argparse.Namespace(what=what, **{**NOTHING, **given}), gateway.settings)


@pytest.fixture
async def customers(gateway):
    """Amélie proved an account, opened a request with a file, and wrote; Charlie did the same, and is somebody else."""
    talks = []
    for account, postal, phone, contact in CUSTOMERS:
        talk = await gateway.talk()
        await talk.say(f"Je suis canari-{account}, mon courriel est {contact}")
        await send(talk, account=account, postal_code=postal)
        assert await try_code(talk, await code_to(gateway, phone))
        status, made = await talk.inside("requests", {**REQUEST, "contact": contact})
        assert status == 201
        form = aiohttp.FormData()
        form.add_field("file", BytesIO(f"journal canari-{account}\n".encode()), filename=f"journal-{account}.txt")
        path = f"{gateway.url}/api/v1/conversations/{talk.id}/requests/{made['number']}/attachments"
        async with gateway.http.post(path, data=form, headers={"Authorization": f"Bearer {talk.token}"}) as response:
            assert response.status == 201, await response.text()
        talk.number = made["number"]
        talks.append(talk)
    for _ in range(100):
        if len(gateway.texts()) == 4:
            break
        await asyncio.sleep(0.02)
    engine, sessions = open_database(gateway.settings.database_url)
    await fill(sessions)
    await engine.dispose()
    return talks


def everywhere(gateway):
    """All that is on disk, as one text."""
    folder = gateway.settings.outbox_file.parent
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()).decode(
        "utf-8", "ignore"
    )


def test_every_table_is_looked_at_or_is_nobodys():
    tables = Base.metadata.tables.values()
    assert [table.name for table in tables if not covered(table)] == [], "say in gateway/customer_data.py whose it is"
    assert set(OTHERWISE) | set(NOBODYS) <= {table.name for table in tables}, "a table that is gone"


def test_the_command_alone_knows_every_table_that_the_program_has():
    code = "import {}; from gateway.models import Base; print(*sorted(Base.metadata.tables))"
    alone, whole = (
        subprocess.run(
            [sys.executable, "-c", code.format(module)], capture_output=True, text=True, check=True, cwd=ROOT
        )
        for module in ("gateway.customer", "gateway.app")
    )
    assert alone.stdout == whole.stdout
    assert "open_question" in alone.stdout


async def test_what_is_kept_of_a_customer_is_read_out(gateway, customers, tmp_path):
    amelie, charlie = customers
    out = tmp_path / "export"
    assert await command(gateway, "export", account="1002003001", brand="primus", out=out) == 0
    found = json.loads((out / "data.json").read_text(encoding="utf-8"))
    assert found["found"] == {amelie.id: ["located", "proved", "request", "written"]}
    assert [row["number"] for row in found["support_request"]] == [amelie.number]
    assert "Je suis canari-1002003001" in found["message"][0]["text"]
    assert {
        "conversation",
        "message",
        "code",
        "proof",
        "support_request",
        "request_event",
        "attachment",
        "outgoing",
    } <= set(found)
    assert [letter["to"] for letter in found["letters_written_to_the_development_outbox"]] == ["+15145550101", MAIL]
    assert next(path.read_text() for path in out.glob("*journal*")) == "journal canari-1002003001\n"
    whole = (out / "data.json").read_text(encoding="utf-8")
    for other in (charlie.id, charlie.number, "canari-1002003002", "charlie@autre.example", "token_hash", "code_hash"):
        assert other not in whole, other
    assert (out / "data.json").stat().st_mode & 0o077 == 0 or out.stat().st_mode & 0o077 == 0, "for its owner only"


ASKED = [
    {"account": "1002003001", "brand": "primus"},
    {"contact": MAIL},
    {"contact": MAIL.upper(), "brand": "primus"},
    {},
]


@pytest.mark.parametrize("asked", ASKED, ids=["account", "contact", "contact in capitals", "conversation"])
async def test_after_an_erasure_nothing_of_the_customer_is_on_disk(gateway, customers, parts, asked):
    amelie, charlie = customers
    values = ["canari-1002003001", MAIL, amelie.number, "journal-1002003001"]
    assert all(value in everywhere(gateway) for value in values)
    assert await command(gateway, "erase", **(asked or {"conversation": amelie.id})) == 0
    left = everywhere(gateway)
    assert [value for value in values if value in left] == []
    assert parts.erased == [amelie.id]
    # The other customer has lost nothing.
    for value in ("canari-1002003002", "charlie@autre.example", charlie.number, "journal-1002003002"):
        assert value in left, value
    assert [row.id for row in await gateway.rows(Conversation)] == [charlie.id]
    assert len(await gateway.rows(Attachment)) == len(await gateway.rows(SupportRequest)) == 1
    assert (await charlie.lines())[0]["text"].startswith("Je suis canari-1002003002")
    assert (await gateway.call("GET", amelie.path, token=amelie.token))[0] == 401
    # The company may know that it was done, by whom, and how much; not whose data they were.
    (line,) = [row for row in await gateway.rows(DeskAudit) if row.what == "customer_erased"]
    assert line.subject.startswith("customer:P-")
    assert (line.details["by"], line.details["conversations"], line.details["requests"]) == ("Diane", 1, 1)


async def test_by_account_its_codes_and_failures_go_too(gateway, customers):
    assert await command(gateway, "erase", account="1002003001", brand="primus") == 0
    left = everywhere(gateway)
    assert "1002003001" not in left
    assert "+15145550101" not in left
    assert {row.account for row in await gateway.rows(Code)} == {"1002003002"}
    assert "1002003001" not in [row.address for row in await gateway.rows(Outgoing)]


async def test_the_same_number_of_another_brand_is_another_customer(gateway, customers):
    assert await command(gateway, "erase", account="1002003001", brand="wrs") == 0
    assert len(await gateway.rows(Conversation)) == 2


async def test_a_phone_that_was_only_written_is_found_however_it_was_written(gateway, parts):
    talk = await gateway.talk()
    await talk.say("rappelez-moi au (418)555.0177 svp")
    await (await gateway.talk()).say("rien à voir")
    assert await command(gateway, "erase", contact=PHONE) == 0
    assert parts.erased == [talk.id]
    assert len(await gateway.rows(Conversation)) == 1


async def test_where_the_assistant_does_not_forget_nothing_is_erased(gateway, customers, parts, capsys):
    parts.assistant_up = False
    before = len(await gateway.rows(Message))
    assert await command(gateway, "erase", contact=MAIL) == 1
    assert "Nothing was erased" in capsys.readouterr().err
    assert len(await gateway.rows(Message)) == before
    assert MAIL in everywhere(gateway)
    parts.assistant_up = True
    assert await command(gateway, "erase", contact=MAIL) == 0
    assert MAIL not in everywhere(gateway)


async def test_what_an_agent_searched_for_is_taken_out_of_the_log(gateway, customers):
    path = gateway.settings.database_url.removeprefix("sqlite+aiosqlite:///")
    with closing(sqlite3.connect(path, timeout=30)) as database, database:
        row = (
            "INSERT INTO desk_audit(what, subject, details, at) VALUES ('searched', 'search', ?, '2026-11-23 17:00:00')"
        )
        for query in (f"{MAIL.upper()} modem", "modem"):
            database.execute(row, (json.dumps({"query": query, "found": 1}),))
    assert await command(gateway, "erase", contact=MAIL) == 0
    searched = [row.details["query"] for row in await gateway.rows(DeskAudit) if row.what == "searched"]
    assert searched == ["[…]", "modem"]


@pytest.mark.parametrize("arguments", [["erase"], ["erase", "--account", "1"], ["export", "--contact", "x@y.example"]])
def test_whose_data_must_be_said(arguments, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert "--" in capsys.readouterr().err
