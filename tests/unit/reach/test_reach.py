"""Calls go to listed servers only; what is listed is told which request they belong to."""

import ast
from pathlib import Path

import pytest
from aiohttp import web

from monitoring import request_id
from reach import NotListed, open_session

ROOT = Path(__file__).resolve().parents[3]
GIVEN = "0123456789abcdef" * 2


@pytest.fixture
async def servers(aiohttp_server):
    """Two servers; the first sends whoever asks for /away on to the second. What was heard, by server."""
    heard = {"listed": [], "other": []}

    async def other(request):
        heard["other"].append(request.path)
        return web.Response()

    second = web.Application()
    second.add_routes([web.get("/{path:.*}", other)])
    second = await aiohttp_server(second)

    async def here(request):
        heard["listed"].append((request.path, request.headers.get(request_id.HEADER)))
        if request.path == "/away":
            raise web.HTTPFound(second.make_url("/secret"))
        return web.Response()

    first = web.Application()
    first.add_routes([web.get("/{path:.*}", here)])
    return await aiohttp_server(first), second, heard


async def test_a_listed_server_is_called_and_told_the_request(servers):
    first, _, heard = servers
    request_id.begin(GIVEN)
    async with open_session([str(first.make_url("/a/path")), ""]) as http:
        async with http.get(first.make_url("/x")) as answer:
            assert answer.status == 200
    assert heard["listed"] == [("/x", GIVEN)]


async def test_a_server_outside_is_told_nothing_of_ours(servers):
    first, _, heard = servers
    request_id.begin(GIVEN)
    async with open_session([str(first.make_url("/"))], inside=False) as http:
        async with http.get(first.make_url("/x")):
            pass
    assert heard["listed"] == [("/x", None)]


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:{port}/x",
        "http://127.0.0.1:{other}/x",
        "http://127.0.0.1:{port}@127.0.0.1:{other}/x",
        "https://127.0.0.1:{port}/x",
        "http://[::1]:{port}/x",
        "http://127.1:{port}/x",
        "http://127.0.0.1/x",
    ],
)
async def test_no_other_server_is_called(servers, address, caplog):
    first, second, heard = servers
    async with open_session([str(first.make_url("/"))]) as http:
        with pytest.raises(NotListed):
            await http.get(address.format(port=first.port, other=second.port))
    assert heard == {"listed": [], "other": []}
    assert "was stopped" in caplog.text


async def test_a_redirect_leads_nowhere_else(servers):
    first, _, heard = servers
    async with open_session([str(first.make_url("/"))]) as http:
        with pytest.raises(NotListed):
            await http.get(first.make_url("/away"))
    assert heard == {"listed": [("/away", None)], "other": []}


def test_no_process_opens_a_session_of_another_kind():
    # Mail, Redis and traces go to the one server of their setting.
    for package in ("gateway", "desk", "actions", "billing", "knowledge"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    called = ast.unparse(node.func)
                    assert not called.endswith(("ClientSession", "urlopen", "aiohttp.request")), f"{path}: {called}"
                if isinstance(node, ast.Import | ast.ImportFrom):
                    names = {alias.name for alias in node.names} | {getattr(node, "module", "") or ""}
                    assert not names & {"requests", "httpx", "urllib.request", "http.client", "urllib3"}, path
