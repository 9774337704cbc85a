"""What is over is removed, by kind; what still serves is not."""

import argparse
import datetime

import pytest
from sqlalchemy import update

from desk.attachments import Files
from desk.models import SupportRequest
from gateway.customer import run
from gateway.database import open_database
from gateway.days import Days, read_days
from gateway.models import Code, CodeFailure, Conversation, Message, Outgoing, Proof
from gateway.rasa_client import RasaClient
from gateway.retention import Retention
from tests.integration.gateway.identity_steps import code_of, other, send, try_code
from tests.integration.gateway.parts import SECRET

REQUEST = {
    "key": "k", "kind": "open_request", "category": "support", "language": "fr", "description": "Plus de tonalité",
    "contact": "amelie@laurier.example", "details": {},
}  # fmt: skip


@pytest.fixture
async def retention(gateway, clock, http):
    engine, sessions = open_database(gateway.settings.database_url)
    yield Retention(
        sessions=sessions,
        files=Files(gateway.settings.attachments_folder),
        assistant=RasaClient(http, gateway.settings.assistant_url, SECRET),
        days=Days(),
        now=clock,
    )
    await engine.dispose()


async def change(gateway, statement):
    engine, sessions = open_database(gateway.settings.database_url)
    async with sessions.begin() as session:
        await session.execute(statement)
    await engine.dispose()


async def test_nothing_is_removed_before_its_time(gateway, clock, retention, parts):
    talk = await gateway.talk()
    await talk.say("bonjour")
    await send(talk)
    assert not await try_code(talk, other(await code_of(gateway)))
    clock.pass_(days=6)
    assert await retention.purge() == {}
    assert parts.erased == []


async def test_codes_and_proofs_go_after_a_week_and_letters_after_three_months(gateway, clock, retention):
    talk = await gateway.talk()
    await send(talk)
    code = await code_of(gateway)
    assert not await try_code(talk, other(code))
    assert await try_code(talk, code)
    clock.pass_(days=8)
    assert set(await retention.purge()) == {"code", "code_failure", "proof"}
    assert [await gateway.rows(table) for table in (Code, CodeFailure, Proof)] == [[], [], []]
    assert len(await gateway.rows(Outgoing)) == 1
    clock.pass_(days=83)
    gone = await retention.purge()
    assert gone["outgoing"] == 1


async def test_after_a_quiet_week_a_code_is_another_and_reaches_its_customer(gateway, clock, retention):
    assert await send(await gateway.talk()) == {"sent": True}
    first = await code_of(gateway)
    clock.pass_(days=8)
    assert "code" in await retention.purge()
    talk = await gateway.talk()
    assert await send(talk) == {"sent": True}, "the letter of the first one is still kept"
    second = await code_of(gateway, 2)
    assert second != first
    assert await try_code(talk, second)


async def test_a_conversation_goes_when_nobody_wrote_for_so_long(gateway, clock, retention, parts):
    old, new = await gateway.talk(), await gateway.talk()
    await old.say("canari-4711")
    await new.say("bonjour")
    clock.pass_(days=399)
    await new.say("encore là", "m-2")
    clock.pass_(days=2)
    gone = await retention.purge()
    assert (gone["conversation"], gone["message"]) == (1, 2)
    assert old.id in parts.erased
    assert [row.id for row in await gateway.rows(Conversation)] == [new.id]
    assert len(await gateway.rows(Message)) == 4
    folder = gateway.settings.outbox_file.parent
    assert b"canari-4711" not in b"".join(path.read_bytes() for path in folder.glob("gateway.sqlite*"))


async def test_a_request_keeps_its_conversation_until_it_is_settled_for_three_years(gateway, clock, retention):
    talk = await gateway.talk()
    await talk.say("bonjour")
    status, _ = await talk.inside("requests", REQUEST)
    assert status == 201
    clock.pass_(days=2000)
    await retention.purge()
    assert len(await gateway.rows(SupportRequest)) == 1, "nobody has settled it"
    settled = clock.now - datetime.timedelta(days=1094)
    await change(gateway, update(SupportRequest).values(state="solved", changed_at=settled))
    await retention.purge()
    assert len(await gateway.rows(Conversation)) == 1
    clock.pass_(days=2)
    gone = await retention.purge()
    assert (gone["support_request"], gone["conversation"]) == (1, 1)


async def test_rasa_forgets_after_a_month_once(gateway, clock, retention, parts):
    talk = await gateway.talk()
    await talk.say("bonjour")
    clock.pass_(days=31)
    assert await retention.purge() == {"memory": 1}
    assert await retention.purge() == {}
    assert parts.erased == [talk.id]
    await talk.say("me revoilà", "m-2")
    clock.pass_(days=31)
    assert await retention.purge() == {"memory": 1}


async def test_without_the_assistant_conversations_stay_until_it_can_forget_them_too(gateway, clock, retention, parts):
    talk = await gateway.talk()
    await talk.say("bonjour")
    clock.pass_(days=401)
    parts.assistant_up = False
    assert "conversation" not in await retention.purge()
    parts.assistant_up = True
    assert (await retention.purge())["conversation"] == 1


async def test_the_command_does_it_at_once(gateway, capsys):
    await (await gateway.talk()).say("bonjour")
    assert await run(argparse.Namespace(what="purge"), gateway.settings) == 0
    assert capsys.readouterr().out.endswith("removed: nothing\n")


def test_the_days_are_settings_and_too_few_are_refused():
    problems = []
    assert read_days({}, problems) == Days()
    assert read_days({"RETENTION_CONVERSATIONS_DAYS": "30"}, problems).conversations == 30
    assert problems == []
    for wrong in ("0", "-1", "x", "1", "99999999"):
        read_days({"RETENTION_CODES_DAYS": wrong}, problems)
    assert len(problems) == 5
