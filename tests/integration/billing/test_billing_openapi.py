"""The OpenAPI document describes every route, and the answers are as it says."""

import pytest

from tests.openapi_check import check_response, follow

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
    served -= {("GET", "/metrics")}  # of this process, and no part of what the gateway asks of a billing system
    documented = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert served == documented


async def test_only_the_routes_without_a_token_say_so(document):
    open_paths = {path for path, item in document["paths"].items() for one in item.values() if one["security"] == []}
    assert open_paths == {"/healthz", "/readyz", "/openapi.json", "/pay/{token}", "/documents/{token}"}


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


@pytest.mark.parametrize(
    ("brand", "path", "status"),
    [
        ("wrs", "/v1/availability?postal_code=K7L3N6", 200),
        ("wrs", "/v1/availability?postal_code=X1A1A1", 200),
        ("wrs", "/v1/availability?postal_code=90210", 422),
        ("primus", "/v1/availability?postal_code=K7L3N6", 403),
        ("wrs", "/v1/modems?network=cogeco", 200),
        ("wrs", "/v1/modems?network=cogeco&model=coda4582&firmware=1", 200),
        ("wrs", "/v1/modems?network=cogeco&model=unheard", 200),
        ("wrs", "/v1/modems", 422),
        ("wrs", "/v1/plans?postal_code=K7L3N6", 200),
        ("wrs", "/v1/plans?postal_code=K7L", 422),
        ("wrs", "/v1/modem-delivery?paid_on=2026-04-01&province=ON", 200),
        ("wrs", "/v1/modem-delivery?paid_on=2026-02-30&province=ON", 422),
        ("wrs", "/v1/plans", 200),
        ("wrs", "/v1/order-charge?ordered_on=2026-04-01&postal_code=K7L3N6&modem=bought", 200),
        ("wrs", "/v1/order-charge?ordered_on=2026-04-30&postal_code=H2X1Y4&modem=own&monthly_price=49.95", 200),
        ("wrs", "/v1/order-charge?ordered_on=2026-04-30&postal_code=H2X1Y4&modem=mine", 422),
        ("primus", "/v1/order-charge?ordered_on=2026-04-01&postal_code=K7L3N6&modem=bought", 403),
    ],
)
async def test_what_a_visitor_reads_is_as_documented(client, document, bearer, brand, path, status):
    response = await client.get(path, headers=bearer(brand=brand, scope="catalogue"))
    assert response.status == status
    await check_response(document, "get", path.partition("?")[0], response)


@pytest.mark.parametrize("path", ["/v1/account/plans", "/v1/reconnection", "/v1/shipments", "/v1/appointments"])
@pytest.mark.parametrize(
    ("account", "brand", "status"),
    [
        ("50010001", "wrs", 200),
        ("50010003", "wrs", 200),
        ("1002003001", "primus", 403),
        ("50010009", "wrs", 404),
    ],
)
async def test_what_an_internet_customer_reads_is_as_documented(client, document, bearer, path, account, brand, status):
    response = await client.get(path, headers=bearer(account, brand=brand))
    assert response.status == status
    await check_response(document, "get", path, response)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/v1/equipment/{serial}", "", 200),
        ("/v1/coverage", "?contract=software-premier", 200),
        ("/v1/coverage", "?serial=5D00445566", 200),
        ("/v1/coverage", "?serial=unknown", 404),
        ("/v1/coverage", "", 422),
        ("/v1/onsite-estimate", "?serial=3A01234567", 200),
        ("/v1/onsite-estimate", "?contract=none&postal_code=K0A1A1", 200),
        ("/v1/onsite-estimate", "?contract=none&postal_code=12534", 422),
        ("/v1/maintenance", "?serial=3A01234567", 200),
        ("/v1/maintenance", "?serial=unknown", 404),
    ],
)
async def test_what_the_field_service_tells_is_as_documented(client, document, bearer, path, query, status):
    headers = bearer(brand="pitney-bowes", scope="catalogue")
    response = await client.get(path.format(serial="3A01234567") + query, headers=headers)
    assert response.status == status
    await check_response(document, "get", path, response)


VISIT = {"serial": "3A01234567", "preferred_on": "2026-04-14", "contact": "514 555-0121"}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/maintenance-visits", VISIT, 201),
        ("/v1/maintenance-visits", {**VISIT, "serial": "7R00987654"}, 409),
        ("/v1/maintenance-visits", {**VISIT, "serial": "unknown"}, 404),
        ("/v1/maintenance-visits", {**VISIT, "preferred_on": "2026-04-12"}, 422),
        ("/v1/premier-access", {"serial": "SW-2290017", "pin": "4821"}, 200),
        ("/v1/premier-access", {"account": "0012345681", "pin": "1111"}, 403),
        ("/v1/premier-access", {"pin": "4821"}, 422),
    ],
)
async def test_what_the_field_service_writes_is_as_documented(client, document, bearer, path, body, status):
    headers = {**bearer(brand="pitney-bowes", scope="catalogue"), "Idempotency-Key": "visit-0001"}
    response = await client.post(path, json=body, headers=headers)
    assert response.status == status
    await check_response(document, "post", path, response)
