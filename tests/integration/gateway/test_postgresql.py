"""What another database could do differently: types, zones, order, and many who write at the same moment."""

import asyncio
import datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

from desk.models import SupportRequest
from gateway.database import open_database
from gateway.migrate import configuration
from gateway.models import Base, Code, CodeFailure, Message, Outgoing, Proof, SmsReceived
from gateway.outbox import Outbox, put
from gateway.sms_settings import SmsSettings
from tests.integration.gateway.identity_steps import code_of, other, send, try_code, verified
from tests.integration.gateway.sms_steps import NUMBERS, TOKEN, form, post, sent

NOTICE = {
    "id": 7,
    "brand": "primus",
    "language": "fr",
    "event": "ebill_email",
    "reference": "E-7GK2MPQA",
    "channel": "email",
    "address": "ancienne@laurier.example",
    "at": "2026-11-23T12:00:00-05:00",
    "values": {"email": "neuve@laurier.example", "previous": {"email": "ancienne@laurier.example", "since": None}},
}


@pytest.fixture
def database_url(postgresql_url):
    return postgresql_url


@pytest.fixture
async def database(database_url):
    """The engine and its sessions, beside those of the gateways."""
    engine, sessions = open_database(database_url)
    yield engine, sessions
    await engine.dispose()


async def texts(gateway, count):
    """What was sent, once it is so many; a little later, so that one too many shows."""
    for _ in range(250):
        if len(gateway.texts()) >= count:
            break
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    return gateway.texts()


async def test_the_migrations_go_down_and_up_and_make_the_tables_of_the_models(database):
    def tables(connection):
        return set(inspect(connection).get_table_names())

    def differences(connection):
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        # The search's own, which the models do not know: SQLite has tables for it instead.
        return [one for one in found if not (one[0] == "remove_index" and one[1].name.startswith("desk_search"))]

    engine, _ = database
    async with engine.begin() as connection:
        assert connection.dialect.name == "postgresql"
        await connection.run_sync(lambda sync: command.downgrade(configuration(sync), "base"))
        assert await connection.run_sync(tables) == {"alembic_version"}
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(configuration(sync), "head"))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_conversation_is_kept_word_for_word(gateway, clock):
    talk = await gateway.talk()
    said = "Où en est ma facture? 𝄞 “100 %”"
    answer = await talk.say(said, "m-1")
    assert answer["replies"][0]["text"] == f"you said {said}"
    assert (await talk.say(said, "m-1"))["replies"] == answer["replies"], "a repeat is answered once"
    lines = await talk.lines()
    assert [line["text"] for line in lines] == [said, f"you said {said}"]
    moments = [datetime.datetime.fromisoformat(line["at"]) for line in lines]
    assert moments == [clock.now] * 2
    assert all(moment.utcoffset() == datetime.timedelta(0) for moment in moments), "whatever the server's zone is"
    assert await talk.lines(after=10**11) == []


async def test_twenty_messages_at_once_keep_their_numbers_apart(gateway):
    talk = await gateway.talk()
    await asyncio.gather(*(talk.say(f"message {i}") for i in range(20)))
    sequences = [line["sequence"] for line in await talk.lines()]
    assert sequences == sorted(set(sequences))
    assert len(sequences) == 40


@pytest.mark.parametrize("place", ["a%00b", "%00", "%EF%BF%BE"])
async def test_an_id_that_no_database_takes_is_an_unknown_conversation(gateway, place):
    status, _ = await gateway.call("GET", f"/api/v1/conversations/{place}/messages", token="x")
    assert status == 401


async def test_a_code_proves_and_serves_once_for_many_at_once(gateway):
    talk = await gateway.talk()
    await send(talk)
    code = await code_of(gateway)
    assert sum(await asyncio.gather(*(try_code(talk, code) for _ in range(10)))) == 1
    (proof,) = await gateway.rows(Proof)
    assert proof.account == "1002003001"
    assert (await talk.inside("billing-token"))[0] == 200


async def test_fifty_guesses_at_once_count_as_five(gateway):
    talk = await gateway.talk()
    await send(talk)
    code = await code_of(gateway)
    assert not any(await asyncio.gather(*(try_code(talk, other(code)) for _ in range(50))))
    assert [row.tries for row in await gateway.rows(Code)] == [5]
    assert len(await gateway.rows(CodeFailure)) == 5
    assert not await try_code(talk, code)


async def test_twenty_codes_asked_for_at_once_from_two_gateways_are_three(start):
    gateways = [await start(), await start()]
    talks = [await gateways[i % 2].talk() for i in range(4)]
    answers = await asyncio.gather(*(send(talk) for talk in talks * 5))
    assert sum(answer["sent"] for answer in answers) == 3
    assert len(await texts(gateways[0], 3)) == 3


async def test_a_text_that_comes_five_times_at_once_to_two_gateways_is_one_turn(start, parts):
    sms = SmsSettings(numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0)
    gateways = [await start(sms=sms), await start(sms=sms)]
    fields = form("bonjour")
    answers = await asyncio.gather(*(post(gateways[i % 2], fields) for i in range(5)))
    assert {status for status, _ in answers} == {200}
    assert await sent(gateways[0], 1) == ["you said bonjour"]
    assert len(await gateways[0].rows(SmsReceived)) == 1
    assert [line.author for line in await gateways[0].rows(Message)] == ["customer", "assistant"]
    assert len(parts.turns) == 1


def put_letters(session, count, now):
    for number in range(count):
        put(
            session, key=f"letter:{number}", brand="wrs", language="fr", channel="sms", address="+15145550101",
            letter="request_opened", values={"number": f"R-{number}", "description": "Plus de tonalité"}, now=now,
        )  # fmt: skip


async def test_two_gateways_send_each_letter_once(start, database, clock):
    _, sessions = database
    gateways = [await start(), await start()]
    async with sessions.begin() as session:
        put_letters(session, 10, clock.now)
    assert len({letter["text"] for letter in await texts(gateways[0], 10)}) == 10
    assert len(gateways[0].texts()) == 10
    assert [(row.state, row.tries) for row in await gateways[0].rows(Outgoing)] == [("sent", 1)] * 10


class NoGate:
    """Lets every letter out."""

    async def hold_back(self, session, rows, now):
        pass


async def test_two_who_claim_at_once_share_the_letters_without_waiting(database, clock):
    """The second passes over the rows that the first holds, though the first has not ended its transaction."""
    _, sessions = database
    async with sessions.begin() as session:
        put_letters(session, 5, clock.now)
    second = Outbox(sessions=sessions, letters=None, senders={}, codes={}, link=None, gate=NoGate(), now=clock)
    async with sessions.begin() as session:
        held = await session.scalars(select(Outgoing.id).order_by(Outgoing.id).limit(2).with_for_update())
        async with asyncio.timeout(5):
            claimed = await second._claim()
        assert not set(held) & {row.id for row in claimed}
        assert len(claimed) == 3


async def test_what_billing_has_to_tell_is_told_once_to_two_gateways(start, parts):
    parts.forgets_what_was_taken = True
    parts.notices = [NOTICE]
    gateways = [await start(), await start()]
    (letter,) = await texts(gateways[0], 1)
    assert letter["to"] == "ancienne@laurier.example"
    assert len(await gateways[0].rows(Outgoing)) == 1


async def test_a_request_opened_twenty_times_at_once_is_one(gateway):
    talk = await verified(gateway)
    body = {
        "key": "k1", "kind": "open_request", "category": "other", "language": "fr", "description": "Plus de tonalité",
        "contact": "luc@laurier.example", "details": {"first_message": "plus de tonalité"},
    }  # fmt: skip
    answers = await asyncio.gather(*(talk.inside("requests", body) for _ in range(20)))
    assert len({answer["number"] for _, answer in answers}) == 1
    (row,) = await gateway.rows(SupportRequest)
    assert row.details == {"first_message": "plus de tonalité"}


async def test_a_server_that_was_away_for_a_moment_is_asked_again(gateway, database):
    talk = await gateway.talk()
    engine, _ = database
    async with engine.connect() as connection:
        # With a time limit it answers once they have ended, not once they were told to.
        ended = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        others = f"{ended} WHERE pid <> pg_backend_pid() AND datname = current_database()"
        assert (await connection.execute(text(others))).all()
    assert (await talk.say("bonjour"))["replies"]
