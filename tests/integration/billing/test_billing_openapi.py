"""The OpenAPI document describes every route, and the answers are as it says."""

import re

import pytest

READING = ("/v1/account", "/v1/balance", "/v1/bills", "/v1/bills/latest", "/v1/activity")


@pytest.fixture
async def document(client):
    response = await client.get("/openapi.json")
    assert response.status == 200
    return await response.json()


async def test_it_is_served_as_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"


async def test_every_route_is_documented_and_the_reverse(client, document):
    served = {
        (route.method, route.resource.canonical) for route in client.app.router.routes() if route.method != "HEAD"
    }
    documented = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert served == documented


async def test_only_the_routes_without_a_token_say_so(document):
    open_paths = {path for path, item in document["paths"].items() for one in item.values() if one["security"] == []}
    assert open_paths == {"/healthz", "/readyz", "/openapi.json"}


async def test_every_reference_leads_somewhere(document):
    def references(node):
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    for reference in references(document):
        assert follow(document, {"$ref": reference})


def follow(document, node):
    while "$ref" in node:
        found = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def check(document, schema, value, place="answer"):
    """The part of JSON Schema that the document uses."""
    schema = follow(document, schema)
    if "const" in schema:
        assert value == schema["const"], place
    if "enum" in schema:
        assert value in schema["enum"], place
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert any(TYPES[name](value) for name in types), f"{place}: {value!r} is no {types}"
    if "pattern" in schema:
        assert re.search(schema["pattern"], value), place
    if isinstance(value, list):
        for position, item in enumerate(value):
            check(document, schema["items"], item, f"{place}[{position}]")
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema.get("required", ())) <= set(value), place
        if schema.get("additionalProperties", True) is False:
            assert set(value) <= set(schema["properties"]), place
        for name, part in value.items():
            check(document, schema["properties"].get(name, {}), part, f"{place}.{name}")


async def check_response(document, method, path, response):
    described = follow(document, document["paths"][path][method]["responses"][str(response.status)])
    (media_type,) = described["content"]
    assert response.content_type == media_type
    check(document, described["content"][media_type]["schema"], await response.json())


@pytest.mark.parametrize("path", [*READING, "/healthz", "/readyz", "/openapi.json"])
async def test_what_is_read_is_as_documented_for_every_customer(client, document, bearer, demo_accounts, path):
    for entry in demo_accounts:
        response = await client.get(path, headers=bearer(entry["account"], brand=entry["brand"]))
        await check_response(document, "get", path, response)


@pytest.mark.parametrize("path", READING)
async def test_refusals_of_reading_are_as_documented(client, document, bearer, path):
    for headers in ({}, bearer(scope="locate"), bearer("1002003999")):
        response = await client.get(path, headers=headers)
        assert response.status >= 400
        await check_response(document, "get", path, response)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"brand": "primus", "account": "1002003001", "postal_code": "H2X1Y4"}, 200),
        ({"brand": "primus", "account": "1002003001", "postal_code": "X"}, 404),
        ({"brand": "primus"}, 422),
        ([], 400),
    ],
)
async def test_locating_is_as_documented(client, document, bearer, body, status):
    response = await client.post("/v1/locate", json=body, headers=bearer(scope="locate"))
    assert response.status == status
    await check_response(document, "post", "/v1/locate", response)


@pytest.mark.parametrize(
    ("body", "key", "changes", "status"),
    [
        ({"email": "amelie@laurier.example"}, "enrol-0001", {}, 200),
        ({"email": "office@northgate.example"}, "enrol-0001", {"account": "1002003002"}, 200),
        ({"email": "amelie"}, "enrol-0001", {}, 422),
        ({"email": "amelie@laurier.example"}, "", {}, 400),
        ({"email": "marc@tremblay.example"}, "enrol-0001", {"account": "50010002", "brand": "wrs"}, 403),
    ],
)
async def test_enrolling_is_as_documented(client, document, bearer, body, key, changes, status):
    headers = {**bearer(**changes), "Idempotency-Key": key}
    response = await client.post("/v1/ebill-enrolment", json=body, headers=headers)
    assert response.status == status
    await check_response(document, "post", "/v1/ebill-enrolment", response)
