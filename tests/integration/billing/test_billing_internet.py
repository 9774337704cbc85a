"""The Internet provider's routes over HTTP: what anybody may ask, and what a verified customer reads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing import queries
from billing.app import create_app
from billing.internet_handlers import INTERNET
from billing.money import CAD
from billing.web import BACKEND


@pytest.fixture
def ask(client, bearer):
    """Asks a route as somebody who has proved nothing; `brand` is the token's, the query is given whole."""

    async def get(path, brand="wrs", language="en", **query):
        headers = {**bearer(brand=brand, scope="catalogue"), "Accept-Language": language}
        response = await client.get(path, params=query, headers=headers)
        return response.status, await response.json()

    return get


def problem(answer):
    return answer["type"].rpartition(":")[2]


async def test_a_listed_area_is_known(ask):
    assert await ask("/v1/availability", brand="wrs", postal_code="k7l 3n6") == (
        200,
        {
            "postal_code": "K7L3N6",
            "province": "ON",
            "technologies": [{"kind": "cable", "network": "cogeco"}],
            "known": True,
            "dsl_possible": True,
            "guarantee": False,
            "list_is_partial": True,
        },
    )


async def test_an_area_that_is_not_listed_has_both_networks_of_the_province(ask):
    _, answer = await ask("/v1/availability", postal_code="J0A 1A1")
    assert answer["known"] is False
    assert [one["network"] for one in answer["technologies"]] == ["cogeco", "videotron"]


async def test_the_atlantic_provinces_have_telephone_lines_alone(ask):
    _, answer = await ask("/v1/availability", postal_code="B3H 1A1")
    assert (answer["province"], answer["technologies"]) == ("NS", [{"kind": "dsl", "network": "phone-line"}])


async def test_nothing_is_known_of_the_territories(ask):
    _, answer = await ask("/v1/availability", postal_code="X0A 0H0")
    assert (answer["technologies"], answer["known"], answer["dsl_possible"]) == ([], False, False)


@pytest.mark.parametrize("path", ["/v1/availability", "/v1/plans", "/v1/modem-delivery?paid_on=2026-03-05"])
@pytest.mark.parametrize(
    ("query", "slug", "field"),
    [
        ({"postal_code": "K7L"}, "bad-postal-code", "postal_code"),
        ({"postal_code": "D1A 1A1"}, "bad-postal-code", "postal_code"),
        ({"postal_code": "12534"}, "not-in-canada", "postal_code"),
        ({"postal_code": "K" * 61}, "invalid-field", "postal_code"),
    ],
)
async def test_a_postal_code_that_is_none_is_a_problem(client, bearer, path, query, slug, field):
    address, _, given = path.partition("?")
    params = {**dict(pair.split("=") for pair in given.split("&") if pair), **query}
    response = await client.get(address, params=params, headers=bearer(brand="wrs", scope="catalogue"))
    answer = await response.json()
    assert (response.status, problem(answer)) == (422, slug)
    assert answer["field"] == field


@pytest.mark.parametrize("path", ["/v1/availability", "/v1/modem-delivery?paid_on=2026-03-05"])
async def test_one_must_be_given_where_all_depends_on_it(client, bearer, path):
    response = await client.get(path, headers=bearer(brand="wrs", scope="catalogue"))
    assert (response.status, problem(await response.json())) == (422, "invalid-field")


async def test_a_zip_code_is_refused_in_french_too(ask):
    _, answer = await ask("/v1/availability", language="fr-CA", postal_code="12534")
    assert answer["title"] == "Hors du Canada"


VISITOR_ROUTES = [
    "/v1/availability?postal_code=K7L3N6",
    "/v1/modems?network=cogeco",
    "/v1/plans?postal_code=K7L3N6",
    "/v1/modem-delivery?paid_on=2026-03-05&province=ON",
    "/v1/order-charge?ordered_on=2026-03-05&postal_code=K7L3N6&modem=own",
]


@pytest.mark.parametrize("path", VISITOR_ROUTES)
@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ({"brand": "wrs", "scope": "catalogue"}, 200),
        ({"brand": "primus", "scope": "catalogue"}, 403),
        ({"brand": "nobody", "scope": "catalogue"}, 403),
        ({"brand": "wrs", "scope": "locate"}, 403),
        ({"brand": "wrs", "scope": "account"}, 403),
        ({"brand": "", "scope": "catalogue"}, 401),
        ({"brand": "wrs", "scope": "catalogue", "conversation": ""}, 401),
        ({"brand": "wrs", "scope": "catalogue", "aud": "desk"}, 401),
        ({"brand": "wrs", "scope": "catalogue", "exp": 1}, 401),
    ],
)
async def test_the_token_must_be_of_the_brand_and_for_this(client, bearer, path, token, expected):
    assert (await client.get(path, headers=bearer(**token))).status == expected


@pytest.mark.parametrize("path", VISITOR_ROUTES)
async def test_a_brand_that_is_named_must_be_the_token_s(client, bearer, path):
    headers = bearer(brand="wrs", scope="catalogue")
    assert (await client.get(f"{path}&brand=wrs", headers=headers)).status == 200
    assert (await client.get(f"{path}&brand=primus", headers=headers)).status == 403


@pytest.mark.parametrize(
    "path", ["/v1/account", "/v1/balance", "/v1/account/plans", "/v1/reconnection", "/v1/shipments", "/v1/appointments"]
)
async def test_a_visitor_reads_no_account(client, bearer, path):
    headers = bearer("50010001", brand="wrs", scope="catalogue")
    assert (await client.get(path, headers=headers)).status == 403


async def test_a_modem_with_its_firmware_is_accepted(ask):
    assert await ask(
        "/v1/modems", network="cogeco", make="hitron", model="coda 4582", firmware="7.1.1.2.2b9", serial="A1"
    ) == (
        200,
        {
            "accepted": True,
            "reason": "listed",
            "make": "Hitron",
            "model": "CODA-4582",
            "accepted_firmware": ["7.1.1.2.2b9"],
            "networks": ["rogers", "cogeco"],
        },
    )


@pytest.mark.parametrize(
    ("query", "accepted", "reason"),
    [
        ({"model": "CODA-4582"}, None, "firmware-missing"),
        ({"model": "CODA-4582", "firmware": "7.1.1.2"}, False, "firmware-differs"),
        ({"model": "CDA3-35", "network": "videotron", "firmware": "1"}, None, "listed-firmware-unknown"),
        ({"model": "MB8611"}, False, "wrong-network"),
        ({"make": "Acme", "model": "One"}, False, "not-listed"),
        ({"model": "DCM476", "firmware": "STB3.01.08", "serial": "ht0099 44172"}, False, "reported-lost-or-stolen"),
        ({"serial": "HT0099-44172"}, False, "reported-lost-or-stolen"),
    ],
)
async def test_a_modem_that_may_not_be_used_is_told_why(ask, query, accepted, reason):
    status, answer = await ask("/v1/modems", **{"network": "cogeco", **query})
    assert (status, answer["accepted"], answer["reason"]) == (200, accepted, reason)


async def test_without_a_modem_the_list_of_the_network_is_given(ask):
    status, answer = await ask("/v1/modems", network="phone-line")
    assert (status, answer) == (
        200,
        {
            "network": "phone-line",
            "modems": [{"make": "SmartRG", "model": "SR505N", "accepted_firmware": ["2.6.2.6"]}],
        },
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "network"),
        ({"network": "bell"}, "network"),
        ({"network": "cogeco", "make": "Hitron"}, "model"),
        ({"network": "cogeco", "firmware": "1.0"}, "model"),
        ({"network": "cogeco", "serial": "not reported"}, "model"),
        ({"network": "cogeco", "model": "x" * 61}, "model"),
    ],
)
async def test_a_question_about_no_modem_is_refused(ask, query, field):
    status, answer = await ask("/v1/modems", **query)
    assert (status, answer["field"]) == (422, field)


async def test_plans_have_names_and_no_price_that_nobody_set(ask):
    assert await ask("/v1/plans", postal_code="B3H1A1") == (
        200,
        {
            "postal_code": "B3H1A1",
            "known": True,
            "plans": [
                {
                    "id": "dsl-7",
                    "technology": "dsl",
                    "name": {"fr": "Internet DSL 7", "en": "DSL 7 Internet"},
                    "price": None,
                }
            ],
        },
    )


@pytest.mark.parametrize(
    ("account", "plan", "marked"),
    [("50010001", "Cable 75", "cable-75"), ("50010002", "Câble 30", "cable-30"), ("50010003", "Câble 75", "cable-75")],
)
async def test_a_customer_s_own_plan_is_marked(client, bearer, account, plan, marked):
    response = await client.get("/v1/account/plans", headers=bearer(account, brand="wrs"))
    answer = await response.json()
    assert (response.status, answer["current"], answer["known"]) == (200, plan, True)
    assert [one["id"] for one in answer["plans"]] == ["cable-30", "cable-75"]
    assert [one["id"] for one in answer["plans"] if one["current"]] == [marked]


async def change_extra(database, number, **fields):
    async with database.writing() as session:
        row = await queries.account(session, brand="wrs", number=number)
        row.extra = {name: value for name, value in {**row.extra, **fields}.items() if value is not None}


async def test_without_a_network_on_file_the_area_decides(client, bearer, database):
    await change_extra(database, "50010001", network=None, plan="An older plan")
    answer = await (await client.get("/v1/account/plans", headers=bearer("50010001", brand="wrs"))).json()
    assert (answer["current"], answer["known"]) == ("An older plan", True)
    assert not any(one["current"] for one in answer["plans"])


@pytest.mark.parametrize(
    ("query", "expected", "skipped"),
    [
        ({"paid_on": "2026-12-23", "province": "ON"}, "2027-01-04", ["2026-12-25", "2026-12-28", "2027-01-01"]),
        ({"paid_on": "2026-12-23", "province": "QC"}, "2026-12-31", ["2026-12-25"]),
        ({"paid_on": "2026-04-01", "postal_code": "G6V 7M4"}, "2026-04-09", ["2026-04-03"]),
        ({"paid_on": "2026-03-02", "province": "NU"}, "2026-03-09", []),
    ],
)
async def test_a_modem_takes_five_business_days(ask, query, expected, skipped):
    status, answer = await ask("/v1/modem-delivery", **query)
    assert (status, answer["expected_on"], answer["business_days"]) == (200, expected, 5)
    assert answer["shipping"] == {"amount": "12.95", "currency": "CAD"}
    assert answer["plus_tax"] is answer["approximate"] is True
    assert [one["date"] for one in answer["holidays_skipped"]] == skipped


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"province": "ON"}, "paid_on"),
        ({"paid_on": "2026-02-29", "province": "ON"}, "paid_on"),
        ({"paid_on": "20260305", "province": "ON"}, "paid_on"),
        ({"paid_on": "2029-03-05", "province": "ON"}, "paid_on"),
        ({"paid_on": "2026-03-05"}, "province"),
        ({"paid_on": "2026-03-05", "province": "NY"}, "province"),
        ({"paid_on": "2026-03-05", "province": "ON", "postal_code": "H2X1Y4"}, "province"),
    ],
)
async def test_a_delivery_without_its_day_or_province_is_refused(ask, query, field):
    status, answer = await ask("/v1/modem-delivery", **query)
    assert (status, answer["field"]) == (422, field)


async def test_a_disconnected_customer_hears_what_is_owed_and_no_invented_fee(client, bearer, today):
    response = await client.get("/v1/reconnection", headers=bearer("50010003", brand="wrs"))
    assert (response.status, await response.json()) == (
        200,
        {
            "disconnected_on": (today - timedelta(days=6)).isoformat(),
            "owed": {"amount": "124.18", "currency": "CAD"},
            "fee": None,
            "fee_known": False,
            "delay_business_days": None,
        },
    )


async def test_a_connected_customer_is_not_disconnected(client, bearer):
    answer = await (await client.get("/v1/reconnection", headers=bearer("50010001", brand="wrs"))).json()
    assert (answer["disconnected_on"], answer["owed"]["amount"]) == (None, "0.00")


async def test_a_fee_and_a_delay_that_the_company_sets_are_told(aiohttp_client, client, bearer, clock):
    app = create_app(settings=client.app[BACKEND].settings, clock=clock)
    data = app[INTERNET]
    figures = replace(data.figures, reconnection_fee=CAD("60.00"), reconnection_days=3)
    app[INTERNET] = replace(data, figures=figures)
    other = await aiohttp_client(app)
    answer = await (await other.get("/v1/reconnection", headers=bearer("50010003", brand="wrs"))).json()
    assert (answer["fee"]["amount"], answer["fee_known"], answer["delay_business_days"]) == ("60.00", True, 3)


@pytest.mark.parametrize("path", ["/v1/account/plans", "/v1/reconnection"])
async def test_other_brands_have_no_internet_plans(client, bearer, path):
    response = await client.get(path, headers=bearer())
    assert (response.status, problem(await response.json())) == (403, "not-offered")
