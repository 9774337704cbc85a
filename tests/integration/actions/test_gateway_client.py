"""Which gateway the actions ask, where there are several: real servers on loopback."""

import asyncio

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from actions.gateway_client import GatewayClient, GatewayError
from tests.stack import free_port

SECRET = "a secret of the tests, long enough"


class Small:
    """A gateway that answers each call with a number, or breaks off; `heard` counts the calls."""

    def __init__(self, number: str, *, status: int = 200, breaks_off: bool = False) -> None:
        self.number, self.status, self.breaks_off, self.heard = number, status, breaks_off, 0
        app = web.Application()
        app.router.add_post("/internal/v1/conversations/{id}/requests", self._answer)
        self.server = TestServer(app)

    async def _answer(self, request: web.Request) -> web.Response:
        self.heard += 1
        if self.breaks_off and request.transport:
            request.transport.abort()
        return web.json_response({"number": self.number}, status=self.status)


@pytest.fixture
async def started():
    """Starts servers and gives a client of their addresses, by the gateways, or by a port where nobody listens."""
    servers = []

    async with aiohttp.ClientSession() as http:

        async def start(*gateways: Small | int) -> GatewayClient:
            urls = []
            for one in gateways:
                if isinstance(one, Small):
                    await one.server.start_server()
                    servers.append(one.server)
                urls.append(f"http://127.0.0.1:{one if isinstance(one, int) else one.server.port}")
            return GatewayClient(http, urls, SECRET, 2.0)

        yield start
        for server in servers:
            await server.close()


async def opened(client: GatewayClient) -> str:
    return str((await client.open_request("c-1", {}))["number"])


async def test_where_nobody_listens_the_next_is_asked_from_then_on(started):
    second = Small("R-2")
    client = await started(free_port(), second)
    assert [await opened(client) for _ in range(3)] == ["R-2"] * 3
    assert client._urls[0] == f"http://127.0.0.1:{second.server.port}"


async def test_one_that_stops_is_left_and_found_again_once_the_other_stops(started):
    first, second = Small("R-1"), Small("R-2")
    client = await started(first, second)
    assert await opened(client) == "R-1"
    port = first.server.port
    await first.server.close()
    await asyncio.sleep(0.1)  # its connection that rested in the pool is seen to be closed
    assert await opened(client) == "R-2"
    again = Small("R-3")
    again.server = TestServer(again.server.app, port=port)
    await again.server.start_server()
    await second.server.close()
    await asyncio.sleep(0.1)
    try:
        assert await opened(client) == "R-3"
    finally:
        await again.server.close()


async def test_an_error_is_no_reason_to_ask_another(started):
    broken, other = Small("R-1", status=500), Small("R-2")
    with pytest.raises(GatewayError, match="500"):
        await opened(await started(broken, other))
    assert other.heard == 0


async def test_what_broke_off_may_have_been_done_and_is_not_asked_of_another(started):
    broken, other = Small("R-1", breaks_off=True), Small("R-2")
    with pytest.raises(GatewayError):
        await opened(await started(broken, other))
    assert broken.heard == 1
    assert other.heard == 0


async def test_where_none_listens_it_is_said(started):
    with pytest.raises(GatewayError, match="requests"):
        await opened(await started(free_port(), free_port()))
