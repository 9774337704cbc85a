"""A one-time code on its way: masked before the message is stored, checked by its hash, known to nobody else."""

import pytest
from aiohttp import web

from gateway.models import Message
from gateway.redact import CODE_MARK
from tests.integration.gateway.identity_steps import code_of, other, send


def asking(talk, heard):
    """An assistant that asks for a code, and has the one that it is given checked, as the actions do."""

    async def answer(turn):
        heard.append(turn["text"])
        if CODE_MARK in turn["text"]:
            heard.append((await talk.inside("verification"))[1]["verified"])
        body = {"text": "?", "buttons": [], "article": None, "title": None, "attachments": []}
        return web.json_response({"replies": [body], "understood": None, "asks": "code"})

    return answer


@pytest.mark.parametrize("form", ["{}", "le code est {}.", "{} merci"])
async def test_a_code_that_is_written_proves_and_stands_nowhere(gateway, parts, form):
    talk, heard = await gateway.talk(), []
    parts.answer = asking(talk, heard)
    await send(talk)
    code = await code_of(gateway)
    await talk.say("mon solde")
    await talk.say(form.format(code))
    assert heard[1:] == [form.format(CODE_MARK), True]
    assert (await talk.inside("billing-token"))[0] == 200
    assert (await talk.lines())[-2]["text"] == form.format(CODE_MARK)
    assert all(code not in f"{row.text} {row.payload}" for row in await gateway.rows(Message))
    assert "payload" not in (await talk.lines())[-2]


async def test_a_wrong_code_is_masked_and_counts(gateway, parts):
    talk, heard = await gateway.talk(), []
    parts.answer = asking(talk, heard)
    await send(talk)
    code = await code_of(gateway)
    await talk.say("mon solde")
    for number in range(5):
        await talk.say(other(code), f"wrong-{number}")
        assert heard[-2:] == [CODE_MARK, False]
    await talk.say(code)
    assert heard[-1] is False, "after five wrong ones the right one is refused"


async def test_the_code_is_masked_even_where_nobody_asked_for_it(gateway, parts):
    talk = await gateway.talk()
    await send(talk)
    code = await code_of(gateway)
    await talk.say(f"j'ai reçu {code}, c'est quoi?")
    assert parts.turns[-1]["text"] == f"j'ai reçu {CODE_MARK}, c'est quoi?"
    await talk.say(f"erreur {other(code)}", "m-2")
    assert parts.turns[-1]["text"] == f"erreur {other(code)}", "any other number is none"


async def test_an_answer_that_holds_no_code_checks_none(gateway, parts):
    talk = await gateway.talk()
    await send(talk)
    assert (await talk.inside("verification"))[1] == {"verified": False}
    assert (await talk.inside("billing-token"))[0] == 403
