"""Turns: in order, once each, answered or apologised for, and never lost."""

import asyncio
import datetime

import pytest
from aiohttp import web

from gateway import turn_rows
from gateway.database import open_database
from gateway.message import Incoming
from gateway.models import Message
from tests.integration.gateway.parts import said


async def test_ten_messages_at_once_are_answered_one_by_one_in_the_order_of_the_transcript(gateway, parts):
    async def slow(turn):
        await asyncio.sleep(0.03)
        return said(f"you said {turn['text']}")

    parts.answer = slow
    talk = await gateway.talk()
    answers = await asyncio.gather(*(talk.say(f"numéro {n}", f"m{n}") for n in range(10)))
    assert parts.most_at_once == 1, "one turn at a time in a conversation"
    for n, answer in enumerate(answers):
        assert [reply["text"] for reply in answer["replies"]] == [f"you said numéro {n}"]
    lines = await talk.lines()
    asked = [line["text"] for line in lines if line["author"] == "customer"]
    assert [turn["text"] for turn in parts.turns] == asked
    assert [line["text"] for line in lines if line["author"] == "assistant"] == [f"you said {text}" for text in asked]
    assert [line["sequence"] for line in lines] == list(range(1, 21))


async def test_conversations_do_not_wait_for_each_other(gateway, parts):
    together = asyncio.Barrier(3)

    async def wait_for_the_others(turn):
        await together.wait()
        return said("ensemble")

    parts.answer = wait_for_the_others
    talks = [await gateway.talk() for _ in range(3)]
    answers = await asyncio.gather(*(talk.say("bonjour") for talk in talks))
    assert [answer["replies"][0]["text"] for answer in answers] == ["ensemble"] * 3


async def test_a_message_id_repeated_ten_times_at_once_is_one_turn(gateway, parts):
    async def slow(turn):
        await asyncio.sleep(0.05)
        return said(f"turn {len(parts.turns)}")

    parts.answer = slow
    talk = await gateway.talk()
    answers = await asyncio.gather(*(talk.say("bonjour", "the-same") for _ in range(10)))
    assert len(parts.turns) == 1
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["replies"][0]["text"] == "turn 1"
    assert await talk.say("bonjour", "the-same") == answers[0], "also afterwards"
    assert [line["author"] for line in await talk.lines()] == ["customer", "assistant"]


async def test_the_same_id_in_another_conversation_is_another_message(gateway, parts):
    first, second = await gateway.talk(), await gateway.talk()
    await first.say("bonjour", "m1")
    await second.say("bonsoir", "m1")
    assert [turn["text"] for turn in parts.turns] == ["bonjour", "bonsoir"]


async def test_the_assistant_is_told_who_asks_where_and_what_is_proved(gateway, parts):
    talk = await gateway.talk("wrs", "en")
    await talk.say("is my modem ok?", "m1")
    (turn,) = parts.turns
    assert turn["conversation"] == talk.id
    assert turn["metadata"] == {
        "brand": "wrs", "language": "en", "texts": False, "channel": "api", "identity": "none", "account_ending": None,
    }  # fmt: skip


async def test_what_was_understood_is_shown_and_in_production_style_is_not(start, parts):
    understood = {"intent": "ask_article", "article": "primus/user-limit", "confidence": 0.9, "candidates": []}

    async def answer(turn):
        return said("cinq", understood=understood)

    parts.answer = answer
    shown = await (await (await start()).talk()).say("combien?")
    assert shown["understood"] == understood
    hidden = await (await (await start(show_understood=False)).talk()).say("combien?")
    assert "understood" not in hidden


async def empty(_):
    return web.json_response([])


async def no_replies(_):
    return said()


async def blank_reply(_):
    return said("")


async def broken(_):
    return web.Response(status=500, text="Traceback: secret inside")


async def no_json(_):
    return web.Response(text="<html>oops</html>")


async def half_json(_):
    return web.Response(text='{"replies": [', content_type="application/json")


async def no_utf8(_):
    return web.Response(body=b"\xff\xfe{}", content_type="application/json")


async def a_number(_):
    return web.json_response(5)


async def null(_):
    return web.json_response(None)


async def other_shape(_):
    return web.json_response({"replies": [{"recipient_id": "x", "text": "bonjour"}]})


async def replies_are_text(_):
    return web.json_response({"replies": "bonjour"})


async def buttons_are_wrong(_):
    bad = {"text": "bonjour", "buttons": [5], "article": None, "title": None, "attachments": []}
    return web.json_response({"replies": [bad]})


async def no_text_but_a_number(_):
    bad = {"text": 5, "buttons": [], "article": None, "title": None, "attachments": []}
    return web.json_response({"replies": [bad]})


async def cut_off(_):
    raise ConnectionResetError


async def too_late(_):
    await asyncio.sleep(30)
    return said("trop tard")


FAULTS = [
    empty, no_replies, blank_reply, broken, no_json, half_json, no_utf8, a_number, null, other_shape, replies_are_text,
    buttons_are_wrong, no_text_but_a_number, cut_off, too_late,
]  # fmt: skip
QUESTION = {"fr": "est-ce que le modem est inclus?", "en": "is the modem included?"}
SORRY = {"fr": "Je n’arrive pas à vous répondre en ce moment", "en": "I can’t answer right now"}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_an_assistant_at_fault_becomes_an_apology_with_the_brands_phone(start, parts, fault, language):
    gateway = await start(turn_s=0.3)
    parts.answer = fault
    talk = await gateway.talk("primus")
    async with asyncio.timeout(8):
        answer = await talk.say(QUESTION[language])
    (reply,) = answer["replies"]
    assert reply["text"].startswith(SORRY[language])
    assert "1 888 576-4899" in reply["text"]
    assert answer["language"] == language
    assert "pending" not in answer
    assert [line["text"] for line in await talk.lines()] == [QUESTION[language], reply["text"]], "nothing is lost"
    message = (await gateway.rows(Message))[0]
    assert message.state == "failed"


async def test_a_brand_without_a_phone_apologises_without_one(start, parts, language):
    gateway = await start(turn_s=0.3)
    parts.answer = broken
    (reply,) = (await (await gateway.talk("wrs")).say(QUESTION[language]))["replies"]
    assert reply["text"].startswith(SORRY[language])
    assert "{" not in reply["text"]
    assert not any(letter.isdigit() for letter in reply["text"])


async def test_after_a_fault_the_next_message_is_answered(start, parts):
    gateway = await start(turn_s=0.3)
    talk = await gateway.talk()
    answer, parts.answer = parts.answer, broken
    await talk.say("un")
    parts.answer = answer
    assert (await talk.say("deux"))["replies"][0]["text"] == "you said deux"


async def test_while_the_assistant_starts_a_notice_is_given_and_the_answer_comes_afterwards(start, parts):
    parts.assistant_up = False
    gateway = await start()
    talks = {language: await gateway.talk("primus", language) for language in ("fr", "en")}
    answers = await asyncio.gather(*(talk.say(QUESTION[language]) for language, talk in talks.items()))
    for answer, words in zip(answers, ("L’assistant démarre", "The assistant is starting"), strict=True):
        assert answer["pending"] is True
        assert answer["replies"][0]["text"].startswith(words)
        assert answer["replies"][0]["id"] is None
    assert parts.turns == [], "nobody was asked yet"
    assert [line["author"] for line in await talks["fr"].lines()] == ["customer"], "a notice is no line"
    parts.assistant_up = True
    for language, talk in talks.items():
        for _ in range(60):
            lines = await talk.lines()
            if len(lines) == 2:
                break
            await asyncio.sleep(0.1)
        assert [line["text"] for line in lines] == [QUESTION[language], f"you said {QUESTION[language]}"]
        assert (await talk.say(QUESTION[language]))["replies"][0]["id"] == lines[1]["id"], (
            "the same id: the real answer now"
        )


async def test_an_assistant_that_never_comes_up_is_apologised_for(start, parts):
    parts.assistant_up = False
    gateway = await start(start_grace_s=0.2, turn_s=0.3)
    parts.answer = broken
    answer = await (await gateway.talk()).say("bonjour")
    assert answer["replies"][0]["text"].startswith(SORRY["fr"])


async def test_a_message_left_by_a_stop_is_answered_after_the_restart(start, parts, clock):
    asked = asyncio.Event()

    async def hang(turn):
        asked.set()
        await asyncio.sleep(60)
        return said("trop tard")

    answer, parts.answer = parts.answer, hang
    first = await start(turn_s=60)
    talk = await first.talk()
    sending = asyncio.create_task(talk.say("ma ligne est en panne", "m1"))
    await asyncio.wait_for(asked.wait(), 5)
    await first.stop()
    assert (await sending)["pending"], "who waits is told that the message is kept, and not answered yet"
    assert [message.state for message in await first.rows(Message)] == ["received"]

    parts.answer = answer
    clock.pass_(minutes=1)
    second = await start()
    talk.gateway = second
    for _ in range(50):
        lines = await talk.lines()
        if len(lines) == 2:
            break
        await asyncio.sleep(0.1)
    assert [line["text"] for line in lines] == ["ma ligne est en panne", "you said ma ligne est en panne"]
    assert len((await talk.say("ma ligne est en panne", "m1"))["replies"]) == 1
    assert len(await talk.lines()) == 2, "sent again by the client: still one message"


async def test_a_message_of_yesterday_is_not_answered_any_more(start, parts, clock):
    first = await start()
    talk = await first.talk()
    engine, sessions = open_database(first.settings.database_url)
    async with sessions.begin() as session:
        await turn_rows.record(session, Incoming(talk.id, "bonjour", "m1", clock.now - datetime.timedelta(hours=13)))
        await turn_rows.record(session, Incoming(talk.id, "salut", "m2", clock.now - datetime.timedelta(hours=11)))
    await engine.dispose()
    await first.stop()
    talk.gateway = await start()
    for _ in range(50):
        if parts.turns:
            break
        await asyncio.sleep(0.1)
    await talk.say("allô")
    assert [turn["text"] for turn in parts.turns] == ["salut", "allô"]
