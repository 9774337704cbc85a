"""What anybody may ask of machines, coverage and visits, by serial number or by contract."""

import json

import pytest

from billing import queries


@pytest.fixture
def ask(client, bearer):
    async def get(path, brand="pitney-bowes", language="en", **query):
        headers = {**bearer(brand=brand, scope="catalogue"), "Accept-Language": language}
        response = await client.get(path, params=query, headers=headers)
        return response.status, await response.json()

    return get


def problem(answer):
    return answer["type"].rpartition(":")[2]


LAVOIE, PRAIRIE, LAKEHEAD, HUDSON = "3A01234567", "7R00987654", "5D00445566", "SW-2290017"


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        (LAVOIE, ("SendPro C", "standard", "CA", 1)),
        (PRAIRIE, ("Relay 7000", "performance-4h", "CA", 0)),
        (LAKEHEAD, ("DM300", "none", "CA", 0)),
        (HUDSON, ("SendSuite Live", "software-premier", "US", 0)),
        ("sw 2290017", ("SendSuite Live", "software-premier", "US", 0)),
    ],
)
async def test_a_serial_number_finds_the_machine_and_its_contract(ask, serial, expected):
    status, answer = await ask(f"/v1/equipment/{serial}")
    assert status == 200
    assert (answer["model"], answer["contract"], answer["country"], answer["maintenance_visits_left"]) == expected


@pytest.mark.parametrize("serial", [LAVOIE, PRAIRIE, LAKEHEAD, HUDSON])
@pytest.mark.parametrize(
    "path", ["/v1/equipment/{}", "/v1/coverage?serial={}", "/v1/onsite-estimate?serial={}", "/v1/maintenance?serial={}"]
)
async def test_a_serial_number_never_tells_who_or_where(ask, demo_accounts, path, serial):
    (owner,) = [entry for entry in demo_accounts if any(one["serial"] == serial for one in entry.get("equipment", []))]
    status, answer = await ask(path.format(serial))
    assert status == 200
    said = json.dumps(answer, ensure_ascii=False)
    for field in ("account", "name", "postal_code", "phone", "email", "premier_pin"):
        assert owner.get(field) is None or owner[field] not in said
    assert "distance_km" not in said


@pytest.mark.parametrize("serial", ["0000000000", "-", "x" * 41, "0012345678"])
@pytest.mark.parametrize("path", ["/v1/equipment/{}", "/v1/maintenance?serial={}"])
async def test_an_unknown_serial_number_finds_nothing(ask, path, serial):
    status, answer = await ask(path.format(serial))
    assert (status, problem(answer)) in {(404, "equipment-not-found"), (422, "invalid-field")}
    assert status == 404 or len(serial) > 40


async def test_the_machines_of_one_brand_are_not_another_s(client, bearer, database):
    async with database.writing() as session:
        row = await queries.account(session, brand="pitney-bowes", number="0012345678")
        row.brand = "wrs"
    response = await client.get(f"/v1/equipment/{LAVOIE}", headers=bearer(brand="pitney-bowes", scope="catalogue"))
    assert response.status == 404


ROUTES = [
    f"/v1/equipment/{LAVOIE}",
    "/v1/coverage?contract=none",
    "/v1/onsite-estimate?contract=none&distance_km=1",
    f"/v1/maintenance?serial={LAVOIE}",
]


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ({"brand": "pitney-bowes", "scope": "catalogue"}, 200),
        ({"brand": "wrs", "scope": "catalogue"}, 403),
        ({"brand": "pitney-bowes", "scope": "locate"}, 403),
        ({"brand": "pitney-bowes", "scope": "account"}, 403),
        ({"brand": "pitney-bowes", "scope": "catalogue", "exp": 1}, 401),
    ],
)
async def test_the_token_must_be_of_the_brand_and_for_this(client, bearer, path, token, expected):
    assert (await client.get(path, headers=bearer(**token))).status == expected


async def covered(ask, item, **query):
    status, answer = await ask("/v1/coverage", item=item, **query)
    assert status == 200
    (one,) = answer["items"]
    assert one["key"] == item
    return one["coverage"], one["to_confirm"]


async def test_one_item_of_a_contract(ask):
    assert await ask("/v1/coverage", contract="performance-8h", item="mail_seminar") == (
        200,
        {
            "contract": "performance-8h",
            "country": "CA",
            "items": [
                {
                    "key": "mail_seminar",
                    "name": {"fr": "Séminaire sur la gestion du courrier", "en": "Mail-management seminar"},
                    "coverage": "included",
                    "to_confirm": False,
                }
            ],
        },
    )


async def test_all_items_of_a_contract(ask):
    _, answer = await ask("/v1/coverage", contract="standard")
    assert len(answer["items"]) == 16


@pytest.mark.parametrize(
    ("query", "item", "expected"),
    [
        ({"serial": LAVOIE}, "mail_seminar", ("extra_charge", False)),
        ({"serial": LAVOIE}, "next_business_day", ("included", True)),
        ({"serial": PRAIRIE}, "guaranteed_response", ("included", True)),
        ({"serial": LAKEHEAD}, "onsite", ("extra_charge", False)),
        ({"serial": HUDSON}, "premier_access", ("included", False)),
        ({"contract": "software-premier"}, "premier_access", ("united_states_only", False)),
        ({"contract": "software-premier", "country": "US"}, "premier_access", ("included", False)),
        ({"contract": "software-2"}, "onsite", ("united_states_only", False)),
        ({"contract": "software-2"}, "parts_and_labour", ("not_offered", False)),
    ],
)
async def test_coverage_goes_by_contract_and_country(ask, query, item, expected):
    assert await covered(ask, item, **query) == expected


@pytest.mark.parametrize(
    ("query", "expected", "field"),
    [
        ({}, 422, "contract"),
        ({"contract": "gold"}, 422, "contract"),
        ({"contract": "standard", "serial": LAVOIE}, 422, "contract"),
        ({"contract": "standard", "item": "coffee"}, 422, "item"),
        ({"contract": "standard", "country": "FR"}, 422, "country"),
        ({"serial": "0000000000"}, 404, None),
    ],
)
async def test_coverage_of_nothing_is_refused(ask, query, expected, field):
    status, answer = await ask("/v1/coverage", **query)
    assert (status, answer.get("field")) == (expected, field)


async def test_an_estimate_says_zone_target_and_due_time(ask):
    assert await ask(
        "/v1/onsite-estimate", contract="standard", postal_code="H3B 2Y5", dispatched_at="2026-06-23T14:00:00-04:00"
    ) == (
        200,
        {
            "contract": "standard",
            "zone": 1,
            "target_business_hours": 8,
            "guaranteed": False,
            "due_at": "2026-06-25T13:00:00-04:00",
            "hours": "08:00-17:00 local",
            "time_zone": "America/Toronto",
            "province": "QC",
            "needs_quote": False,
            "needs_person": False,
        },
    )


def short(answer):
    return tuple(
        answer[name]
        for name in ("zone", "target_business_hours", "guaranteed", "due_at", "needs_quote", "needs_person")
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # Dispatched at this moment: 5 March, 21:30 in Toronto, so counting starts on Friday at 8.
        ({"serial": LAVOIE}, (1, 8, False, "2026-03-06T16:00:00-05:00", False, False)),
        ({"serial": PRAIRIE}, (2, 4, True, "2026-03-06T12:00:00-06:00", False, False)),
        ({"serial": LAKEHEAD}, (3, None, False, None, True, False)),
        ({"serial": HUDSON}, (None, None, False, None, False, True)),
        (
            {"contract": "standard", "distance_km": "81", "province": "BC"},
            (3, 24, False, "2026-03-10T14:00:00-07:00", False, False),
        ),
        ({"contract": "standard", "distance_km": "41.5"}, (2, 12, False, None, False, False)),
        ({"contract": "standard", "distance_km": "240.5", "province": "ON"}, (None, None, False, None, False, True)),
        ({"contract": "performance-4h", "distance_km": "100", "province": "ON"}, (3, None, False, None, False, True)),
        ({"contract": "standard", "postal_code": "K0A 1A1"}, (None, None, False, None, False, True)),
        ({"contract": "none", "distance_km": "5", "province": "ON"}, (1, None, False, None, True, False)),
        ({"contract": "software-1", "distance_km": "5", "province": "ON"}, (1, None, False, None, True, False)),
        (
            {"serial": LAVOIE, "distance_km": "70", "province": "NB"},
            (2, 12, False, "2026-03-09T11:00:00-03:00", False, False),
        ),
        (
            {"contract": "standard", "postal_code": "P9N1A1", "distance_km": "5"},
            (1, 8, False, "2026-03-06T16:00:00-06:00", False, False),
        ),
    ],
)
async def test_estimates(ask, query, expected):
    status, answer = await ask("/v1/onsite-estimate", **query)
    assert (status, short(answer)) == (200, expected)


async def test_a_plus_that_arrives_as_a_blank_is_understood(client, bearer):
    query = "contract=standard&distance_km=5&province=ON&dispatched_at=2026-03-02T15:00:00+00:00"
    headers = bearer(brand="pitney-bowes", scope="catalogue")
    answer = await (await client.get(f"/v1/onsite-estimate?{query}", headers=headers)).json()
    assert answer["due_at"] == "2026-03-03T09:00:00-05:00"


@pytest.mark.parametrize(
    ("query", "slug", "field"),
    [
        ({"distance_km": "5"}, "invalid-field", "contract"),
        ({"contract": "standard"}, "invalid-field", "postal_code"),
        ({"contract": "standard", "province": "ON"}, "invalid-field", "postal_code"),
        ({"contract": "standard", "distance_km": "-5"}, "invalid-field", "distance_km"),
        ({"contract": "standard", "distance_km": "1e9"}, "invalid-field", "distance_km"),
        ({"contract": "standard", "distance_km": "nan"}, "invalid-field", "distance_km"),
        ({"contract": "standard", "distance_km": "5", "province": "NY"}, "invalid-field", "province"),
        ({"contract": "standard", "postal_code": "H3B"}, "bad-postal-code", "postal_code"),
        ({"contract": "standard", "postal_code": "12534"}, "not-in-canada", "postal_code"),
        *(
            ({"contract": "standard", "distance_km": "5", "dispatched_at": moment}, "invalid-field", "dispatched_at")
            for moment in ("now", "2026-03-05T15:00:00", "2026-02-30T15:00:00Z", "9999-12-31T23:59:59-12:00")
        ),
        (
            {"contract": "standard", "distance_km": "5", "dispatched_at": "0001-01-01T00:00:00+14:00"},
            "invalid-field",
            "dispatched_at",
        ),
    ],
)
async def test_an_estimate_of_nothing_is_refused(ask, query, slug, field):
    status, answer = await ask("/v1/onsite-estimate", **query)
    assert (status, problem(answer), answer["field"]) == (422, slug, field)


@pytest.mark.parametrize(
    ("serial", "expected"), [(LAVOIE, (1, 1, 2)), (PRAIRIE, (2, 0, 2)), (LAKEHEAD, (0, 0, 0)), (HUDSON, (0, 0, 0))]
)
async def test_preventive_visits_of_the_year(ask, serial, expected):
    status, answer = await ask("/v1/maintenance", serial=serial)
    assert (status, answer["visits"], answer["left"], answer["allowed"]) == (200, *expected)


async def test_preventive_visits_need_a_serial_number(ask):
    status, answer = await ask("/v1/maintenance")
    assert (status, answer["field"]) == (422, "serial")
