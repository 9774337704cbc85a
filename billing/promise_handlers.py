"""The routes about what is late: reports of payments that do not show yet, promises to pay, reminders."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from billing import money_queries, notices, queries
from billing.answers import money
from billing.bill import Ledger, standing
from billing.bodies import amount_field, choice_field, day_field, line_field
from billing.handlers import ledger_of, owner_of
from billing.models import AccountRow
from billing.money import ZERO
from billing.money_answers import payment_promise, payment_report
from billing.money_models import PaymentPromiseRow, PaymentReportRow
from billing.payment_report import earliest_day
from billing.problems import Problem
from billing.promise import Promise, PromiseLimits, last_day, promise_state, reminder_on
from billing.reminders import stage
from billing.tokens import Customer
from billing.web import BACKEND, json_body, require_offer
from billing.writes import Outcome, answer_write, idempotency_key, writer_of


async def new_payment_report(request: web.Request, customer: Customer) -> web.Response:
    backend, now = request.app[BACKEND], request.app[BACKEND].now()
    idempotency_key(request)
    body = await json_body(request, "amount", "date", "method", optional=("reference",))
    amount, paid_on = amount_field(body, "amount"), day_field(body, "date")
    method = choice_field(body, "method", backend.brands[customer.brand].methods)
    named = line_field(body, "reference", longest=100) if body.get("reference") is not None else None
    earliest = earliest_day(now.date())
    if not earliest <= paid_on <= now.date():
        raise _day_problem(earliest, now.date())

    async def change(session: AsyncSession, owner: AccountRow, reference: str) -> Outcome:
        row = PaymentReportRow(
            account_id=owner.id,
            reference=reference,
            at=now,
            amount=amount,
            paid_on=paid_on,
            method=method,
            payer_reference=named,
        )
        same = next((old for old in await money_queries.reports(session, owner) if _report(old) == _report(row)), None)
        if same is None:
            session.add(row)
        paid = (await queries.ledger(session, owner)).payments
        return Outcome(
            payment_report(row, paid),
            after={"amount": str(amount), "date": paid_on.isoformat(), "method": method, "payer_reference": named},
            changed=same is None,
            reference=same.reference if same else None,
        )

    return await answer_write(request, writer_of(customer), "payment_report", body, change, now=now, status=201)


async def payment_reports(request: web.Request, customer: Customer) -> web.Response:
    async with request.app[BACKEND].database.reading() as session:
        owner = await owner_of(session, customer)
        rows = await money_queries.reports(session, owner)
        paid = (await queries.ledger(session, owner)).payments
    zone = request.app[BACKEND].settings.time_zone
    return web.json_response(
        [
            {
                "reference": row.reference,
                **payment_report(row, paid),
                "at": row.at.astimezone(zone).isoformat(timespec="seconds"),
            }
            for row in rows
        ]
    )


def _report(row: PaymentReportRow) -> tuple[object, ...]:
    return row.amount, row.paid_on, row.method, row.payer_reference


async def new_payment_promise(request: web.Request, customer: Customer) -> web.Response:
    limits = _promise_limits(request, customer)
    now = request.app[BACKEND].now()
    today = now.date()
    idempotency_key(request)
    body = await json_body(request, "amount", "date")
    amount, promised_for = amount_field(body, "amount"), day_field(body, "date")
    if not today <= promised_for <= last_day(limits, today):
        raise _day_problem(today, last_day(limits, today))
    if amount < limits.least:
        members = {"field": "amount", "least": money(limits.least)}
        raise Problem("amount-too-small", members=members)

    async def change(session: AsyncSession, owner: AccountRow, reference: str) -> Outcome:
        ledger = await queries.ledger(session, owner)
        owed = standing(ledger, today).balance
        if owed <= ZERO:
            raise Problem("nothing-owed")
        if amount > owed:
            members = {"field": "amount", "largest": money(owed)}
            raise Problem("amount-too-large", members=members)
        row = PaymentPromiseRow(
            account_id=owner.id,
            reference=reference,
            at=now,
            amount=amount,
            made_on=today,
            promised_for=promised_for,
        )
        rows = await money_queries.promises(session, owner)
        before = next((old for old in rows if _is_open(old, ledger, today)), None)
        same = before is not None and (before.amount, before.promised_for) == (amount, promised_for)
        previous = before and _promised(before)
        if not same:
            session.add(row)
            on = reminder_on(limits, Promise(amount, today, promised_for))
            notices.remind(session, owner, reference=reference, values=_promised(row), on=on, now=now)
            if before is not None:
                before.replaced_at = now
        said = before if same and before is not None else row
        return Outcome(
            {**payment_promise(said, ledger.payments, limits, today), "previous": previous},
            before={"promise": previous},
            after={"promise": _promised(row)},
            changed=not same,
            reference=before.reference if before else None,
        )

    return await answer_write(request, writer_of(customer), "payment_promise", body, change, now=now, status=201)


async def payment_promise_limits(request: web.Request, customer: Customer) -> web.Response:
    """Between which days and amounts a promise is taken now; nothing may be promised where nothing is owed."""
    limits = _promise_limits(request, customer)
    backend = request.app[BACKEND]
    today = backend.now().date()
    async with backend.database.asking() as session:
        ledger = await ledger_of(session, customer)
    return web.json_response(
        {
            "earliest": today.isoformat(),
            "latest": last_day(limits, today).isoformat(),
            "least": money(limits.least),
            "largest": money(max(standing(ledger, today).balance, ZERO)),
        }
    )


async def payment_promises(request: web.Request, customer: Customer) -> web.Response:
    limits = _promise_limits(request, customer)
    backend = request.app[BACKEND]
    async with backend.database.reading() as session:
        owner = await owner_of(session, customer)
        rows = await money_queries.promises(session, owner)
        paid = (await queries.ledger(session, owner)).payments
    today = backend.now().date()
    return web.json_response(
        [{"reference": row.reference, **payment_promise(row, paid, limits, today)} for row in rows]
    )


def _promise_limits(request: web.Request, customer: Customer) -> PromiseLimits:
    require_offer(request, customer.brand, "payment_promise")
    limits = request.app[BACKEND].brands[customer.brand].promise
    if limits is None:
        raise Problem("not-offered")
    return limits


def _is_open(row: PaymentPromiseRow, ledger: Ledger, today: date) -> bool:
    promise = Promise(row.amount, row.made_on, row.promised_for)
    return row.replaced_at is None and promise_state(promise, ledger.payments, today) == "open"


def _promised(row: PaymentPromiseRow) -> dict[str, Any]:
    return {"reference": row.reference, "amount": money(row.amount), "date": row.promised_for.isoformat()}


def _day_problem(earliest: date, latest: date) -> Problem:
    members = {"field": "date", "earliest": earliest.isoformat(), "latest": latest.isoformat()}
    return Problem("day-out-of-range", members=members)


async def reminders(request: web.Request, customer: Customer) -> web.Response:
    require_offer(request, customer.brand, "reminders")
    backend = request.app[BACKEND]
    ladder = backend.brands[customer.brand].ladder
    if ladder is None:
        raise Problem("not-offered")
    async with backend.database.reading() as session:
        owner = await owner_of(session, customer)
        ledger = await queries.ledger(session, owner)
    today = backend.now().date()
    stands = standing(ledger, today)
    disconnected_on = owner.extra.get("disconnected_on")
    return web.json_response(
        {
            "stage": stage(
                ladder,
                past_due_since=stands.past_due_since,
                disconnected=disconnected_on is not None,
                today=today,
            ),
            "reminders": owner.extra.get("reminders", 0),
            "past_due": money(stands.past_due),
            "past_due_since": stands.past_due_since.isoformat() if stands.past_due_since else None,
            "disconnected_on": disconnected_on,
        }
    )
