"""Whatever the OpenAPI document allows, and much that it does not: no answer is a server error, each is as documented."""

import asyncio
from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = settings(
    max_examples=5,  # for each route and mode: some hundred requests, seconds
    deadline=None,
    database=None,
    derandomize=True,  # the same requests at every run
    suppress_health_check=list(HealthCheck),
)


def ask_all(document, address, headers_of, mode):
    """Asks each route, with the token that it needs. Returns how many were asked; raises where an answer is not right."""
    asked = 0
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        ask(found.ok(), address, headers_of, mode)
        asked += 1
    return asked


def ask(operation, address, headers_of, mode):
    (scope,) = [name for one in operation.definition.raw.get("security", []) for name in one] or [None]

    @EXAMPLES
    @given(case=operation.as_strategy(generation_mode=mode))
    def one_route(case):
        response = case.call(base_url=address, headers=headers_of[scope])
        case.validate_response(response, checks=CHECKS, headers=headers_of[scope])

    with suppress(Unsatisfiable):  # a route that takes nothing cannot be asked wrongly
        one_route()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["allowed", "not allowed"])
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
