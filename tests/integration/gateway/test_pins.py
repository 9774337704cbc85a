"""A premier PIN on its way: masked before it is stored, told to the actions once, and first in the queue once accepted."""

import pytest
from aiohttp import web

from gateway.models import Message
from gateway.redact import NO_PIN_MARK, PIN_MARK


def asking(field):
    """An assistant whose every turn ends by asking for `field`."""

    async def answer(turn):
        body = {"text": f"you said {turn['text']}", "buttons": [], "article": None, "title": None, "attachments": []}
        return web.json_response({"replies": [body], "understood": None, "asks": field})

    return answer


@pytest.fixture
async def asked(gateway, parts):
    """A conversation whose last question was for a PIN."""
    parts.answer = asking("pin")
    talk = await gateway.talk("pitney-bowes")
    await talk.say("bonjour")
    return talk


async def test_the_answer_to_the_question_for_a_pin_is_stored_nowhere(gateway, parts, asked):
    answer = await asked.say("c'est 4821", "m2")
    assert answer["replies"][0]["text"] == f"you said c'est {PIN_MARK}", "Rasa does not see it either"
    assert parts.turns[-1]["text"] == f"c'est {PIN_MARK}"
    assert all("4821" not in f"{row.text}{row.payload}" for row in await gateway.rows(Message))
    assert await asked.inside("pin") == (200, {"pin": "4821"})
    assert (await asked.inside("pin"))[0] == 404, "it is told once"


async def test_a_mistyped_pin_is_masked_and_not_kept(parts, asked):
    await asked.say("48211", "m2")
    assert parts.turns[-1]["text"] == NO_PIN_MARK
    assert (await asked.inside("pin"))[0] == 404


async def test_what_is_asked_for_is_not_shown_to_clients(asked):
    assert all(line.get("asks") is None for line in await asked.lines())


@pytest.mark.parametrize("field", [None, "serial", "code"])
async def test_four_digits_are_left_where_something_else_is_asked_for(gateway, parts, field):
    parts.answer = asking(field)
    talk = await gateway.talk("pitney-bowes")
    await talk.say("bonjour")
    await talk.say("4821", "m2")
    assert parts.turns[-1]["text"] == "4821"
    assert (await talk.inside("pin"))[0] == 404


async def test_an_apology_in_between_does_not_unmask_the_next_try(parts, asked):
    async def broken(_):
        return web.Response(status=500)

    parts.answer = broken
    await asked.say("4821", "m2")
    await asked.say("4822", "m3")
    assert [line["text"] for line in await asked.lines() if line["author"] == "customer"][1:] == [PIN_MARK, PIN_MARK]
    assert await asked.inside("pin") == (200, {"pin": "4822"}), "the latest"


async def test_a_pin_that_is_called_one_is_masked_at_any_moment(gateway, parts):
    talk = await gateway.talk("pitney-bowes", "en")
    await talk.say("my premier PIN is 4821", "m1")
    assert parts.turns[-1]["text"] == f"my premier PIN is {PIN_MARK}"
    assert await talk.inside("pin") == (200, {"pin": "4821"})


async def test_a_pin_is_kept_for_some_minutes_and_for_its_conversation_only(gateway, parts, clock, asked):
    await asked.say("4821", "m2")
    other = await gateway.talk("pitney-bowes")
    assert (await other.inside("pin"))[0] == 404
    clock.pass_(minutes=10)
    assert (await asked.inside("pin"))[0] == 404


async def test_a_repeated_message_keeps_no_pin_again(asked):
    await asked.say("4821", "m2")
    await asked.inside("pin")
    await asked.say("4821", "m2")
    assert (await asked.inside("pin"))[0] == 404


async def test_premier_goes_before_all_who_wait_in_the_order_of_asking(gateway, clock):
    first, second, early, late = [await gateway.talk("pitney-bowes") for _ in range(4)]

    async def join(talk, premier=False):
        clock.pass_(minutes=1)
        status, body = await talk.inside("queue", {"premier": premier})
        assert status == 200
        return body["place"], body["already"]

    assert await join(first) == (1, False)
    assert await join(second) == (2, False)
    assert await join(early, premier=True) == (1, False)
    assert await join(late, premier=True) == (2, False)
    assert await join(second) == (4, True)
    assert await join(second, premier=True) == (1, True), "who waited already waited longest of the premier"
    assert await join(second) == (1, True), "once accepted it stays"
