"""Orders on their way over HTTP: what one is charged, its parcels, the installer's appointments."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from alembic import command
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import IntegrityError

from billing import queries
from billing.app import create_app
from billing.customer import read_out
from billing.demo import load_demo
from billing.internet_handlers import INTERNET
from billing.models import AccountRow
from billing.money import CAD
from billing.order_models import AppointmentRow, ShipmentRow
from billing.web import BACKEND

WHITFIELD, TREMBLAY, BOUCHARD = "50010001", "50010002", "50010003"


@pytest.fixture
def wrs(read):
    """Reads as a verified customer of the Internet provider."""

    async def get(path, account=WHITFIELD):
        return await read(path, account, brand="wrs")

    return get


@pytest.fixture
def put(database):
    """Puts a row on an account's file, as the company's own system would."""

    async def write(table, account=BOUCHARD, **values):
        async with database.writing() as session:
            owner = select(AccountRow.id).where(AccountRow.number == account).scalar_subquery()
            await session.execute(insert(table).values(account_id=owner, **values))

    return write


@pytest.fixture
def charge(client, bearer):
    """What an order is charged, as anybody may ask: (status, answer)."""

    async def get(**query):
        given = {"ordered_on": "2026-03-18", "postal_code": "K7L 3N6", "modem": "bought", **query}
        headers = {**bearer(brand="wrs", scope="catalogue"), "Accept-Language": "en"}
        response = await client.get(
            "/v1/order-charge", params={key: value for key, value in given.items() if value}, headers=headers
        )
        return response.status, await response.json()

    return get


def cad(amount):
    return {"amount": amount, "currency": "CAD"}


def problem(answer):
    return answer["type"].rpartition(":")[2]


async def test_a_parcel_under_way_is_told_with_its_carrier_and_number(wrs):
    assert await wrs("/v1/shipments") == (
        200,
        [
            {
                "stage": "in_transit",
                "carrier": {"fr": "Postes Canada (Xpresspost)", "en": "Canada Post (Xpresspost)"},
                "tracking_number": "7023 2100 3941 4604",
                "ordered_on": "2026-03-01",
                "shipped_on": "2026-03-02",
                "expected_on": "2026-03-07",
                "approximate": False,
                "delivered_on": None,
                "postal_code": "K7L3N6",
            }
        ],
    )


async def test_one_that_arrived_is_told_with_its_day_and_who_has_none_has_an_empty_list(wrs):
    _, (arrived,) = await wrs("/v1/shipments", TREMBLAY)
    assert (arrived["stage"], arrived["delivered_on"]) == ("delivered", "2026-02-24")
    assert await wrs("/v1/shipments", BOUCHARD) == (200, [])
    assert await wrs("/v1/appointments", BOUCHARD) == (200, [])


async def test_where_the_carrier_names_no_day_it_is_worked_out_from_the_order_around_holidays(wrs, put):
    """From April 1 on, Good Friday between: for the province that the parcel goes to."""
    await put(ShipmentRow, carrier="courier-x", state="preparing", ordered_on=date(2026, 4, 1), postal_code="K7L3N6")
    _, (parcel,) = await wrs("/v1/shipments", BOUCHARD)
    assert (parcel["expected_on"], parcel["approximate"]) == ("2026-04-09", True)
    assert parcel["carrier"] == {"fr": "courier-x", "en": "courier-x"}


async def test_a_parcel_that_should_be_there_is_late(wrs, clock):
    clock.now += timedelta(days=3)
    _, (parcel,) = await wrs("/v1/shipments")
    assert parcel["stage"] == "late"


async def test_an_appointment_is_told_by_the_clock_of_its_place(wrs, put):
    assert await wrs("/v1/appointments") == (
        200,
        [
            {
                "stage": "to_come",
                "kind": "installation",
                "from": "2026-03-13T08:00:00-04:00",
                "until": "2026-03-13T12:00:00-04:00",
                "postal_code": "K7L3N6",
                "phone": "+16135550111",
            }
        ],
    )
    await put(
        AppointmentRow, kind="activation", state="planned", day=date(2026, 3, 5), window_from=time(18),
        window_to=time(21), postal_code="V6B1A1",
    )  # fmt: skip
    _, (today,) = await wrs("/v1/appointments", BOUCHARD)
    assert (today["stage"], today["until"]) == ("today", "2026-03-05T21:00:00-08:00"), "21:30 in Toronto is 18:30 there"
    _, (missed,) = await wrs("/v1/appointments", TREMBLAY)
    assert (missed["stage"], missed["kind"]) == ("missed", "transfer")


async def test_a_window_that_is_over_is_past_until_somebody_notes_what_came_of_it(wrs, clock):
    clock.now = datetime(2026, 3, 13, 16, 1, tzinfo=UTC)
    _, (appointment,) = await wrs("/v1/appointments")
    assert appointment["stage"] == "past"


@pytest.mark.parametrize("path", ["/v1/shipments", "/v1/appointments"])
async def test_they_are_the_account_s_own_and_other_brands_have_none(read, path):
    status, answer = await read(path, "1002003001", brand="primus")
    assert (status, problem(answer)) == (403, "not-offered")
    status, answer = await read(path, "50010999", brand="wrs")
    assert (status, problem(answer)) == (404, "account-not-found")


async def test_shipping_alone_is_known_until_the_company_sets_the_rest(charge):
    assert await charge(postal_code="k7l3n6") == (
        200,
        {
            "ordered_on": "2026-03-18",
            "plan": None,
            "until": "2026-03-31",
            "days": 14,
            "days_in_month": 31,
            "parts": [
                {"key": "service", "amount": None},
                {"key": "modem", "amount": None},
                {"key": "shipping", "amount": cad("12.95")},
                {"key": "connection", "amount": None},
            ],
            "taxes": [{"code": "hst", "percent": "13", "amount": cad("1.68")}],
            "known": cad("14.63"),
            "complete": False,
        },
    )


async def test_the_price_that_the_customer_saw_is_pro_rated(charge):
    _, found = await charge(monthly_price="62.00", modem="own", postal_code="H2X 1Y4")
    assert found["parts"] == [{"key": "service", "amount": cad("28.00")}, {"key": "connection", "amount": None}]
    assert [(tax["code"], tax["percent"], tax["amount"]) for tax in found["taxes"]] == [
        ("gst", "5", cad("1.40")),
        ("qst", "9.975", cad("2.79")),
    ]
    assert found["known"] == cad("32.19")


async def test_what_the_company_sets_is_charged_and_its_price_comes_before_the_one_that_was_seen(
    aiohttp_client, client, bearer, clock
):
    app = create_app(settings=client.app[BACKEND].settings, clock=clock)
    data = app[INTERNET]
    app[INTERNET] = replace(
        data,
        plans=tuple(replace(plan, price=CAD("31.00")) for plan in data.plans),
        figures=replace(data.figures, modem_price=CAD("99.00"), connection_fee=CAD("0.00")),
    )
    query = {"ordered_on": "2026-03-18", "postal_code": "K7L3N6", "modem": "bought", "plan": "cable-30"}
    response = await (await aiohttp_client(app)).get(
        "/v1/order-charge",
        params={**query, "monthly_price": "99.99"},
        headers=bearer(brand="wrs", scope="catalogue"),
    )
    found = await response.json()
    assert [part["amount"]["amount"] for part in found["parts"]] == ["14.00", "99.00", "12.95", "0.00"]
    assert (found["plan"], found["complete"], found["known"]) == ("cable-30", True, cad("142.32"))


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ({"ordered_on": "2026-02-29"}, "invalid-field"),
        ({"ordered_on": "2028-03-18"}, "invalid-field"),
        ({"ordered_on": None}, "invalid-field"),
        ({"postal_code": "12534"}, "not-in-canada"),
        ({"postal_code": "K7L"}, "bad-postal-code"),
        ({"postal_code": None}, "invalid-field"),
        ({"modem": "stolen"}, "invalid-field"),
        ({"modem": None}, "invalid-field"),
        ({"plan": "cable-1000"}, "invalid-field"),
        ({"monthly_price": "-5"}, "invalid-field"),
        ({"monthly_price": "49.9"}, "invalid-field"),
        ({"monthly_price": "1e3"}, "invalid-field"),
    ],
)
async def test_what_makes_no_sense_is_refused(charge, query, slug):
    status, answer = await charge(**query)
    assert (status, problem(answer)) == (422, slug)


async def test_plans_are_listed_without_a_postal_code_too_with_the_price_that_is_set(client, bearer):
    response = await client.get("/v1/plans", headers=bearer(brand="wrs", scope="catalogue"))
    answer = await response.json()
    assert (response.status, answer["postal_code"]) == (200, None)
    assert [(plan["id"], plan["price"]) for plan in answer["plans"]] == [
        ("cable-30", None), ("cable-75", None), ("dsl-7", None),
    ]  # fmt: skip


async def test_loading_the_demonstration_later_moves_them(wrs, clock, database, demo_accounts, today):
    await load_demo(database, demo_accounts, today=today + timedelta(days=30))
    clock.now += timedelta(days=30)
    _, (parcel,) = await wrs("/v1/shipments")
    _, (appointment,) = await wrs("/v1/appointments")
    assert (parcel["expected_on"], appointment["from"][:10]) == ("2026-04-06", "2026-04-12")


async def test_an_account_is_read_out_with_its_orders(database):
    async with database.reading() as session:
        found = await read_out(session, "wrs", WHITFIELD)
    assert found["shipment"][0]["tracking_number"] == "7023 2100 3941 4604"
    assert found["appointment"][0]["window_from"] == "08:00:00"


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (ShipmentRow, {"state": "lost"}),
        (ShipmentRow, {"state": "delivered"}),
        (AppointmentRow, {"state": "open"}),
        (AppointmentRow, {"kind": "visit"}),
    ],
)
async def test_the_tables_refuse_what_no_rule_knows(put, table, values):
    usual = {
        ShipmentRow: {"carrier": "x", "state": "preparing", "ordered_on": date(2026, 3, 1), "postal_code": "K7L3N6"},
        AppointmentRow: {
            "kind": "transfer", "state": "planned", "day": date(2026, 3, 9), "window_from": time(8), "window_to": time(12),
            "postal_code": "K7L3N6",
        },
    }  # fmt: skip
    with pytest.raises(IntegrityError):
        await put(table, **{**usual[table], **values})


async def test_the_tables_go_and_come_with_their_migration(database, move):
    await move(command.downgrade, "0007")
    async with database.reading() as session:
        assert await queries.account(session, brand="wrs", number=WHITFIELD)
        assert await session.scalar(text("SELECT version_num FROM alembic_version")) == "0007"
    await move(command.upgrade, "head")
    async with database.writing() as session:
        await session.execute(delete(ShipmentRow))
