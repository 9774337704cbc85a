"""The company's own site says who is logged in: a signed token instead of a code."""

import contextlib

import jwt
import pytest

from tests.integration.gateway.conftest import SECRET
from tests.integration.gateway.page import Page

SITE = "the secret of the site of PRIMUS, long enough"


def signed(clock, secret=SITE, **changes):
    now = int(clock.now.timestamp())
    claims = {"aud": "support-assistant", "brand": "primus", "account": "1002003001", "iat": now, "exp": now + 300}
    return jwt.encode({**claims, **changes}, secret, algorithm="HS256")


@contextlib.asynccontextmanager
async def opened(gateway):
    page = Page()
    await page.open(gateway.url)
    try:
        yield page
    finally:
        await page.client.shutdown()


async def create(gateway, token, brand="primus"):
    body = {"brand": brand, "identity_token": token}
    return await gateway.call("POST", "/api/v1/conversations", body, **{"Accept-Language": "en"})


async def proved(gateway, conversation):
    url = f"{gateway.internal_url}/internal/v1/conversations/{conversation}/billing-token"
    async with gateway.http.post(url, json={}, headers={"Authorization": f"Bearer {SECRET}"}) as response:
        return response.status


async def test_a_token_of_the_site_verifies_its_customer(start, clock):
    gateway = await start(identity_secrets={"primus": SITE})
    status, body = await create(gateway, signed(clock))
    assert status == 201
    assert await proved(gateway, body["conversation"]) == 200


async def test_other_tokens_are_refused(start, clock):
    gateway = await start(identity_secrets={"primus": SITE, "wrs": "another secret, of the site of WRS"})
    now = int(clock.now.timestamp())
    wrong = [
        signed(clock, secret="the secret of Charlie the outsider!!"),
        signed(clock, brand="wrs"),
        signed(clock, aud="billing"),
        signed(clock, exp=now - 1),
        signed(clock, exp=now + 3600),
        signed(clock, iat=now + 120, exp=now + 300),
        signed(clock, account=""),
        signed(clock, account=1002003001),
        jwt.encode({"aud": "support-assistant", "brand": "primus", "account": "1002003001"}, SITE, algorithm="HS256"),
        "not a token",
        7,
        {},
    ]
    for token in wrong:
        status, problem = await create(gateway, token)
        assert (status, problem["title"]) == (403, "Identity token refused"), token
    assert (await create(gateway, signed(clock), brand="wrs"))[0] == 403, "signed for another brand"


@pytest.mark.parametrize("secrets", [{}, {"wrs": SITE}])
async def test_a_brand_without_a_secret_takes_no_token(start, clock, secrets):
    gateway = await start(identity_secrets=secrets)
    assert (await create(gateway, signed(clock)))[0] == 403


async def test_without_a_token_nothing_is_proved(start):
    gateway = await start(identity_secrets={"primus": SITE})
    talk = await gateway.talk()
    assert await proved(gateway, talk.id) == 403


async def test_a_pages_session_takes_the_token_at_its_start_and_later(start, clock):
    gateway = await start(identity_secrets={"primus": SITE})
    async with opened(gateway) as amelie:
        first = await amelie.session(brand="primus", identity_token=signed(clock))
        assert first["identified"] is True
        assert await proved(gateway, first["session_id"].split(".")[0]) == 200
        await amelie.session(brand="primus")
    async with opened(gateway) as amelie:
        plain = await amelie.session(brand="primus")
        assert plain["identified"] is False
        assert await proved(gateway, plain["session_id"].split(".")[0]) == 403
        again = await amelie.session(session_id=plain["session_id"], identity_token=signed(clock))
        assert again["identified"] is True
        assert again["session_id"].split(".")[0] == plain["session_id"].split(".")[0]
        assert again["session_id"] != plain["session_id"], "the session is new once identity is proved"
        assert await proved(gateway, plain["session_id"].split(".")[0]) == 200


@pytest.mark.parametrize("token", ["not a token", 7, {"account": "1002003001"}, ""])
async def test_a_page_with_a_wrong_token_talks_on_as_nobody(start, token):
    gateway = await start(identity_secrets={"primus": SITE})
    async with opened(gateway) as charlie:
        answer = await charlie.session(brand="primus", identity_token=token)
        assert answer["identified"] is False
        assert await proved(gateway, answer["session_id"].split(".")[0]) == 403


async def test_what_one_customer_read_is_not_shown_to_the_next_on_the_same_browser(start, clock):
    gateway = await start(identity_secrets={"primus": SITE})
    async with opened(gateway) as browser:
        amelies = await browser.session(brand="primus", identity_token=signed(clock))
        await browser.say("mon solde est secret")
        await browser.wait_for(1)
        clock.pass_(hours=2)  # her proof has ended, her lines are still there
        charlies = await browser.session(
            session_id=amelies["session_id"], brand="primus", identity_token=signed(clock, account="1002003002")
        )
        assert charlies["session_id"] != amelies["session_id"]
        assert charlies["lines"] == []
        hers = await browser.session(
            session_id=amelies["session_id"], brand="primus", identity_token=signed(clock, account="1002003001")
        )
        assert len(hers["lines"]) == 2
