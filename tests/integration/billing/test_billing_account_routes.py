"""What a verified customer reads: on the token's account, and on no other."""

from datetime import timedelta

import pytest

from billing import queries
from billing.money import CAD, total


async def get(client, headers, path):
    response = await client.get(path, headers=headers)
    return response.status, await response.json()


def money(amount):
    return {"amount": amount, "currency": "CAD"}


async def test_the_account_tells_its_choices(client, bearer):
    assert await get(client, bearer(), "/v1/account") == (
        200,
        {
            "brand": "primus",
            "name": "Imprimerie Laurier inc.",
            "language": "fr",
            "delivery": "paper",
            "ebill_email": None,
            "pie": False,
            "autopay": False,
            "user_count": 3,
            "extra": {},
        },
    )


async def test_the_account_tells_what_its_brand_knows(client, bearer, today):
    _, account = await get(client, bearer("50010003", brand="wrs"), "/v1/account")
    assert account["extra"] == {
        "network": "rogers",
        "plan": "Câble 75",
        "disconnected_on": (today - timedelta(days=6)).isoformat(),
        "customer_since": "2020-01-15",
    }
    assert account["delivery"] is None


async def test_the_premier_pin_never_leaves(client, bearer, database):
    headers = bearer("0012345681", brand="pitney-bowes")
    for path in ("/v1/account", "/v1/balance", "/v1/bills", "/v1/bills/latest", "/v1/activity"):
        response = await client.get(path, headers=headers)
        assert response.status == 200
        body = await response.text()
        assert "4821" not in body
        assert "premier_pin" not in body
    async with database.reading() as session:
        owner = await queries.account(session, brand="pitney-bowes", number="0012345681")
    assert owner.extra["premier_pin"] == "4821"


async def test_the_balance_tells_what_is_owed_past_due_and_when(client, bearer, today):
    assert await get(client, bearer(), "/v1/balance") == (
        200,
        {
            "balance": money("284.52"),
            "past_due": money("100.00"),
            "due_date": (today + timedelta(days=9)).isoformat(),
            "past_due_since": (today - timedelta(days=21)).isoformat(),
            "as_of": "2026-03-05T21:30:00-05:00",
        },
    )


async def test_each_demonstration_customer_hears_the_balance_of_the_file(client, bearer, demo_accounts):
    for entry in demo_accounts:
        _, answer = await get(client, bearer(entry["account"], brand=entry["brand"]), "/v1/balance")
        assert (answer["balance"], answer["past_due"]) == (money(entry["balance"]), money(entry["past_due"]))


async def test_with_everything_past_due_no_due_date_is_to_come(client, bearer, today):
    _, answer = await get(client, bearer("50010002", brand="wrs"), "/v1/balance")
    assert answer["due_date"] is None
    assert answer["past_due_since"] == (today - timedelta(days=51)).isoformat()


async def test_a_day_ends_at_midnight_of_the_company_not_of_utc(client, bearer, clock):
    # Café Minuit's bill is due in 19 days: still payable late that evening in Toronto, past due the minute after.
    headers = {"account": "1002003004"}
    clock.now += timedelta(days=19)
    _, evening = await get(client, bearer(**headers), "/v1/balance")
    clock.now += timedelta(hours=3)
    _, night = await get(client, bearer(**headers), "/v1/balance")
    assert (evening["past_due"], night["past_due"]) == (money("0.00"), money("64.10"))


async def test_bills_are_listed_newest_first_with_what_is_left_to_pay(client, bearer, today):
    status, bills = await get(client, bearer(), "/v1/bills")
    assert status == 200
    assert [(bill["number"], bill["total"]["amount"], bill["unpaid"]["amount"]) for bill in bills] == [
        ("P-90871", "184.52", "184.52"),
        ("P-88410", "100.00", "100.00"),
        ("P-86022", "181.07", "0.00"),
        ("P-83977", "179.90", "0.00"),
        ("P-81534", "179.90", "0.00"),
    ]
    assert bills[0] == {
        "number": "P-90871",
        "date": (today - timedelta(days=12)).isoformat(),
        "due_date": (today + timedelta(days=9)).isoformat(),
        "total": money("184.52"),
        "unpaid": money("184.52"),
    }


async def test_the_latest_bill_comes_with_its_lines_in_both_languages(client, bearer):
    status, bill = await get(client, bearer(), "/v1/bills/latest")
    assert (status, bill["number"]) == (200, "P-90871")
    assert bill["lines"][0] == {
        "kind": "service",
        "description": {"fr": "Lignes téléphoniques d’affaires", "en": "Business telephone lines"},
        "amount": money("93.08"),
    }
    assert [line["kind"] for line in bill["lines"]] == ["service", "service", "service", "tax", "tax"]
    assert total(CAD(line["amount"]["amount"]) for line in bill["lines"]) == CAD("184.52")


async def test_the_latest_bill_is_by_date_whatever_the_order_of_loading(client, bearer):
    _, bill = await get(client, bearer("50010003", brand="wrs"), "/v1/bills/latest")
    assert bill["number"] == "W-39010"


async def test_without_a_bill_the_lists_are_empty_and_there_is_no_latest(client, bearer):
    headers = bearer("0012345680", brand="pitney-bowes")
    assert await get(client, headers, "/v1/bills") == (200, [])
    assert await get(client, headers, "/v1/activity") == (200, [])
    status, problem = await get(client, headers, "/v1/bills/latest")
    assert (status, problem["type"]) == (404, "urn:billing:problem:no-bill")
    _, balance = await get(client, headers, "/v1/balance")
    assert (balance["balance"], balance["due_date"]) == (money("0.00"), None)


async def test_activity_mixes_bills_and_payments_newest_first(client, bearer, today):
    status, events = await get(client, bearer(), "/v1/activity")
    assert status == 200
    assert [(event["kind"], event["amount"]["amount"]) for event in events] == [
        ("bill", "184.52"),
        ("bill", "100.00"),
        ("payment", "181.07"),
        ("bill", "181.07"),
        ("payment", "179.90"),
    ]
    assert events[2] == {
        "date": (today - timedelta(days=50)).isoformat(),
        "kind": "payment",
        "amount": money("181.07"),
        "number": "R-300103",
        "method": "cheque",
    }
    assert events[0]["method"] is None


async def test_a_payment_on_the_day_of_its_bill_stands_above_it(client, bearer):
    _, events = await get(client, bearer("50010001", brand="wrs"), "/v1/activity")
    assert [event["kind"] for event in events] == ["payment", "bill"]


@pytest.mark.parametrize(("path", "length"), [("/v1/bills?limit=2", 2), ("/v1/activity?limit=1", 1)])
async def test_a_limit_shortens_the_list(client, bearer, path, length):
    status, listed = await get(client, bearer(), path)
    assert (status, len(listed)) == (200, length)


@pytest.mark.parametrize("limit", ["0", "-1", "61", "1.5", "all", "", "99999999999999999999", "１"])
@pytest.mark.parametrize("path", ["/v1/bills", "/v1/activity"])
async def test_a_limit_that_is_none_is_refused(client, bearer, path, limit):
    response = await client.get(path, params={"limit": limit}, headers=bearer())
    assert response.status == 422
    assert (await response.json())["field"] == "limit"


READING = ("/v1/account", "/v1/balance", "/v1/bills", "/v1/bills/latest", "/v1/activity")


@pytest.mark.parametrize("path", READING)
async def test_a_token_of_one_brand_reads_nothing_of_another(client, bearer, path):
    status, problem = await get(client, bearer("1002003001", brand="wrs"), path)
    assert (status, problem["type"]) == (404, "urn:billing:problem:account-not-found")


@pytest.mark.parametrize("path", READING)
async def test_no_account_named_in_the_query_is_read(client, bearer, path):
    own = await get(client, bearer("1002003004"), path)
    asked = await get(client, bearer("1002003004"), f"{path}?account=1002003001&brand=primus")
    assert asked == own


@pytest.mark.parametrize("path", READING)
async def test_the_gateway_s_own_token_reads_no_account(client, bearer, path):
    assert (await get(client, bearer(scope="locate"), path))[0] == 403


async def test_a_holder_reads_as_an_administrator_does(client, bearer):
    assert await get(client, bearer(role="holder"), "/v1/balance") == await get(client, bearer(), "/v1/balance")
