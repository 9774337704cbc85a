"""Too much at once, and a database that does not answer: refused with the truth and the seconds to wait, in both languages."""

import asyncio
import sqlite3

import pytest

from gateway.admission import Limits
from tests.integration.gateway.page import Page
from tests.integration.gateway.parts import said

BUSY = {"fr": "Beaucoup de demandes en ce moment", "en": "Very busy right now"}
FLOOD = {"fr": "Trop de messages à la fois", "en": "Too many messages at once"}
AWAY = {"fr": "Service momentanément indisponible", "en": "Temporarily unavailable"}


async def post(talk, text, **headers):
    return await talk.gateway.call("POST", talk.path, {"text": text, "message_id": f"m-{text}"}, talk.token, **headers)


async def test_a_conversation_that_floods_is_held_up_and_others_are_not(start, language):
    gateway = await start(limits=Limits(messages_per_minute=3))
    talk, other = await gateway.talk("primus", language), await gateway.talk()
    answers = [await post(talk, f"message {n}") for n in range(5)]
    assert [status for status, _ in answers] == [200, 200, 200, 429, 429]
    problem = answers[-1][1]
    assert problem["title"] == FLOOD[language]
    assert 1 <= problem["retry_after"] <= 10
    assert str(problem["retry_after"]) in problem["detail"]
    assert len(await talk.lines()) == 6, "what was refused is not kept"
    assert (await post(other, "bonjour"))[0] == 200


async def test_a_queue_that_is_full_refuses_and_all_it_took_on_is_answered(start, parts, language):
    gateway = await start(limits=Limits(turns_at_once=1, turn_wait_s=0.2))
    first = await gateway.talk()

    async def slow(turn):
        await asyncio.sleep(0.1)
        return said("voilà")

    go_on = asyncio.Event()

    async def held(turn):
        await go_on.wait()
        return said("voilà")

    parts.answer = slow
    await first.say("pour mesurer")
    parts.answer = held
    talks = [await gateway.talk("primus", language) for _ in range(20)]
    sending, refused = [], None
    for talk in talks:
        task = asyncio.create_task(post(talk, "bonjour"))
        done, _ = await asyncio.wait({task}, timeout=0.2)
        if done:
            refused = task.result()
            break
        sending.append(task)
    assert refused, "twenty turns were taken on, each of which waits for those before it"
    status, problem = refused
    assert (status, problem["title"]) == (429, BUSY[language])
    assert 1 <= problem["retry_after"] <= 10
    go_on.set()
    answers = await asyncio.gather(*sending)
    assert {status for status, _ in answers} == {200}
    assert all(body["replies"][0]["text"] == "voilà" for _, body in answers), "what was taken on is answered"
    assert (await post(talks[-1], "encore"))[0] == 200, "and the queue is empty again"


async def test_the_socket_says_the_same(start, language):
    gateway = await start(limits=Limits(messages_per_minute=1))
    page = Page()
    await page.open(gateway.url)
    try:
        await page.session(brand="primus", language=language)
        assert "sequence" in await page.say("un")
        refused = await page.say("deux")
        assert (refused["error"], refused["title"]) == ("flood", FLOOD[language])
        assert 1 <= refused["retry_after"] <= 10
    finally:
        await page.client.shutdown()


@pytest.mark.usefixtures("on_sqlite")
async def test_a_database_that_is_locked_is_said_so_and_the_same_message_goes_later(gateway, language, database_url):
    talk = await gateway.talk("primus", language)
    page = Page()
    await page.open(gateway.url)
    blocker = sqlite3.connect(
        database_url.partition("///")[2], isolation_level=None, timeout=30, check_same_thread=False
    )
    try:
        await page.session(brand="primus", language=language)
        await asyncio.to_thread(
            blocker.execute, "BEGIN EXCLUSIVE"
        )  # beside the loop: a write of the gateway may have to end first
        async with asyncio.timeout(30):
            (status, problem), refused = await asyncio.gather(
                post(talk, "bonjour", **{"Accept-Language": language}),
                page.client.call("user_uttered", {"message": "allô", "message_id": "m1"}, timeout=30),
            )
        assert status == 503
        assert problem["title"] == AWAY[language] == refused["title"]
        assert problem["retry_after"] == refused["retry_after"] == 5
        blocker.execute("ROLLBACK")
        assert (await post(talk, "bonjour"))[1]["replies"][0]["text"] == "you said bonjour"
        assert "sequence" in await page.say("allô", message_id="m1")
        assert await page.wait_for(1) == ["you said allô"]
    finally:
        blocker.close()
        await page.client.shutdown()
