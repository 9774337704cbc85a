"""The log of what agents read and did, as an administrator looks through it."""

import ast
import re
from pathlib import Path

import pytest

from desk.agent_models import DeskAudit
from desk.console.audit_pages import SHOWN
from desk.console.words import Words
from gateway.database import open_database
from tests.integration.gateway.desk_steps import open_one

ROOT = Path(__file__).resolve().parents[3]


def plain(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " ").split())


@pytest.fixture
async def happened(desk, gateway, waiting):
    """Luc read a conversation and a request, searched, and took the conversation; the number of the request."""
    talk = await waiting()
    number = (await open_one(talk))["number"]
    luc = await desk("luc")
    await luc.get(f"/desk/conversations/{talk.id}")
    await luc.post(f"/desk/conversations/{talk.id}/take")
    await luc.get(f"/desk/requests/{number}")
    await luc.get("/desk/search?q=ligne")
    return number


async def test_an_administrator_sees_who_read_and_did_what_and_narrows_it_down(desk, gateway, happened):
    diane = await desk("diane")
    shown = plain(await diane.get("/desk/agents/log"))
    for words in (
        "Luc Roy A lu une conversation",
        "Luc Roy A lu une demande",
        "Luc Roy A pris en charge",
        "A cherché ligne",
    ):
        assert words in shown, words
    shown = plain(await diane.get("/desk/agents/log?kind=did"))
    assert "A pris en charge" in shown
    assert "A lu une conversation" not in shown
    assert "A cherché" not in shown
    shown = plain(await diane.get(f"/desk/agents/log?subject={happened}"))
    assert "A lu une demande" in shown
    assert "A pris en charge" not in shown
    own = next(row.agent for row in await gateway.rows(DeskAudit) if row.what == "read_log")
    shown = plain(await diane.get(f"/desk/agents/log?who={own}"))
    assert "Diane Roy A lu ce journal" in shown
    assert "Luc Roy A" not in shown
    assert "Rien ne correspond" in plain(await diane.get("/desk/agents/log?subject=R-0000000"))


async def test_the_log_goes_on_page_by_page_and_is_taken_along_as_a_file(desk, gateway, happened, clock):
    engine, sessions = open_database(gateway.settings.database_url)
    async with sessions.begin() as session:
        session.add_all(DeskAudit(what="signed_out", subject=f"agent:{n}", at=clock.now) for n in range(2 * SHOWN))
    await engine.dispose()
    diane = await desk("diane")
    lines, path = [], "/desk/agents/log"
    while path:
        page = await diane.get(path)
        lines += re.findall(r'<td><time datetime="([^"]+)"', page)
        older = re.search(r'href="(/desk/agents/log\?[^"]*before=\d+)"', page)
        path = older and older.group(1).replace("&amp;", "&")
    assert len(lines) == len(await gateway.rows(DeskAudit))
    text = await diane.get("/desk/agents/log.csv?kind=read")
    assert diane.headers["Content-Disposition"].startswith("attachment;")
    rows = [line.split(";") for line in text.removeprefix("\ufeff").splitlines()]
    assert rows[0] == ["Quand", "Qui", "Quoi", "Objet", "Détails"]
    assert ["Luc Roy", "A lu une demande", f"request:{happened}", ""] in [row[1:] for row in rows]
    assert all("pris en charge" not in row for row in text.splitlines())


async def test_it_is_for_administrators(desk):
    luc = await desk("luc")
    for path in ("/desk/agents/log", "/desk/agents/log.csv"):
        await luc.get(path)
        assert luc.status == 403


LOGGED = {
    "audit": 2,
    "audit_reading": 2,
    "_read": 2,
    "_log": 2,
    "change": 2,
}  # functions that write a line: where its name stands


def names_of_acts():
    """The names that code gives to lines of the log."""
    for folder in ("desk", "gateway"):
        for file in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                name = getattr(getattr(call, "func", None), "attr", None) or getattr(
                    getattr(call, "func", None), "id", ""
                )
                if isinstance(call, ast.Call) and name in LOGGED and len(call.args) > LOGGED[name]:
                    given = call.args[LOGGED[name]]
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        yield given.value


def test_every_act_that_is_logged_has_its_words():
    found = set(names_of_acts())
    assert len(found) > 25
    assert found <= set(Words.tables["audit_acts"])
