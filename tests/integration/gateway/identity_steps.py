"""The steps of proving who one is, as the actions take them on the internal port."""

import asyncio
import re

LAURIER = {"account": "1002003001", "postal_code": "H2X 1Y4", "channel": "sms", "language": "fr"}


async def send(talk, **changes):
    status, body = await talk.inside("codes", {**LAURIER, **changes})
    assert status == 200, body
    return body


async def code_of(gateway, count=1):
    """The code in the text number `count`; waits until it is sent."""
    for _ in range(100):
        texts = gateway.texts()
        if len(texts) >= count:
            return re.search(r"\d{6}", texts[count - 1]["text"]).group()
        await asyncio.sleep(0.02)
    raise AssertionError(f"{len(gateway.texts())} texts were sent, {count} were waited for")


async def try_code(talk, code):
    status, body = await talk.inside("verification", {"code": code})
    assert status == 200, body
    return body["verified"]


async def verified(gateway, brand="primus", **changes):
    """A conversation that proved an account."""
    talk = await gateway.talk(brand)
    count = len(gateway.texts())
    await send(talk, **changes)
    assert await try_code(talk, await code_of(gateway, count + 1))
    return talk


def other(code):
    """A code that is wrong."""
    return f"{(int(code) + 1) % 10**6:06d}"
