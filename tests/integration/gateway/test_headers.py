"""Security headers on every answer: pages, files, errors, the API, sockets."""

import re

import aiohttp
import pytest

from tests.doors import doors, filled

NEEDED = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options")


def check(headers, what):
    for name in NEEDED:
        assert headers.get(name), f"{what} has no {name}"
    policy = headers["Content-Security-Policy"]
    assert re.search(r"frame-ancestors 'none'", policy), what
    assert re.search(r"default-src 'none'", policy), what
    assert "unsafe" not in policy, what
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin"), what
    assert "Server" not in headers, "which versions run here is nobody's business"


async def test_every_route_answers_with_them_whatever_it_answers(gateway):
    statuses = set()
    for method, path in doors(gateway.app):
        for sent in {method, "DELETE"}:
            async with gateway.http.request(
                sent, gateway.url + filled(path), data=b"\xff{", allow_redirects=False
            ) as response:
                statuses.add(response.status)
                check(response.headers, f"{sent} {path} ({response.status})")
    assert {200, 303, 400, 401, 404, 405} <= statuses


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", None, 404),
        ("GET", "/widget/../gateway/app.py", None, 404),
        ("GET", "/widget/%2e%2e/%2e%2e/pyproject.toml", None, 404),
        ("POST", "/api/v1/conversations", b"x" * 600_000, 413),
        ("POST", "/desk/sign-in", b"x" * 600_000, 403),
        ("GET", "/widget/chat.js", None, 200),
        ("GET", "/desk/static/desk.css", None, 200),
    ],
)
async def test_errors_and_files_have_them(gateway, method, path, body, status):
    async with gateway.http.request(method, gateway.url + path, data=body) as response:
        assert response.status == status
        check(response.headers, path)
        assert ("Strict-Transport-Security" in response.headers) is False, "this machine has no TLS"


async def test_a_socket_has_them(gateway):
    address = f"{gateway.url}/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as http, http.ws_connect(address, origin=gateway.url) as socket:
        check(socket._response.headers, "the socket")
    async with gateway.http.get(f"{gateway.url}/socket.io/?EIO=4&transport=polling") as response:
        check(response.headers, "polling")


async def test_in_production_browsers_are_told_to_keep_to_tls(start):
    class Nowhere:
        async def send(self, letter):
            raise AssertionError(letter)

    gateway = await start(senders={"sms": Nowhere(), "email": Nowhere()}, production=True)
    for path in ("/", "/nothing", "/desk/", "/widget.js", "/healthz"):
        async with gateway.http.get(gateway.url + path, allow_redirects=False) as response:
            assert response.headers["Strict-Transport-Security"] == "max-age=63072000", path
            check(response.headers, path)


async def test_answers_of_the_api_are_kept_by_no_cache(gateway):
    talk = await gateway.talk()
    async with gateway.http.get(gateway.url + talk.path, headers={"Authorization": f"Bearer {talk.token}"}) as response:
        assert response.headers["Cache-Control"] == "no-store"
