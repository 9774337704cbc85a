"""Finding an account: number and postal code find, never prove, and a miss tells nothing."""

import pytest
from sqlalchemy import event

from billing.web import BACKEND

LAURIER = {"brand": "primus", "account": "1002003001", "postal_code": "H2X 1Y4"}


async def locate(client, bearer, body, **headers):
    return await client.post("/v1/locate", json=body, headers={**bearer(scope="locate"), **headers})


async def test_an_account_is_found_with_the_contacts_on_file(client, bearer):
    response = await locate(client, bearer, LAURIER)
    assert response.status == 200
    assert await response.json() == {
        "account": "1002003001",
        "name": "Imprimerie Laurier inc.",
        "language": "fr",
        "contacts": [
            {"channel": "sms", "address": "+15145550101"},
            {"channel": "email", "address": "comptes@laurier.example"},
        ],
    }
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("brand", "account", "postal_code"),
    [
        ("primus", "1002-003-001", "h2x1y4"),
        ("primus", " 1002 003 001", "H2X-1Y4"),
        ("pitney-bowes", "00 1234 5681", "12534-0042"),
    ],
)
async def test_number_and_postal_code_compare_without_blanks_dashes_and_case(
    client, bearer, brand, account, postal_code
):
    body = {"brand": brand, "account": account, "postal_code": postal_code}
    assert (await locate(client, bearer, body)).status == 200


MISSES = {
    "unknown account": {**LAURIER, "account": "1002003999"},
    "wrong postal code": {**LAURIER, "postal_code": "H2X 1Y5"},
    "other brand's account": {**LAURIER, "brand": "wrs"},
    "unknown brand": {**LAURIER, "brand": "acme"},
    "nothing to compare": {**LAURIER, "account": "--", "postal_code": "- -"},
    "no zeros in front": {"brand": "pitney-bowes", "account": "12345678", "postal_code": "H3B2Y5"},
}


@pytest.mark.parametrize("body", MISSES.values(), ids=MISSES.keys())
async def test_every_miss_is_one_and_the_same_answer(client, bearer, body):
    response = await locate(client, bearer, body)
    assert response.status == 404
    assert await response.json() == {
        "type": "urn:billing:problem:account-not-found",
        "title": "Account not found",
        "status": 404,
        "detail": "No account matches this information.",
    }


async def test_an_unknown_account_and_a_wrong_postal_code_cost_the_database_the_same(client, bearer):
    statements = []

    def remember(connection, cursor, statement, parameters, context, executemany):
        statements.append(statement)

    event.listen(client.app[BACKEND].database.engine.sync_engine, "before_cursor_execute", remember)
    seen = []
    for miss in ("unknown account", "wrong postal code"):
        statements.clear()
        await locate(client, bearer, MISSES[miss])
        seen.append(list(statements))
    assert seen[0] == seen[1]
    assert [statement for statement in seen[0] if statement != "BEGIN"] == seen[0][-1:]


@pytest.mark.parametrize(
    "body",
    [
        {"brand": "primus", "account": "1002003001"},
        {**LAURIER, "name": "Amélie"},
        {**LAURIER, "account": 1002003001},
        {**LAURIER, "account": ""},
        {**LAURIER, "account": "1" * 41},
        {**LAURIER, "postal_code": None},
        {**LAURIER, "brand": "Primus\x00"},
    ],
)
async def test_a_body_of_another_shape_is_refused_with_the_name_of_the_field(client, bearer, body):
    response = await locate(client, bearer, body)
    assert response.status == 422
    problem = await response.json()
    assert problem["type"] == "urn:billing:problem:invalid-field"
    assert problem["field"] in {*LAURIER, "name"}


async def test_a_customer_cannot_look_for_accounts(client, bearer):
    response = await client.post("/v1/locate", json=LAURIER, headers=bearer())
    assert response.status == 403
