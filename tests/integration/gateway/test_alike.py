"""Unknown account, wrong postal code and closed account: alike to the last byte, wherever fifty guesses at once come from."""

import asyncio
import re

import pytest

from gateway.models import Code, CodeFailure
from tests.integration.gateway.identity_steps import LAURIER, other, send, try_code


async def code_to(gateway, phone):
    for _ in range(250):
        for text in gateway.texts():
            if text["to"] == phone:
                return re.search(r"\d{6}", text["text"]).group()
        await asyncio.sleep(0.02)
    raise AssertionError(gateway.texts())


async def raw(talk, what, body):
    """Status, headers but the date and the id of the request, and bytes of an answer of the internal port."""
    url = f"{talk.gateway.internal_url}/internal/v1/conversations/{talk.id}/{what}"
    headers = {"Authorization": f"Bearer {talk.gateway.settings.internal_secret}"}
    async with talk.gateway.http.post(url, json=body, headers=headers) as response:
        kept = {name: value for name, value in response.headers.items() if name.lower() not in ("date", "x-request-id")}
        return response.status, kept, await response.read()


async def close_account(gateway):
    """Ten wrong codes, in two conversations, close the account to the channel."""
    for _ in range(2):
        talk = await gateway.talk()
        await send(talk)
        for _ in range(5):
            assert not await try_code(talk, "000000")


async def test_unknown_wrong_and_closed_are_the_same_bytes(gateway, clock):
    await close_account(gateway)
    clock.pass_(minutes=20)
    answers = []
    for given in (
        {},
        {"account": "1002999999"},
        {"postal_code": "M5V 2T6"},
        {"account": "1002003002", "postal_code": "M5V 2T6"},
    ):
        talk = await gateway.talk()
        answers.append(
            [await raw(talk, "codes", {**LAURIER, **given}), await raw(talk, "verification", {"code": "000001"})]
        )
    assert answers[0] == answers[1] == answers[2] == answers[3], "the last one is open, and its code was wrong"


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def database_url(request):
    return request.getfixturevalue(request.param)


async def test_fifty_guesses_at_once_over_two_gateways_count_as_five(start):
    gateways = [await start(), await start()]
    talk = await gateways[0].talk()
    await send(talk)
    code = await code_to(gateways[0], "+15145550101")

    async def guess(number):
        talk_there = type(talk)(gateways[number % 2], talk.id, talk.token)
        return await try_code(talk_there, other(code))

    assert not any(await asyncio.gather(*(guess(number) for number in range(50))))
    assert [row.tries for row in await gateways[0].rows(Code)] == [5]
    assert len(await gateways[0].rows(CodeFailure)) == 5
    assert not await try_code(talk, code)


async def test_a_closed_account_is_closed_on_the_other_gateway_too(start, clock):
    gateways = [await start(), await start()]
    await close_account(gateways[0])
    clock.pass_(minutes=20)
    sent = len(gateways[0].texts())
    assert await send(await gateways[1].talk()) == {"sent": True}, "the same answer as ever"
    await asyncio.sleep(0.5)
    assert len(gateways[1].texts()) == sent, "and no code goes out"
