"""Every route of billing, from its router: which token it takes, and what it never shows of another's account."""

import jwt
import pytest

from tests.doors import doors, filled

OPEN = {
    ("GET", "/healthz"): "whether it runs",
    ("GET", "/readyz"): "whether its database answers",
    ("GET", "/openapi.json"): "the document",
    ("GET", "/metrics"): "its figures: no account, no path; loopback only",
    ("GET", "/pay/{token}"): "by the token of the link alone (test_payment_links)",
    ("POST", "/pay/{token}"): "by the token of the link alone",
    ("GET", "/documents/{token}"): "by the token of the link alone (test_bill_documents)",
}
# What is read and done on the account of the token, by others than the gateway itself.
LOCATE = {("POST", "/v1/locate"), ("POST", "/v1/eservice-registrations")}
NOTICES = {("GET", "/v1/notices"), ("POST", "/v1/notices/taken")}
CATALOGUE = {
    ("GET", "/v1/availability"),
    ("GET", "/v1/modems"),
    ("GET", "/v1/plans"),
    ("GET", "/v1/modem-delivery"),
    ("GET", "/v1/order-charge"),
    ("GET", "/v1/equipment/{serial}"),
    ("GET", "/v1/coverage"),
    ("GET", "/v1/onsite-estimate"),
    ("GET", "/v1/maintenance"),
    ("POST", "/v1/maintenance-visits"),
    ("POST", "/v1/premier-access"),
}
VICTIM, OTHER = "1002003001", "1002003002"


def scoped(client):
    return [door for door in doors(client.app) if door not in OPEN]


def scope_of(door):
    return (
        "locate"
        if door in LOCATE
        else "notices"
        if door in NOTICES
        else "catalogue"
        if door in CATALOGUE
        else "account"
    )


def forged(bearer):
    """Headers that are no proof: none, noise, another key, another audience, no key at all, over, unproved."""
    right = bearer()["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(right, options={"verify_signature": False})
    yield {}
    for given in ("", "Bearer", "Bearer x", "Bearer " + "x" * 5000, f"Basic {right}", right, f"Bearer {right[:-2]}"):
        yield {"Authorization": given}
    for scope in ("account", "locate", "notices", "catalogue", "everything", None):
        yield bearer(secret="x" * 48, scope=scope)
        yield bearer(scope=scope, aud="support-assistant")
        yield bearer(scope=scope, exp=1)
        yield {"Authorization": f"Bearer {jwt.encode({**claims, 'scope': scope}, None, algorithm='none')}"}
    # Another's body under this one's signature.
    head, _, signature = right.split(".")
    other = jwt.encode({**claims, "account": OTHER}, "x" * 48, algorithm="HS256").split(".")[1]
    yield {"Authorization": f"Bearer {head}.{other}.{signature}"}


async def test_every_route_has_its_token_and_takes_no_other(client, bearer):
    routes = scoped(client)
    assert set(OPEN) | LOCATE | NOTICES | CATALOGUE <= set(doors(client.app)), "a case for a route that is gone"
    assert len(routes) > 30
    for method, path in routes:
        place = filled(path, number="P-90871", serial="4471203")
        answers = set()
        for headers in forged(bearer):
            response = await client.request(method, place, headers=headers, json={"account": VICTIM})
            answers.add(response.status)
        assert answers == {401}, (method, path, answers)
        for scope in {"account", "locate", "notices", "catalogue"} - {scope_of((method, path))}:
            response = await client.request(method, place, headers=bearer(scope=scope), json={"account": VICTIM})
            assert response.status == 403, (method, path, scope)
        response = await client.request(method, place, headers=bearer(level="located"), json={})
        assert response.status == 403, "an account that was only found"


async def test_naming_another_account_reads_and_changes_nothing_of_it(client, bearer, database, demo_accounts):
    """In the query, the body, a header, a cookie: the token's account alone counts."""
    (victim,) = [one for one in demo_accounts if one["account"] == VICTIM]
    hers = {VICTIM, victim["name"], victim["email"], victim["phone"]} - {None}
    named = {"account": VICTIM, "account_number": VICTIM, "customer": VICTIM, "brand": "primus"}
    for method, path in scoped(client):
        if scope_of((method, path)) != "account":
            continue
        headers = {
            **bearer(OTHER), "X-Account": VICTIM, "Cookie": f"account={VICTIM}", "Idempotency-Key": f"k-{path}"[:60],
        }  # fmt: skip
        response = await client.request(
            method, filled(path, number="P-90871"), params=named, json=named, headers=headers
        )
        said = await response.text()
        assert not [value for value in hers if value in said], (method, path)
        assert response.status < 500


@pytest.mark.parametrize("account", [OTHER, "50010001"])
async def test_a_document_or_a_link_of_another_account_is_not_there(client, bearer, write, account):
    """What has a name of its own is asked for by one whose it is not."""
    status, link = await write("POST", "/v1/payment-links", {})
    assert status == 201, link
    brand = "primus" if account == OTHER else "wrs"
    theirs = {**bearer(account, brand=brand), "Idempotency-Key": "another-1"}
    for method, path in (
        ("GET", f"/v1/payment-links/{link['reference']}"),
        ("POST", "/v1/bills/P-90871/document"),
    ):
        response = await client.request(
            method, path, headers=theirs, json={"language": "fr"} if method == "POST" else None
        )
        assert response.status == 404, (path, await response.text())
