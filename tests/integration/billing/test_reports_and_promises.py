"""Reports of payments that do not show yet, promises to pay, and the stage of the reminders."""

import asyncio
from datetime import timedelta

import pytest

from billing.models import AuditRow, PaymentRow
from billing.money import CAD
from billing.money_models import PaymentPromiseRow, PaymentReportRow

MARC = {"account": "50010002", "brand": "wrs"}


def money(amount):
    return {"amount": amount, "currency": "CAD"}


@pytest.fixture
def report(write, today):
    async def send(amount="184.52", days_ago=2, method="cheque", reference=None, **options):
        body = {"amount": amount, "date": (today - timedelta(days=days_ago)).isoformat(), "method": method}
        return await write("POST", "/v1/payment-reports", {**body, "reference": reference}, **options)

    return send


@pytest.fixture
def promise(write, today):
    async def send(amount="50.00", days=10, **options):
        body = {"amount": amount, "date": (today + timedelta(days=days)).isoformat()}
        return await write("POST", "/v1/payment-promises", body, **{**MARC, **options})

    return send


@pytest.fixture
def pay(database, read):
    async def add(account_id, amount, day):
        async with database.writing() as session:
            session.add(
                PaymentRow(account_id=account_id, number="R-9", paid_on=day, amount=CAD(amount), method="cheque")
            )

    return add


async def test_a_payment_that_is_not_on_file_is_looked_for(report, read, rows, today):
    status, answer = await report(reference="cheque 118")
    assert status == 201
    reference = answer.pop("reference")
    assert reference.startswith("N-")
    assert answer == {
        "amount": money("184.52"),
        "date": (today - timedelta(days=2)).isoformat(),
        "method": "cheque",
        "payer_reference": "cheque 118",
        "state": "searching",
        "payment": None,
        "stops_past_due": False,
        "changed": True,
        "at": "2026-03-05T21:30:00-05:00",
    }
    assert (await read("/v1/balance"))[1]["past_due"] == money("100.00")
    (audit,) = await rows(AuditRow)
    assert (audit.action, audit.reference, audit.after["payer_reference"]) == (
        "payment_report",
        reference,
        "cheque 118",
    )


async def test_a_payment_on_file_is_told(report, today):
    # Laurier paid 181.07 by cheque 50 days ago.
    _, answer = await report("181.07", days_ago=52)
    assert answer["state"] == "found"
    assert answer["payment"] == {
        "number": "R-300103",
        "date": (today - timedelta(days=50)).isoformat(),
        "amount": money("181.07"),
        "method": "cheque",
    }


async def test_a_payment_that_comes_later_is_found_in_the_list(report, read, rows, pay, today):
    await report()
    (row,) = await rows(PaymentReportRow)
    await pay(row.account_id, "184.52", today)
    status, (listed,) = await read("/v1/payment-reports")
    assert (status, listed["state"], listed["payment"]["number"]) == (200, "found", "R-9")


async def test_the_same_report_twice_is_one(report, read, rows):
    _, first = await report()
    status, again = await report()
    assert (status, again["changed"], again["reference"]) == (201, False, first["reference"])
    await report(reference="118")
    assert len(await rows(PaymentReportRow)) == 2
    assert len((await read("/v1/payment-reports"))[1]) == 2
    assert len(await rows(AuditRow)) == 2


async def test_the_same_report_ten_times_at_once_is_one(report, rows):
    answers = await asyncio.gather(*(report() for _ in range(10)))
    assert len({answer["reference"] for _, answer in answers}) == 1
    assert len(await rows(PaymentReportRow)) == 1


@pytest.mark.parametrize(("days_ago", "status"), [(0, 201), (120, 201), (121, 422), (-1, 422)])
async def test_a_date_is_believable(report, today, days_ago, status):
    found, answer = await report(days_ago=days_ago)
    assert found == status
    if status == 422:
        assert answer["type"] == "urn:billing:problem:day-out-of-range"
        assert (answer["earliest"], answer["latest"]) == ("2025-11-05", "2026-03-05")


@pytest.mark.parametrize(
    ("method", "options", "status"),
    [
        ("paypal", {}, 422),
        ("paypal", MARC, 201),
        ("barter", {}, 422),
        ("", {}, 422),
        (None, {}, 422),
        ("e_transfer", {"account": "0012345678", "brand": "pitney-bowes"}, 201),
    ],
)
async def test_a_method_is_one_of_the_brand_s(report, method, options, status):
    assert (await report(method=method, **options))[0] == status


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "0.00"},
        {"amount": 1},
        {"date": "2026-02-30"},
        {"date": "5 mars"},
        {"reference": ""},
        {"reference": "a\u0000b"},
        {"reference": "\ud800"},
        {"reference": "x" * 101},
        {"unknown": 1},
    ],
)
async def test_a_report_of_another_shape_is_refused(write, change):
    body = {"amount": "5.00", "date": "2026-03-01", "method": "cheque", "reference": None, **change}
    status, problem = await write("POST", "/v1/payment-reports", body)
    assert (status, problem["field"]) == (422, next(iter(change)))


async def test_reports_are_read_by_their_account_only(report, read):
    await report()
    assert await read("/v1/payment-reports", "1002003002") == (200, [])


async def test_a_promise_is_recorded_with_its_reminder(promise, rows, today):
    status, answer = await promise()
    assert status == 201
    assert answer.pop("reference").startswith("P-")
    assert answer == {
        "amount": money("50.00"),
        "date": (today + timedelta(days=10)).isoformat(),
        "made_on": today.isoformat(),
        "state": "open",
        "reminder_on": (today + timedelta(days=8)).isoformat(),
        "prevents_disconnection": False,
        "previous": None,
        "changed": True,
        "at": "2026-03-05T21:30:00-05:00",
    }
    assert [row.action for row in await rows(AuditRow)] == ["payment_promise"]


async def test_a_new_promise_replaces_the_open_one(promise, read, today):
    _, first = await promise()
    _, second = await promise("103.38", 20)
    assert second["previous"] == {
        "reference": first["reference"],
        "amount": money("50.00"),
        "date": (today + timedelta(days=10)).isoformat(),
    }
    _, listed = await read("/v1/payment-promises", **MARC)
    assert [(one["reference"], one["state"]) for one in listed] == [
        (second["reference"], "open"),
        (first["reference"], "replaced"),
    ]


async def test_the_same_promise_again_is_the_same(promise, rows):
    _, first = await promise()
    _, again = await promise()
    assert (again["changed"], again["reference"]) == (False, first["reference"])
    assert len(await rows(PaymentPromiseRow)) == 1


async def test_a_promise_is_kept_or_broken_by_what_comes(promise, read, rows, pay, clock, today):
    await promise()
    (row,) = await rows(PaymentPromiseRow)
    clock.now += timedelta(days=11)
    assert (await read("/v1/payment-promises", **MARC))[1][0]["state"] == "broken"
    await pay(row.account_id, "50.00", today + timedelta(days=10))
    assert (await read("/v1/payment-promises", **MARC))[1][0]["state"] == "kept"


@pytest.mark.parametrize(
    ("amount", "days", "type_", "member"),
    [
        ("103.39", 10, "amount-too-large", {"largest": money("103.38")}),
        ("0.99", 10, "amount-too-small", {"least": money("1.00")}),
        ("50.00", 31, "day-out-of-range", {"earliest": "2026-03-05", "latest": "2026-04-04"}),
        ("50.00", -1, "day-out-of-range", {"field": "date"}),
    ],
)
async def test_a_promise_keeps_to_the_limits(promise, rows, amount, days, type_, member):
    status, problem = await promise(amount, days)
    assert (status, problem["type"]) == (422, f"urn:billing:problem:{type_}")
    assert member.items() <= problem.items()
    assert await rows(PaymentPromiseRow) == []


@pytest.mark.parametrize(("amount", "days"), [("103.38", 0), ("1.00", 30)])
async def test_a_promise_may_reach_the_limits(promise, amount, days):
    assert (await promise(amount, days))[0] == 201


async def test_who_owes_nothing_promises_nothing(promise):
    assert (await promise(account="50010001"))[0] == 409


async def test_only_the_internet_brand_takes_promises_and_tells_reminders(promise, read):
    assert (await promise(account="1002003001", brand="primus"))[0] == 403
    assert (await read("/v1/payment-promises"))[0] == 403
    assert (await read("/v1/reminders"))[0] == 403


async def test_the_stage_of_each_internet_customer(read, today):
    def told(stage, reminders, past_due, since, disconnected_on=None):
        since = (today - timedelta(days=since)).isoformat() if since else None
        return {
            "stage": stage,
            "reminders": reminders,
            "past_due": money(past_due),
            "past_due_since": since,
            "disconnected_on": disconnected_on,
        }

    off = (today - timedelta(days=6)).isoformat()
    assert (await read("/v1/reminders", "50010001", brand="wrs"))[1] == told("none", 0, "0.00", None)
    assert (await read("/v1/reminders", "50010002", brand="wrs"))[1] == told("overdue", 2, "103.38", 51)
    assert (await read("/v1/reminders", "50010003", brand="wrs"))[1] == told("disconnected", 0, "124.18", 80, off)


async def test_the_limits_of_a_promise_are_told_before_one_is_made(read, promise):
    expected = {"earliest": "2026-03-05", "latest": "2026-04-04", "least": money("1.00"), "largest": money("103.38")}
    assert await read("/v1/payment-promises/limits", "50010002", brand="wrs") == (200, expected)
    assert (await promise(amount="103.38", days=30))[0] == 201
    assert (await promise(amount="103.39", days=30))[0] == (await promise(amount="1.00", days=31))[0] == 422


async def test_where_nothing_is_owed_nothing_may_be_promised(read):
    _, limits = await read("/v1/payment-promises/limits", "50010001", brand="wrs")
    assert limits["largest"] == money("0.00")
    assert (await read("/v1/payment-promises/limits"))[0] == 403
