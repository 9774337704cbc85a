"""Automatic payment: started and stopped, and the day it takes the money."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from billing.models import AccountRow, AuditRow

FIFTEEN = {"kind": "days_after_bill", "value": 15}


async def test_the_next_day_is_fifteen_days_after_the_unpaid_bill(read, today):
    # Laurier's latest bill is 12 days old, the one before 42.
    assert await read("/v1/autopay") == (
        200,
        {"active": False, "next_date": (today + timedelta(days=3)).isoformat(), "rule": FIFTEEN, "last": None},
    )


async def test_an_internet_account_pays_on_the_first(read):
    assert await read("/v1/autopay", "50010001", brand="wrs") == (
        200,
        {"active": True, "next_date": "2026-04-01", "rule": {"kind": "day_of_month", "value": 1}, "last": None},
    )


async def test_with_nothing_unpaid_the_day_waits_for_the_next_bill(read, write, clock, today):
    clock.now += timedelta(days=4)
    assert (await read("/v1/autopay"))[1]["next_date"] is None


async def test_it_starts_and_stops_each_with_its_reference(write, read, rows):
    status, started = await write("PUT", "/v1/autopay")
    assert status == 200
    assert started["active"] is started["changed"] is True
    assert started["previous"] == {"active": False}
    assert started["reference"].startswith("A-")
    assert (await read("/v1/autopay"))[1]["active"] is True
    assert (await read("/v1/account"))[1]["autopay"] is True
    _, stopped = await write("DELETE", "/v1/autopay")
    assert (stopped["active"], stopped["changed"], stopped["previous"]) == (False, True, {"active": True})
    assert (await read("/v1/autopay"))[1]["active"] is False
    audit = [(row.action, row.before, row.after, row.reference) for row in await rows(AuditRow)]
    assert audit == [
        ("autopay", {"active": False}, {"active": True}, started["reference"]),
        ("autopay", {"active": True}, {"active": False}, stopped["reference"]),
    ]


async def test_what_is_already_so_is_left_so(write, rows):
    _, started = await write("PUT", "/v1/autopay")
    _, again = await write("PUT", "/v1/autopay")
    assert (again["changed"], again["reference"]) == (False, started["reference"])
    _, never = await write("DELETE", "/v1/autopay", account="1002003004")
    assert (never["changed"], never["reference"]) == (False, None)
    assert len(await rows(AuditRow)) == 1


async def test_a_key_serves_one_of_the_two(write):
    first = await write("PUT", "/v1/autopay", key="autopay-1")
    assert await write("PUT", "/v1/autopay", key="autopay-1") == first
    status, problem = await write("DELETE", "/v1/autopay", key="autopay-1")
    assert (status, problem["type"]) == (422, "urn:billing:problem:idempotency-key-reused")


async def test_a_key_is_required(client, bearer):
    for method in ("PUT", "DELETE"):
        assert (await client.request(method, "/v1/autopay", headers=bearer())).status == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_a_brand_without_it_refuses(write, database, method):
    status, problem = await write(method, "/v1/autopay", account="0012345678", brand="pitney-bowes")
    assert (status, problem["type"]) == (403, "urn:billing:problem:not-offered")


async def test_a_secondary_user_sees_it_and_changes_nothing(read, write, rows):
    assert (await read("/v1/autopay", role="secondary"))[0] == 200
    for method in ("PUT", "DELETE"):
        status, problem = await write(method, "/v1/autopay", role="secondary")
        assert (status, problem["type"]) == (403, "urn:billing:problem:administrator-only")
    assert await rows(AuditRow) == []


async def test_a_change_made_elsewhere_has_no_reference_of_ours(write, database):
    await write("PUT", "/v1/autopay")
    async with database.writing() as session:
        await session.execute(update(AccountRow).where(AccountRow.number == "1002003001").values(autopay=False))
    _, answer = await write("DELETE", "/v1/autopay")
    assert (answer["changed"], answer["reference"]) == (False, None)
