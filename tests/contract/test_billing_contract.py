"""Does an implementation of billing keep the contract of `billing/openapi.json`? Runs against any, over HTTP.

    make contract BILLING_URL=http://127.0.0.1:8081 BILLING_TOKEN_SECRET=...

It needs the demonstration customers (demo/accounts.json), and changes only what it puts back or what leaves no trace in
a customer's account: a link that is not used, automatic payment stopped again. Of the notices it takes only those of its own
changes. Skipped where the two are not set.
"""

import calendar
import json
import os
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import aiohttp
import jwt
import pytest

from tests.openapi_check import check_response

ROOT = Path(__file__).parents[2]
URL, SECRET = os.environ.get("BILLING_URL", "").rstrip("/"), os.environ.get("BILLING_TOKEN_SECRET", "")
pytestmark = pytest.mark.skipif(not (URL and SECRET), reason="BILLING_URL and BILLING_TOKEN_SECRET are not set")

CUSTOMERS = json.loads((ROOT / "demo" / "accounts.json").read_text(encoding="utf-8"))["accounts"]
DOCUMENT = json.loads((ROOT / "billing" / "openapi.json").read_text(encoding="utf-8"))
# What every customer may read without naming anything.
READING = sorted(
    path
    for path, item in DOCUMENT["paths"].items()
    if path.startswith("/v1/") and "{" not in path and item.get("get", {}).get("security") == [{"account": []}]
)
LAURIER, NORTHGATE, WRS = ("1002003001", "primus"), ("1002003002", "primus"), ("50010002", "wrs")
TODAY = date.today()
AMELIE = {"email": "amelie@laurier.example"}


def bearer(account=LAURIER, **changes):
    claims = {
        "aud": "billing",
        "exp": int(time.time()) + 60,
        "scope": "account",
        "account": account[0],
        "brand": account[1],
        "role": "administrator",
        "conversation": "contract-tests",
        "level": "verified",
    }
    return {"Authorization": f"Bearer {jwt.encode({**claims, **changes}, SECRET, algorithm='HS256')}"}


@pytest.fixture
async def ask():
    """`await ask("get", "/v1/balance", headers)` gives the response, checked against the document."""
    async with aiohttp.ClientSession() as http:

        async def send(method, path, headers, *, template=None, **options):
            async with http.request(method, URL + path, headers=headers, **options) as response:
                await response.read()
                await check_response(DOCUMENT, method, template or path.partition("?")[0], response)
                return response

        yield send


@pytest.fixture
async def debtor(ask):
    """A customer who owes more than a few dollars, whatever was paid since the customers were loaded, and how much."""
    for customer in CUSTOMERS:
        account = customer["account"], customer["brand"]
        owed = (await (await ask("get", "/v1/balance", bearer(account))).json())["balance"]
        if float(owed["amount"]) > 10:
            return bearer(account), owed
    pytest.fail("none of the demonstration customers owes anything")


def with_key(headers, key=None):
    return {**headers, "Idempotency-Key": key or uuid4().hex}


async def test_it_can_serve(ask):
    assert (await ask("get", "/readyz", {})).status == 200


@pytest.mark.parametrize("path", READING)
async def test_what_customers_read_is_as_documented(ask, path):
    for customer in CUSTOMERS:
        await ask("get", path, bearer((customer["account"], customer["brand"])))


@pytest.mark.parametrize("path", READING)
async def test_nobody_reads_without_the_right_token(ask, path):
    assert (await ask("get", path, {})).status == 401
    assert (await ask("get", path, bearer(exp=1))).status == 401
    assert (await ask("get", path, bearer(aud="desk"))).status == 401
    assert (await ask("get", path, bearer(scope="locate"))).status == 403
    assert (await ask("get", path, bearer(level="located"))).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/v1/availability?postal_code=K7L3N6",
        "/v1/modems?network=cogeco",
        "/v1/plans",
        "/v1/plans?postal_code=B3H1A1",
        f"/v1/modem-delivery?paid_on={TODAY}&postal_code=K7L3N6",
        f"/v1/order-charge?ordered_on={TODAY}&postal_code=K7L3N6&modem=rented",
    ],
)
async def test_what_anybody_may_ask_of_the_internet_provider_is_as_documented(ask, path):
    assert (await ask("get", path, bearer(WRS, scope="catalogue"))).status == 200
    assert (await ask("get", path, bearer(LAURIER, scope="catalogue"))).status == 403
    assert (await ask("get", path, bearer(WRS))).status == 403


async def test_an_order_is_charged_from_its_day_to_the_end_of_the_month_with_the_taxes_of_its_province(ask):
    """A price that the company has set itself comes before the one that is named; shares, days and taxes are the same."""
    path = f"/v1/order-charge?ordered_on={TODAY}&postal_code=H2X1Y4&modem=own&monthly_price=60.00"
    found = await (await ask("get", path, bearer(WRS, scope="catalogue"))).json()
    last = calendar.monthrange(TODAY.year, TODAY.month)[1]
    assert (found["days"], found["days_in_month"]) == (last - TODAY.day + 1, last)
    assert found["until"] == TODAY.replace(day=last).isoformat()
    assert [(tax["code"], tax["percent"]) for tax in found["taxes"]] == [("gst", "5"), ("qst", "9.975")]
    assert [part["key"] for part in found["parts"]] == ["service", "connection"], "nothing is shipped"
    amounts = [part["amount"] for part in (*found["parts"], *found["taxes"]) if part["amount"]]
    assert Decimal(found["known"]["amount"]) == sum(Decimal(amount["amount"]) for amount in amounts)
    assert found["complete"] == all(part["amount"] for part in found["parts"])


async def test_what_is_on_its_way_stands_before_what_is_over(ask):
    for path, ahead in (
        ("/v1/shipments", {"preparing", "in_transit", "late"}),
        ("/v1/appointments", {"to_come", "today"}),
    ):
        for customer in CUSTOMERS:
            response = await ask("get", path, bearer((customer["account"], customer["brand"])))
            if response.status == 200:
                stages = [one["stage"] in ahead for one in await response.json()]
                assert stages == sorted(stages, reverse=True)


async def test_an_unknown_account_and_a_wrong_postal_code_are_one_answer(ask):
    bodies = set()
    for account, postal_code in (("1002003999", "H2X1Y4"), ("1002003001", "H2X1Y5")):
        body = {"brand": "primus", "account": account, "postal_code": postal_code}
        response = await ask("post", "/v1/locate", bearer(scope="locate"), json=body)
        assert response.status == 404
        bodies.add(await response.text())
    assert len(bodies) == 1


async def test_a_write_is_done_once_for_a_key(ask, debtor):
    headers = with_key(debtor[0])
    first = await ask("post", "/v1/payment-links", headers, json={"amount": "5.00"})
    again = await ask("post", "/v1/payment-links", headers, json={"amount": "5.00"})
    assert (first.status, await first.json()) == (201, await again.json())
    assert (await ask("post", "/v1/payment-links", headers, json={"amount": "6.00"})).status == 422
    assert (await ask("post", "/v1/payment-links", debtor[0], json={"amount": "5.00"})).status == 400


@pytest.fixture
async def change(ask):
    """`await change()` changes automatic payment of one account and puts it back; the references of both."""

    async def both_ways():
        before = await (await ask("get", "/v1/autopay", bearer(WRS))).json()
        references = []
        for method in ("put", "delete") if not before["active"] else ("delete", "put"):
            answer = await (await ask(method, "/v1/autopay", with_key(bearer(WRS)))).json()
            assert (answer["changed"], answer["active"]) == (True, method == "put")
            references.append(answer["reference"])
        assert (await (await ask("get", "/v1/autopay", bearer(WRS))).json())["active"] == before["active"]
        return references

    return both_ways


async def test_automatic_payment_starts_and_stops(change):
    assert len(set(await change())) == 2


async def test_a_payment_above_what_is_owed_is_refused_with_the_largest(ask, debtor):
    headers, owed = debtor
    response = await ask("post", "/v1/payment-links", with_key(headers), json={"amount": "999999.00"})
    assert (response.status, (await response.json())["largest"]) == (422, owed)


async def test_a_bill_of_another_account_does_not_exist(ask):
    bodies = set()
    for number in ("P-90990", "P-00000"):
        path = f"/v1/bills/{number}/document"
        headers, template = with_key(bearer()), "/v1/bills/{number}/document"
        response = await ask("post", path, headers, template=template, json={"language": "fr"})
        assert response.status == 404
        bodies.add(await response.text())
    assert len(bodies) == 1


async def test_a_secondary_user_changes_nothing(ask):
    for method, path, body in (("put", "/v1/autopay", None), ("put", "/v1/ebill-email", AMELIE)):
        response = await ask(method, path, with_key(bearer(NORTHGATE, role="secondary")), json=body)
        assert response.status == 403
    assert (await ask("get", "/v1/users", bearer(NORTHGATE, role="secondary"))).status == 403


async def test_problems_speak_the_language_that_is_asked_for(ask):
    titles = set()
    for language in ("fr", "en"):
        response = await ask("get", "/v1/balance", {"Accept-Language": language})
        assert response.headers["Content-Language"] == language
        titles.add((await response.json())["title"])
    assert len(titles) == 2


@pytest.fixture
def listed(ask):
    """`await listed(references)` are the ids of what is to be told of these changes."""

    async def ids(references):
        notices = await (await ask("get", "/v1/notices?limit=200", bearer(scope="notices"))).json()
        assert len({notice["id"] for notice in notices}) == len(notices)
        return [notice["id"] for notice in notices if notice["reference"] in references]

    return ids


async def test_a_notice_is_listed_until_it_is_taken(ask, change, listed):
    references = await change()
    ids = await listed(references)
    if not ids:
        pytest.skip("it tells its customers itself, or a gateway was faster")
    assert await listed(references) == ids
    for _ in range(2):  # taking them again does no harm
        response = await ask("post", "/v1/notices/taken", bearer(scope="notices"), json={"ids": ids})
        assert response.status == 200
    assert await listed(references) == []


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": ["1"]}, {"ids": [0]}, {"ids": list(range(1, 202))}])
async def test_a_list_of_notices_that_makes_no_sense_is_refused(ask, body):
    assert (await ask("post", "/v1/notices/taken", bearer(scope="notices"), json=body)).status == 422


@pytest.mark.parametrize("scope", ["account", "locate", "catalogue"])
async def test_only_the_gateway_reads_where_customers_can_be_reached(ask, scope):
    assert (await ask("get", "/v1/notices", bearer(scope=scope))).status == 403
    assert (await ask("post", "/v1/notices/taken", bearer(scope=scope), json={"ids": [1]})).status == 403


async def test_the_token_of_notices_reads_no_account(ask):
    assert (await ask("get", "/v1/balance", bearer(scope="notices"))).status == 403
    body = {"brand": "primus", "account": LAURIER[0], "postal_code": "H2X 1Y4"}
    assert (await ask("post", "/v1/locate", bearer(scope="notices"), json=body)).status == 403
