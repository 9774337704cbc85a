"""Preventive visits: two a calendar year, asked for once, with reference and audit."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from billing import queries
from billing.field_service_models import EquipmentRow, MaintenanceVisitRow
from billing.models import AuditRow, IdempotencyKeyRow

LAVOIE, PRAIRIE, LAKEHEAD, HUDSON = "3A01234567", "7R00987654", "5D00445566", "SW-2290017"
VISIT = {"serial": LAVOIE, "preferred_on": "2026-04-14", "contact": "Amélie, 514 555-0121"}


@pytest.fixture
def request_visit(client, bearer):
    async def post(body=None, *, key="visit-0001", language="en", brand="pitney-bowes", **changes):
        headers = {**bearer(brand=brand, scope="catalogue"), "Accept-Language": language}
        if key is not None:
            headers["Idempotency-Key"] = key
        body = {**VISIT, **changes} if body is None else body
        response = await client.post("/v1/maintenance-visits", json=body, headers=headers)
        return response.status, await response.json()

    return post


@pytest.fixture
def visits(client, bearer):
    async def get(serial=LAVOIE):
        headers = bearer(brand="pitney-bowes", scope="catalogue")
        answer = await (await client.get("/v1/maintenance", params={"serial": serial}, headers=headers)).json()
        return answer["visits"], answer["left"]

    return get


async def rows(database, table):
    async with database.reading() as session:
        return (await session.scalars(select(table))).all()


async def visits_asked_for(database):
    """Beside those that the demonstration customers come with."""
    return [row for row in await rows(database, MaintenanceVisitRow) if len(row.reference) == len("T-7GK2MPQA")]


def problem(answer):
    return answer["type"].rpartition(":")[2]


async def test_a_visit_is_asked_for_and_counted(request_visit, visits, database, clock):
    assert await visits() == (1, 1)
    status, answer = await request_visit()
    reference = answer.pop("reference")
    assert (status, answer) == (
        201,
        {"preferred_on": "2026-04-14", "left": 0, "changed": True, "at": "2026-03-05T21:30:00-05:00"},
    )
    assert (reference[:2], len(reference)) == ("T-", 10)
    assert await visits() == (2, 0)
    (row,) = await visits_asked_for(database)
    assert (row.reference, row.preferred_on, row.contact, row.at) == (
        reference,
        date(2026, 4, 14),
        "Amélie, 514 555-0121",
        clock.now,
    )


async def test_a_visit_leaves_one_audit_row_without_the_contact(request_visit, database):
    _, answer = await request_visit()
    (row,) = await rows(database, AuditRow)
    assert (row.action, row.conversation, row.reference) == ("maintenance_visit", "conversation-1", answer["reference"])
    assert (row.before, row.after) == ({"visits": 1}, {"visits": 2, "year": 2026, "preferred_on": "2026-04-14"})
    (kept,) = await rows(database, IdempotencyKeyRow)
    assert "514" not in str(kept.response)


async def test_the_third_of_a_year_becomes_a_quote(request_visit, database):
    assert (await request_visit())[0] == 201
    status, answer = await request_visit(key="visit-0002", preferred_on="2026-05-12", language="fr")
    assert (status, problem(answer)) == (409, "visits-used-up")
    assert "Les 2 visites d’entretien préventif de l’année 2026" in answer["detail"]
    assert len(await visits_asked_for(database)) == len(await rows(database, AuditRow)) == 1


async def test_visits_that_the_field_service_counted_are_used_up_too(request_visit):
    status, answer = await request_visit(serial=PRAIRIE)
    assert (status, problem(answer)) == (409, "visits-used-up")


async def test_a_visit_of_next_year_counts_for_next_year(request_visit, visits, clock):
    clock.now = datetime(2026, 12, 1, 15, tzinfo=UTC)
    for number, day in enumerate(("2027-01-12", "2027-02-09")):
        status, answer = await request_visit(serial=PRAIRIE, preferred_on=day, key=f"visit-000{number}")
        assert (status, answer["left"]) == (201, 1 - number)
    assert (await request_visit(serial=PRAIRIE, preferred_on="2027-03-09", key="visit-0003"))[0] == 409
    assert await visits(PRAIRIE) == (2, 0)


@pytest.mark.parametrize("serial", [LAKEHEAD, HUDSON])
async def test_without_a_contract_on_equipment_there_is_none(request_visit, database, serial):
    status, answer = await request_visit(serial=serial)
    assert (status, problem(answer)) == (409, "no-contract")
    assert await visits_asked_for(database) == []


async def test_the_same_request_again_is_one_visit(request_visit, database, clock):
    first = await request_visit()
    clock.now += timedelta(hours=23)
    assert await request_visit() == first
    assert len(await visits_asked_for(database)) == 1


async def test_a_key_used_for_another_visit_is_refused(request_visit, database):
    await request_visit()
    status, answer = await request_visit(preferred_on="2026-05-12")
    assert (status, problem(answer)) == (422, "idempotency-key-reused")


async def test_twenty_at_once_use_up_no_more_than_is_left(request_visit, database):
    days = [f"2026-04-{day}" for day in (13, 14, 15, 16, 17)] * 4
    answers = await asyncio.gather(
        *(request_visit(key=f"visit-{number:04}", preferred_on=day) for number, day in enumerate(days))
    )
    assert {status for status, _ in answers} == {201, 409}
    assert len({answer["reference"] for status, answer in answers if status == 201}) == 1
    assert len(await visits_asked_for(database)) == 1


async def test_the_same_one_twenty_times_at_once_is_one_visit(request_visit, database):
    answers = await asyncio.gather(*(request_visit(key=f"visit-{number:04}") for number in range(20)))
    assert Counter(answer["changed"] for _, answer in answers) == {True: 1, False: 19}
    assert len({answer["reference"] for _, answer in answers}) == len(await visits_asked_for(database)) == 1


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-03-04", "not-in-future"),
        ("2026-03-05", "not-in-future"),
        ("2026-03-07", "no-business-day"),
        ("2026-04-03", "no-business-day"),
        ("2026-06-24", "no-business-day"),
        ("2026-07-04", "too-far"),
        ("9999-12-31", "too-far"),
    ],
)
async def test_a_day_that_is_not_offered_is_refused_with_the_reason(request_visit, database, day, reason):
    status, answer = await request_visit(preferred_on=day)
    assert (status, problem(answer), answer["field"], answer["reason"]) == (
        422,
        "bad-visit-day",
        "preferred_on",
        reason,
    )
    assert await visits_asked_for(database) == []


async def test_the_holidays_are_those_of_the_machine_s_province(request_visit, database):
    async with database.writing() as session:
        await session.execute(delete(MaintenanceVisitRow))
    # 24 June is a holiday in Quebec, not in Manitoba.
    assert (await request_visit(serial=PRAIRIE, preferred_on="2026-06-24"))[0] == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"preferred_on": "2026-02-30"}, "preferred_on"),
        ({"preferred_on": "14 avril"}, "preferred_on"),
        ({"preferred_on": None}, "preferred_on"),
        ({"contact": ""}, "contact"),
        ({"contact": "   "}, "contact"),
        ({"contact": "x" * 201}, "contact"),
        ({"contact": "514\n555"}, "contact"),
        ({"serial": 5}, "serial"),
        ({"serial": "x" * 41}, "serial"),
        ({"note": "please"}, "note"),
    ],
)
async def test_a_body_of_another_shape_is_refused(request_visit, database, changes, field):
    status, answer = await request_visit(**changes)
    assert (status, answer["field"]) == (422, field)
    assert await rows(database, IdempotencyKeyRow) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"serial": "0000000000"}, (404, "equipment-not-found")),
        ({"key": None}, (400, "missing-idempotency-key")),
        ({"key": "short"}, (400, "missing-idempotency-key")),
        ({"brand": "wrs"}, (403, "not-offered")),
    ],
)
async def test_other_refusals(request_visit, database, changes, expected):
    status, answer = await request_visit(**changes)
    assert (status, problem(answer)) == expected
    assert await visits_asked_for(database) == []


@pytest.mark.parametrize("table", ["audit", "idempotency_key", "maintenance_visit"])
async def test_all_of_a_visit_is_written_or_nothing(request_visit, visits, database, refusing, table):
    async with refusing(table):
        assert (await request_visit())[0] == 500
    assert await visits() == (1, 1)
    assert await visits_asked_for(database) == []
    for one in (AuditRow, IdempotencyKeyRow):
        assert await rows(database, one) == []


async def test_a_visit_counts_for_all_machines_of_the_account(request_visit, visits, database):
    async with database.writing() as session:
        owner = await queries.account(session, brand="pitney-bowes", number="0012345678")
        session.add(EquipmentRow(account_id=owner.id, serial="SECOND1", model="DM100"))
    await request_visit(serial="SECOND1")
    assert await visits() == (2, 0)


async def test_the_visits_of_a_year_are_those_of_its_days(visits, clock):
    """The demonstration customer's visit was in February; with the new year both are free again, and nobody resets a count."""
    assert await visits() == (1, 1)
    clock.now = datetime(2027, 1, 1, 5, 1, tzinfo=UTC)
    assert await visits() == (0, 2)
    clock.now = datetime(2027, 1, 1, 4, 59, tzinfo=UTC)  # still December 31 in Toronto
    assert await visits() == (1, 1)


async def test_a_visit_asked_for_again_in_its_conversation_is_the_one_there(request_visit, client, bearer, database):
    """After an answer that was lost, another key: the customer may ask again for the same machine and day."""
    _, first = await request_visit()
    status, again = await request_visit(key="visit-0002", contact="Luc, 514 555-0199")
    assert (status, again["reference"], again["changed"], again["left"]) == (201, first["reference"], False, 0)
    headers = bearer(brand="pitney-bowes", scope="catalogue")
    query = {"serial": LAVOIE, "preferred_on": VISIT["preferred_on"]}
    found = await (await client.get("/v1/maintenance", params=query, headers=headers)).json()
    assert found["asked_for"] == first["reference"], "told before it is asked for again"
    assert len(await visits_asked_for(database)) == len(await rows(database, AuditRow)) == 1


async def test_another_conversation_hears_nothing_of_that_visit(client, bearer, database):
    body = {**VISIT, "serial": LAVOIE}
    for n in (1, 2):
        headers = {
            **bearer(brand="pitney-bowes", scope="catalogue", conversation=f"conversation-{n}"),
            "Idempotency-Key": f"visit-000{n}",
        }
        response = await client.post("/v1/maintenance-visits", json=body, headers=headers)
    assert response.status == 409
    assert len(await visits_asked_for(database)) == 1


@pytest.mark.parametrize(
    ("serial", "day", "expected"),
    [
        (LAVOIE, "2026-04-14", {"year": 2026, "visits": 1, "left": 1, "allowed": 2, "asked_for": None}),
        (LAVOIE, "2026-03-07", "no-business-day"),
        (LAVOIE, "2026-06-24", "no-business-day"),
        (PRAIRIE, "2026-06-24", {"year": 2026, "visits": 2, "left": 0, "allowed": 2, "asked_for": None}),
        (LAVOIE, "2026-03-05", "not-in-future"),
        (LAVOIE, "2027-01-12", "too-far"),
        (LAKEHEAD, "2026-03-07", {"year": 2026, "visits": 0, "left": 0, "allowed": 0, "asked_for": None}),
    ],
)
async def test_a_day_is_looked_at_before_it_is_asked_for(client, bearer, serial, day, expected):
    headers = bearer(brand="pitney-bowes", scope="catalogue")
    query = {"serial": serial, "preferred_on": day}
    response = await client.get("/v1/maintenance", params=query, headers=headers)
    answer = await response.json()
    if isinstance(expected, str):
        assert (response.status, problem(answer), answer["reason"]) == (422, "bad-visit-day", expected)
    else:
        assert (response.status, answer) == (200, expected)
