"""The public API against its document: no answer is a server error, each is as documented; and frames that no page would send."""

import asyncio
import json
import os
import random
import string

import aiohttp
import pytest

from gateway.admission import Limits
from tests.integration.gateway.page import Page
from tests.integration.gateway.parts import SECRET
from tests.openapi_fuzz import EXAMPLES, MODES, ask_all

pytestmark = pytest.mark.timeout(7200)

FRAMES = int(os.environ.get("FUZZ_FRAMES", "300"))
EVENTS = (
    "session_request",
    "user_uttered",
    "standing",
    "rating",
    "feedback",
    "connect",
    "bot_uttered",
    "message",
    "",
    "é",
)


@pytest.fixture
async def open_gateway(start):
    """One that lets itself be asked fast."""
    return await start(desk_api_token=SECRET, limits=Limits(messages_per_minute=1_000_000))


@pytest.mark.parametrize("mode", MODES)
async def test_every_route_answers_as_documented(open_gateway, mode):
    document = (await open_gateway.call("GET", "/api/openapi.json"))[1]
    talk = await open_gateway.talk()
    reply = (await talk.say("bonjour"))["replies"][0]["id"]
    headers_of = {
        None: {},
        "conversation": {"Authorization": f"Bearer {talk.token}"},
        "desk": {"Authorization": f"Bearer {SECRET}"},
    }
    places = {"id": talk.id, "reply_id": reply}
    asked = await asyncio.to_thread(ask_all, document, open_gateway.url, headers_of, mode, places)
    assert asked == sum(len(set(item) & {"get", "post", "put", "delete"}) for item in document["paths"].values())
    assert EXAMPLES >= 5


def any_value(chance, depth=0):
    """JSON as nobody writes it by hand."""
    kind = chance.randrange(9 if depth < 3 else 6)
    if kind == 0:
        return chance.choice([None, True, False])
    if kind == 1:
        return chance.choice([0, -1, 2**63, 10**30, 1.5, -0.0, 1e308])
    if kind < 6:
        signs = chance.choice(
            [string.printable, "éàçœ«»’\u202f\u00a0", "\u0000\u0007\ud7ff\ufffe", '/{}[]"\\', "😀𝟙１"]
        )
        return "".join(chance.choice(signs) for _ in range(chance.choice([0, 1, 5, 200])))
    if kind < 8:
        keys = [
            "brand",
            "language",
            "session_id",
            "message",
            "message_id",
            "after",
            "score",
            "helpful",
            "reply_id",
            "identity_token",
            "x",
        ]
        return {chance.choice(keys): any_value(chance, depth + 1) for _ in range(chance.randrange(5))}
    return [any_value(chance, depth + 1) for _ in range(chance.randrange(4))]


def frame(chance):
    """A frame of socket.io, broken in one of many ways, or bytes of no kind."""
    kind = chance.randrange(10)
    if kind == 0:
        return bytes(chance.randrange(256) for _ in range(chance.choice([0, 1, 40, 3000])))
    if kind == 1:
        return "".join(chance.choice('0123456789[]{},-/"abc') for _ in range(chance.choice([0, 1, 2, 9, 60])))
    if kind == 2:
        return chance.choice(
            [
                "2",
                "3",
                "6",
                "1",
                "41",
                "40",
                "40/desk,",
                "44",
                "4",
                "5",
                "45-[]",
                '451-["x",{"_placeholder":true,"num":0}]',
            ]
        )
    name = chance.choice(EVENTS) if kind < 9 else any_value(chance)
    body = json.dumps(
        [name, *(any_value(chance) for _ in range(chance.choice([1, 1, 1, 0, 2])))], ensure_ascii=chance.random() < 0.5
    )
    number = chance.choice(["", "0", "7", "99999999999999999999", "-1"])
    return f"42{number}{body[: len(body) if chance.random() < 0.9 else chance.randrange(len(body) + 1)]}"


async def test_frames_that_no_page_would_send_break_nothing(open_gateway, parts, caplog):
    chance = random.Random(20261130)  # the same frames at every run
    sent = connections = 0
    async with aiohttp.ClientSession() as http:
        while sent < FRAMES:
            url = f"{open_gateway.url}/socket.io/?EIO=4&transport=websocket"
            async with http.ws_connect(url, headers={"Origin": open_gateway.url}, max_msg_size=0) as socket:
                connections += 1
                await socket.receive()
                if chance.random() < 0.9:
                    await socket.send_str("40")
                    await socket.receive()
                if chance.random() < 0.8:
                    await socket.send_str('420["session_request",{"brand":"primus","language":"fr"}]')
                for _ in range(chance.randrange(1, 60)):
                    if socket.closed or sent >= FRAMES:
                        break
                    made = frame(chance)
                    sent += 1
                    try:
                        await (socket.send_bytes(made) if isinstance(made, bytes) else socket.send_str(made))
                    except (ConnectionError, aiohttp.ClientError):
                        break
    page = Page()
    await page.open(open_gateway.url)
    async with asyncio.timeout(60):
        while "session_id" not in await page.session(brand="primus", language="fr"):
            await asyncio.sleep(1)
    async with asyncio.timeout(60):  # what was sent is still being worked off, as fast as it came
        while "sequence" not in await page.say("bonjour", message_id="after-all"):
            await asyncio.sleep(1)
    assert (await page.wait_for(1))[0] == "you said bonjour"
    await page.client.disconnect()
    assert connections > 3
    ours = [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]
    assert [f"{record.name}: {record.getMessage()}\n{record.exc_text}" for record in ours] == []
