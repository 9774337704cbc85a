"""The answers of the routes of money, documents, delivery and profile are as the OpenAPI document says."""

from urllib.parse import urlsplit

import pytest

from tests.openapi_check import check_response

READING = (
    "/v1/autopay",
    "/v1/payment-reports",
    "/v1/payment-promises",
    "/v1/payment-promises/limits",
    "/v1/reminders",
    "/v1/bills/latest/explanation",
    "/v1/users",
    "/v1/call-details/summary",
)
LAURIER = ("1002003001", "primus")
NORTHGATE = ("1002003002", "primus")
BOREAL = ("1002003003", "primus")
MARC = ("50010002", "wrs")
PAID_UP = ("50010001", "wrs")
MINUIT = {"account": "1002003004", "postal_code": "J8X2K1"}
JEAN = {**MINUIT, "name": "Jean Minuit", "email": "jean@cafe.example", "accept_terms": True}

WRITES = [
    ("post", "/v1/payment-links", LAURIER, {}, 201),
    ("post", "/v1/payment-links", LAURIER, {"amount": "5.00"}, 201),
    ("post", "/v1/payment-links", LAURIER, {"amount": "9999.00"}, 422),
    ("post", "/v1/payment-links", LAURIER, {"amount": "0.01"}, 422),
    ("post", "/v1/payment-links", LAURIER, [], 400),
    ("post", "/v1/payment-links", PAID_UP, {}, 409),
    ("put", "/v1/autopay", LAURIER, None, 200),
    ("delete", "/v1/autopay", LAURIER, None, 200),
    ("put", "/v1/autopay", ("0012345678", "pitney-bowes"), None, 403),
    ("post", "/v1/payment-reports", LAURIER, {"amount": "5.00", "date": "2026-03-01", "method": "cheque"}, 201),
    ("post", "/v1/payment-reports", LAURIER, {"amount": "181.07", "date": "2026-01-14", "method": "cheque"}, 201),
    ("post", "/v1/payment-reports", LAURIER, {"amount": "5.00", "date": "2020-03-01", "method": "cheque"}, 422),
    ("post", "/v1/payment-promises", MARC, {"amount": "5.00", "date": "2026-03-09"}, 201),
    ("post", "/v1/payment-promises", MARC, {"amount": "500.00", "date": "2026-03-09"}, 422),
    ("post", "/v1/payment-promises", PAID_UP, {"amount": "5.00", "date": "2026-03-09"}, 409),
    ("post", "/v1/payment-promises", LAURIER, {"amount": "5.00", "date": "2026-03-09"}, 403),
    ("post", "/v1/bills/{number}/document", LAURIER, {"language": "fr"}, 201),
    ("put", "/v1/ebill-email", NORTHGATE, {"email": "priya@northgate.example"}, 200),
    ("put", "/v1/ebill-email", LAURIER, {"email": "priya@northgate.example"}, 409),
    ("put", "/v1/ebill-email", NORTHGATE, {"email": "priya"}, 422),
    ("post", "/v1/profile-accounts", LAURIER, MINUIT, 201),
    ("post", "/v1/profile-accounts", LAURIER, {**MINUIT, "postal_code": "X"}, 404),
    ("post", "/v1/profile-accounts", BOREAL, MINUIT, 409),
    ("post", "/v1/call-details/document", NORTHGATE, {"language": "en"}, 201),
    ("post", "/v1/call-details/document", LAURIER, {"language": "en"}, 409),
]


@pytest.fixture
async def document(client):
    return await (await client.get("/openapi.json")).json()


@pytest.mark.parametrize("path", READING)
async def test_what_is_read_is_as_documented_for_every_customer(client, document, bearer, demo_accounts, path):
    for entry in demo_accounts:
        response = await client.get(path, headers=bearer(entry["account"], brand=entry["brand"]))
        await check_response(document, "get", path, response)
    for headers in ({}, bearer(scope="locate"), bearer("1002003999"), bearer(role="secondary")):
        await check_response(document, "get", path, await client.get(path, headers=headers))


@pytest.mark.parametrize(("method", "path", "account", "body", "status"), WRITES)
async def test_writes_are_as_documented(client, document, bearer, method, path, account, body, status):
    number, brand = account
    headers = {**bearer(number, brand=brand), "Idempotency-Key": "documented-1"}
    address = path.format(number="P-90871")
    response = await client.request(method, address, json=body, headers=headers)
    assert response.status == status, await response.text()
    await check_response(document, method, path, response)
    # A write that was made is listed as documented, and each write needs a token and a key.
    if "get" in document["paths"][path]:
        await check_response(document, "get", path, await client.get(path, headers=headers))
    await check_response(document, method, path, await client.request(method, address, json=body))
    no_key = await client.request(method, address, json=body, headers=bearer(number, brand=brand))
    assert no_key.status in {400, 403}
    await check_response(document, method, path, no_key)


@pytest.mark.parametrize(
    ("changes", "status"),
    [({}, 201), ({"accept_terms": False}, 422), ({"postal_code": "X"}, 404), ({"brand": "wrs"}, 403)],
)
async def test_registering_is_as_documented(client, document, bearer, changes, status):
    headers = {**bearer(scope="locate"), "Idempotency-Key": "documented-1"}
    response = await client.post("/v1/eservice-registrations", json={**JEAN, **changes}, headers=headers)
    assert response.status == status
    await check_response(document, "post", "/v1/eservice-registrations", response)


@pytest.mark.parametrize("choice", ["pay", "decline"])
async def test_a_payment_page_is_as_documented_from_open_to_used(client, document, write, read, bearer, choice):
    _, answer = await write("POST", "/v1/payment-links", {})
    path, state = urlsplit(answer["url"]).path, f"/v1/payment-links/{answer['reference']}"
    for method, status in (("get", 200), ("post", 200), ("get", 410), ("post", 410)):
        response = await client.request(method, path, data={"choice": choice} if method == "post" else None)
        assert response.status == status
        await check_response(document, method, "/pay/{token}", response)
        told = await client.get(state, headers=bearer())
        await check_response(document, "get", "/v1/payment-links/{reference}", told)
    await check_response(document, "get", "/pay/{token}", await client.get("/pay/unknown"))
    await check_response(document, "get", "/documents/{token}", await client.get("/documents/unknown"))
    missing = await client.get("/v1/payment-links/L-22222222", headers=bearer())
    await check_response(document, "get", "/v1/payment-links/{reference}", missing)
