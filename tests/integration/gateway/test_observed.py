"""What the gateway tells of itself: a message's id goes to the assistant and back to the caller, figures, the state of its database."""

import asyncio
import re
from ipaddress import ip_network

from aiohttp import web

from monitoring.figures import Figures
from monitoring.web import metrics_route
from tests.integration.gateway.page import Page
from tests.integration.gateway.parts import said

GIVEN = "0123456789abcdef" * 2


async def figures_of(gateway):
    async with gateway.http.get(f"{gateway.url}/metrics") as response:
        assert response.status == 200
        return await response.text()


async def test_a_requests_id_reaches_the_assistant_and_comes_back(gateway, parts):
    talk = await gateway.talk()
    url, body = f"{gateway.url}{talk.path}", {"text": "bonjour", "message_id": "m-1"}
    headers = {"Authorization": f"Bearer {talk.token}", "X-Request-Id": GIVEN}
    async with gateway.http.post(url, json=body, headers=headers) as response:
        assert response.headers["X-Request-Id"] == GIVEN
    assert parts.requests == [GIVEN]
    async with gateway.http.get(f"{gateway.url}/nowhere", headers={"X-Request-Id": "../../etc"}) as response:
        assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-Id"]), "errors have one too"


async def test_a_message_that_waited_keeps_its_own_id(gateway, parts):
    """Turns of a conversation run one after the other in one task: each under the id of its message."""
    go = asyncio.Event()

    async def slow(turn):
        await go.wait()
        return said("oui")

    parts.answer = slow
    talk = await gateway.talk()
    ids = [f"{number:032x}" for number in range(1, 5)]

    async def say(number, request):
        headers = {"Authorization": f"Bearer {talk.token}", "X-Request-Id": request}
        body = {"text": f"un {number}", "message_id": f"m-{number}"}
        async with gateway.http.post(f"{gateway.url}{talk.path}", json=body, headers=headers) as response:
            assert response.status == 200

    waiting = []
    for number, request in enumerate(ids):
        waiting.append(asyncio.create_task(say(number, request)))
        await asyncio.sleep(0.05)
    go.set()
    await asyncio.gather(*waiting)
    assert parts.requests == ids


async def test_each_message_of_a_socket_is_a_request_of_its_own(gateway, parts):
    page = Page()
    await page.open(gateway.url)
    await page.session(brand="primus", language="fr")
    for number in range(3):
        await page.say(f"un {number}", message_id=f"s-{number}")
    await page.wait_for(3)
    assert "pages_connected 1.0" in await figures_of(gateway)
    await page.client.disconnect()
    assert len(set(parts.requests)) == 3
    assert None not in parts.requests


async def test_turns_lines_refusals_and_requests_are_counted(gateway, parts):
    talk = await gateway.talk()
    await talk.say("bonjour")
    parts.answer = lambda turn: asyncio.sleep(0, said())  # an empty answer is an error
    await talk.say("encore")
    text = await figures_of(gateway)
    for line in (
        'turn_seconds_count{outcome="answered"} 1.0',
        'turn_seconds_count{outcome="failed"} 1.0',
        'transcript_lines_total{author="customer",channel="api"} 2.0',
        'http_request_seconds_count{method="POST",route="/api/v1/conversations/{id}/messages",status="200"} 2.0',
        "turns_waiting 0.0",
        "process_resident_memory_bytes",
    ):
        assert line in text, line
    assert talk.id not in text


async def test_the_figures_are_for_this_machine_and_the_networks_that_may(aiohttp_client, gateway):
    async def asked_from(address, *allowed):
        app = web.Application()
        route = metrics_route(Figures(), [ip_network(one) for one in allowed])

        async def asked(request):
            return await route.handler(request.clone(remote=address))

        app.add_routes([web.get("/metrics", asked)])
        client = await aiohttp_client(app)
        return (await client.get("/metrics")).status

    assert await asked_from("127.0.0.1") == 200
    assert await asked_from("10.0.3.7") == 404
    assert await asked_from("10.0.3.7", "10.0.0.0/8") == 200
    assert await asked_from("11.0.3.7", "10.0.0.0/8", "fd00::/8") == 404
