"""What a customer opens by a link is billing's: the gateway hands it on, and hands on nothing else."""

import jwt
import pytest
from aiohttp import web

from gateway.forward import BODY_MOST


@pytest.fixture
def billing(parts, monkeypatch):
    """The pages of billing, and what they were asked with."""
    seen = []

    async def page(request):
        seen.append((request.method, request.raw_path, dict(request.headers), await request.text()))
        status = 410 if request.match_info["token"] == "used" else 200
        return web.Response(
            status=status,
            text=f"page {request.match_info['token']}",
            content_type="text/html",
            headers={"Content-Security-Policy": "default-src 'none'", "Set-Cookie": "a=b", "X-Own": "inside"},
        )

    whole = parts.application

    def application():
        app = whole()
        app.add_routes([web.route("*", "/pay/{token}", page), web.get("/documents/{token}", page)])
        return app

    monkeypatch.setattr(parts, "application", application)
    return seen


@pytest.mark.parametrize("path", ["/pay/abc", "/documents/abc.def"])
async def test_a_link_is_answered_by_billing_with_its_own_headers(billing, gateway, path):
    headers = {"Accept-Language": "fr-CA", "Authorization": "Bearer mine", "Cookie": "session=mine"}
    async with gateway.http.get(gateway.url + path, headers=headers) as response:
        assert response.status == 200
        assert await response.text() == f"page {path.rsplit('/', 1)[1]}"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'"
        assert "Set-Cookie" not in response.headers
        assert "X-Own" not in response.headers
    (_, asked, given, _), *rest = billing
    assert not rest
    assert asked == path
    assert given["Accept-Language"] == "fr-CA"
    assert "Authorization" not in given
    assert "Cookie" not in given


async def test_the_payment_form_is_handed_on(billing, gateway):
    async with gateway.http.post(gateway.url + "/pay/abc", data={"action": "pay"}) as response:
        assert response.status == 200
    assert [(method, body) for method, _, _, body in billing] == [("POST", "action=pay")]


async def test_a_used_link_says_so(billing, gateway):
    async with gateway.http.get(gateway.url + "/pay/used") as response:
        assert response.status == 410


@pytest.mark.parametrize("path", ["/documents/..%2fv1%2flocate", "/pay/../v1/locate", "/documents/a/b", "/v1/balance"])
async def test_no_other_route_of_billing_can_be_reached(billing, gateway, path):
    async with gateway.http.get(gateway.url + path) as response:
        assert response.status in (200, 404)
    assert all(asked.startswith(("/pay/", "/documents/")) and "/v1" not in asked for _, asked, _, _ in billing)


async def test_a_large_body_is_refused_here(billing, gateway):
    async with gateway.http.post(gateway.url + "/pay/abc", data=b"x" * (BODY_MOST + 1)) as response:
        assert response.status == 413
    assert billing == []


async def test_without_billing_the_page_says_that_it_is_not_there(gateway, parts):
    async with gateway.http.get(gateway.url + "/pay/abc") as response:
        assert response.status == 404, "the stand-in has no such page, and its answer is handed on"


@pytest.mark.parametrize(("scope", "named"), [("catalogue", "catalogue"), ("locate", "locate")])
async def test_a_token_that_proves_nothing_names_no_account(gateway, scope, named):
    talk = await gateway.talk()
    status, body = await talk.inside("billing-token", {"scope": scope})
    claims = jwt.decode(body["token"], options={"verify_signature": False})
    assert status == 200
    assert claims["scope"] == named
    assert claims["conversation"] == talk.id
    assert not {"account", "level", "role"} & set(claims)


async def test_the_account_needs_a_proof_whatever_is_asked_for(gateway):
    talk = await gateway.talk()
    assert (await talk.inside("billing-token", {"scope": "account"}))[0] == 403
    assert (await talk.inside("billing-token", {"scope": "everything"}))[0] == 403
