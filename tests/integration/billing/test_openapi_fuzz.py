"""Whatever the OpenAPI document allows, and much that it does not: no answer is a server error, each is as documented."""

import asyncio

import pytest

from tests.openapi_fuzz import MODES, ask_all

pytestmark = pytest.mark.timeout(7200)


@pytest.mark.parametrize("mode", MODES)
async def test_every_route_answers_as_documented(client, bearer, mode):
    document = await (await client.get("/openapi.json")).json()
    headers_of = {
        None: {},
        "account": bearer(),
        "locate": bearer(scope="locate"),
        "notices": bearer(scope="notices"),
        "catalogue": bearer("50010001", brand="wrs", scope="catalogue"),
    }
    asked = await asyncio.to_thread(ask_all, document, str(client.make_url("")).rstrip("/"), headers_of, mode)
    assert asked == sum(len(item) for item in document["paths"].values())
