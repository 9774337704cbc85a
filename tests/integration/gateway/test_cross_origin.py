"""Pages of other sites and the API of a conversation: the sites that hold the widget may, others are told nothing."""

import pytest

SITE = "https://www.primus.example"
PATH = "/api/v1/conversations/abc/transcript"


@pytest.fixture
async def gateway(start):
    return await start(allowed_origins=(SITE,))


async def ask(gateway, method, origin, path=PATH, **headers):
    headers = {**({"Origin": origin} if origin else {}), **headers}
    async with gateway.http.request(method, gateway.url + path, headers=headers) as answer:
        return answer.status, answer.headers


async def test_a_browser_of_an_allowed_site_may_call(gateway):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    status, headers = await ask(gateway, "OPTIONS", SITE, **asked)
    assert (status, headers["Access-Control-Allow-Origin"]) == (204, SITE)
    assert "Authorization" in headers["Access-Control-Allow-Headers"]
    status, headers = await ask(gateway, "POST", SITE)
    assert (status, headers["Access-Control-Allow-Origin"], headers["Vary"]) == (401, SITE, "Origin"), (
        "errors are read too"
    )


@pytest.mark.parametrize("origin", ["https://charlie.example", "null", f"{SITE}.charlie.example", SITE.upper(), None])
async def test_other_sites_are_told_nothing(gateway, origin):
    for method in ("OPTIONS", "POST", "GET"):
        status, headers = await ask(gateway, method, origin)
        assert "Access-Control-Allow-Origin" not in headers
        assert status in (401, 405)


@pytest.mark.parametrize("path", ["/desk/api/triage", "/readyz", "/api/v1/conversations"])
async def test_nothing_else_is_opened(gateway, path):
    _, headers = await ask(gateway, "OPTIONS", SITE, path)
    assert "Access-Control-Allow-Origin" not in headers


async def test_no_cookie_is_ever_asked_for(gateway):
    _, headers = await ask(gateway, "OPTIONS", SITE)
    assert "Access-Control-Allow-Credentials" not in headers
