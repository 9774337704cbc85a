"""The company's own site says who is logged in: a signed token instead of a code."""

import jwt
import pytest

from tests.integration.gateway.conftest import SECRET

SITE = "the secret of the site of PRIMUS, long enough"


def signed(clock, secret=SITE, **changes):
    now = int(clock.now.timestamp())
    claims = {"aud": "support-assistant", "brand": "primus", "account": "1002003001", "iat": now, "exp": now + 300}
    return jwt.encode({**claims, **changes}, secret, algorithm="HS256")


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
