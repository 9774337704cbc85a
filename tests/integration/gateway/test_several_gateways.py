"""Two gateways on PostgreSQL, with Redis and without: one turn at a time in the order of the transcript, every page hears every line."""

import asyncio
import contextlib
import datetime
from collections import defaultdict

import pytest
from sqlalchemy import func, update

from gateway import transcript, turn_rows
from gateway.database import open_database
from gateway.message import Incoming, Reply
from gateway.models import Conversation, LivingGateway, Message
from tests.integration.gateway.conftest import Talk
from tests.integration.gateway.page import Page
from tests.integration.gateway.parts import said
from tests.integration.gateway.test_pins import asking


@pytest.fixture
def database_url(postgresql_url):
    return postgresql_url


@pytest.fixture(params=["with Redis", "without Redis"])
async def two(request, start):
    """Two gateways that share a database."""
    url = request.getfixturevalue("redis_server").url if request.param == "with Redis" else ""
    return [await start(redis_url=url), await start(redis_url=url)]


@pytest.fixture
async def database(database_url):
    engine, sessions = open_database(database_url)
    yield sessions
    await engine.dispose()


def at(gateway, talk):
    """The same conversation, at another gateway."""
    return Talk(gateway, talk.id, talk.token)


async def until(true, seconds=15):
    for _ in range(int(seconds / 0.05)):
        if await true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come true")


class OneAtATime:
    """An assistant that notes which turns of a conversation overlap."""

    def __init__(self, parts):
        self.parts = parts
        self.busy = defaultdict(int)
        self.overlaps = 0
        parts.answer = self.answer

    async def answer(self, turn):
        self.busy[turn["conversation"]] += 1
        self.overlaps += self.busy[turn["conversation"]] > 1
        await asyncio.sleep(0.02)
        self.busy[turn["conversation"]] -= 1
        return said(f"you said {turn['text']}")


async def test_bursts_over_both_are_answered_once_each_in_the_order_of_the_transcript(two, parts):
    assistant = OneAtATime(parts)
    talks = [await two[n % 2].talk() for n in range(4)]

    async def burst(talk):
        async def one(n):
            await asyncio.sleep(n * 0.001)
            return await at(two[n % 2], talk).say(f"message {n}", f"m{n}")

        return await asyncio.gather(*(one(n) for n in range(5)))

    answers = await asyncio.gather(*(burst(talk) for talk in talks))
    for talk, answered in zip(talks, answers, strict=True):
        lines = await talk.lines()
        asked = [line["text"] for line in lines if line["author"] == "customer"]
        assert sorted(asked) == [f"message {n}" for n in range(5)]
        assert [turn["text"] for turn in parts.turns if turn["conversation"] == talk.id] == asked
        assert [line["text"] for line in lines if line["author"] == "assistant"] == [f"you said {a}" for a in asked]
        for n, answer in enumerate(answered):
            assert [reply["text"] for reply in answer["replies"]] == [f"you said message {n}"], "whoever answered it"
    assert not assistant.overlaps


async def test_the_same_id_at_both_at_once_is_one_message(two, parts):
    talk = await two[0].talk()
    answers = await asyncio.gather(*(at(two[n % 2], talk).say("bonjour", "the-same") for n in range(10)))
    assert [turn["text"] for turn in parts.turns] == ["bonjour"]
    assert all(answer["replies"] == answers[0]["replies"] for answer in answers)


async def test_a_page_hears_each_line_once_in_order_wherever_it_was_said(two):
    async with contextlib.AsyncExitStack() as closing:
        pages = []
        for gateway in two:
            page = Page()
            closing.push_async_callback(page.client.shutdown)
            await page.open(gateway.url)
            pages.append(page)
        session = (await pages[0].session(brand="primus", language="fr"))["session_id"]
        assert (await pages[1].session(brand="primus", session_id=session))["session_id"] == session
        for n in range(6):
            await pages[n % 2].say(f"message {n}")
        for page in pages:
            heard = await page.wait_for(6)
            assert heard == [f"you said message {n}" for n in range(6)]
            sequences = [line["sequence"] for line in page.heard]
            assert sequences == sorted(set(sequences))


async def test_turns_of_a_gateway_that_died_are_taken_up_by_the_other(two, parts, database, clock):
    talk = await two[0].talk()
    async with database.begin() as session:
        session.add(LivingGateway(name="killed", alive_until=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)))
        await turn_rows.record(session, Incoming(talk.id, "m'entendez-vous?", "m1", clock.now))
        await session.execute(update(Conversation).values(gateway="killed"))

    async def answered():
        return len(await talk.lines()) == 2

    await until(answered)
    assert [turn["text"] for turn in parts.turns] == ["m'entendez-vous?"]


async def test_turns_of_a_gateway_that_lives_are_left_to_it(two, parts, database, clock):
    talk = await two[0].talk()
    async with database.begin() as session:
        await session.execute(
            LivingGateway.__table__.insert().values(
                name="another", alive_until=func.now() + datetime.timedelta(seconds=30)
            )
        )
        await session.execute(update(Conversation).values(gateway="another"))
    sending = asyncio.create_task(talk.say("bonjour"))
    await asyncio.sleep(3)
    assert parts.turns == []
    async with database.begin() as session:
        await session.execute(update(LivingGateway).values(alive_until=func.now() - datetime.timedelta(seconds=1)))
    assert (await sending)["replies"][0]["text"] == "you said bonjour"


async def test_a_turn_that_another_gateway_took_over_meanwhile_is_told_once(start, parts, database):
    gateway = await start()
    talk = await gateway.talk()
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow(turn):
        asked.set()
        await go_on.wait()
        return said("trop tard")

    parts.answer = slow
    sending = asyncio.create_task(talk.say("bonjour"))
    await asked.wait()
    async with database.begin() as session:
        await session.execute(
            LivingGateway.__table__.insert().values(
                name="another", alive_until=func.now() + datetime.timedelta(seconds=30)
            )
        )
        await session.execute(update(Conversation).values(gateway="another"))
    go_on.set()
    await asyncio.sleep(0.5)
    assert [line["author"] for line in await talk.lines()] == ["customer"]
    async with database.begin() as session:
        message = await transcript.message_by_id(session, talk.id, "m-bonjour")
        await transcript.say(session, message, talk.id, "assistant", "fr", Reply("à temps"), message.at)
        await transcript.close_turn(session, message, transcript.ANSWERED, "fr", None)
    answer = await sending
    assert [reply["text"] for reply in answer["replies"]] == ["à temps"], "who waits hears what the other one said"


async def test_a_gateway_that_stops_leaves_its_claims_at_once(start, parts):
    asked = asyncio.Event()

    async def hang(turn):
        asked.set()
        await asyncio.sleep(60)

    answer, parts.answer = parts.answer, hang
    first, second = await start(turn_s=60), await start()
    talk = await first.talk()
    sending = asyncio.create_task(talk.say("bonjour"))
    await asked.wait()
    parts.answer = answer
    await first.stop()
    await sending

    async def answered():
        return len(await at(second, talk).lines()) == 2

    await until(answered, 4)
    (message, _) = await second.rows(Message)
    assert message.state == "answered"


async def test_a_pin_is_known_to_every_gateway_with_redis(start, parts, redis_server):
    two = [await start(redis_url=redis_server.url), await start(redis_url=redis_server.url)]
    parts.answer = asking("pin")
    talk = await two[0].talk("pitney-bowes")
    await talk.say("bonjour")
    await talk.say("4821", "m2")
    assert await at(two[1], talk).inside("pin") == (200, {"pin": "4821"})
    assert (await talk.inside("pin"))[0] == 404, "told once"


async def test_redis_away_loses_nothing(start, parts, redis_server):
    two = [await start(redis_url=redis_server.url), await start(redis_url=redis_server.url)]
    parts.answer = asking("pin")
    page = Page()
    await page.open(two[0].url)
    try:
        session = (await page.session(brand="pitney-bowes", language="fr"))["session_id"]
        conversation, _, token = session.rpartition(".")
        talk = Talk(two[1], conversation, token)
        await talk.say("un")
        assert await page.wait_for(1) == ["you said un"]
        redis_server.stop()
        await talk.say("deux")
        await talk.say("4821", "m2")
        assert (await page.wait_for(3))[1] == "you said deux"
        assert await talk.inside("pin") == (200, {"pin": "4821"}), "by the gateway that heard it"
        assert (await at(two[0], talk).inside("pin"))[0] == 404, "the other one says so"
        redis_server.start()
        await talk.say("trois")
        assert (await page.wait_for(4))[3] == "you said trois"
    finally:
        await page.client.shutdown()
