"""The routes about paying: payment links and automatic payment."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from billing import money_queries, payments, queries
from billing.autopay import TakenRule, next_taken_on
from billing.bill import Ledger, unpaid
from billing.bodies import amount_field
from billing.handlers import owner_of
from billing.models import AccountRow
from billing.money_answers import money, payment_link
from billing.payment_provider import ProviderUnavailable
from billing.problems import Problem
from billing.tokens import Customer
from billing.web import BACKEND, json_body, require_administrator, require_offer
from billing.writes import Outcome, answer_write, idempotency_key, writer_of

_REFERENCE = re.compile(r"[A-Z0-9-]{1,20}")


async def new_payment_link(request: web.Request, customer: Customer) -> web.Response:
    require_offer(request, customer.brand, "payment_link")
    backend, writer, now = request.app[BACKEND], writer_of(customer), request.app[BACKEND].now()
    idempotency_key(request)
    body = await json_body(request, optional=("amount",))
    asked = amount_field(body, "amount") if body.get("amount") is not None else None

    async def change(session: AsyncSession, owner: AccountRow, reference: str) -> Outcome:
        return await payments.make_link(
            session,
            owner,
            reference,
            writer=writer,
            brand=backend.brands[customer.brand],
            asked=asked,
            public_url=backend.settings.public_url,
            now=now,
        )

    return await answer_write(request, writer, "payment_link", body, change, now=now, status=201)


async def payment_link_state(request: web.Request, customer: Customer) -> web.Response:
    backend, now = request.app[BACKEND], request.app[BACKEND].now()
    reference = request.match_info["reference"]
    if not _REFERENCE.fullmatch(reference):
        raise Problem("no-such-link")
    async with backend.database.reading() as session:
        row = await payments.link_of(session, await owner_of(session, customer), reference)
    with suppress(ProviderUnavailable):  # "charging" is then the truth
        row = await payments.settled(backend.database, backend.provider, row.id, now=now)
    return web.json_response({"reference": row.reference, **payment_link(row, now)})


async def autopay(request: web.Request, customer: Customer) -> web.Response:
    rule = _autopay_rule(request, customer)
    backend = request.app[BACKEND]
    async with backend.database.reading() as session:
        owner = await owner_of(session, customer)
        ledger = await queries.ledger(session, owner)
        last = await money_queries.last_autopay_charge(session, owner)
    told = (
        None if last is None else {"date": last.taken_on.isoformat(), "amount": money(last.amount), "state": last.state}
    )
    today = backend.now().date()
    # What was taken today is not to come.
    start = today + timedelta(days=1) if last is not None and last.taken_on == today else today
    return web.json_response({**_autopay_answer(rule, owner.autopay, ledger, start), "last": told})


async def start_autopay(request: web.Request, customer: Customer) -> web.Response:
    return await _set_autopay(request, customer, active=True)


async def stop_autopay(request: web.Request, customer: Customer) -> web.Response:
    return await _set_autopay(request, customer, active=False)


async def _set_autopay(request: web.Request, customer: Customer, *, active: bool) -> web.Response:
    rule = _autopay_rule(request, customer)
    require_administrator(customer)
    now = request.app[BACKEND].now()

    async def change(session: AsyncSession, owner: AccountRow, reference: str) -> Outcome:
        previous, owner.autopay = owner.autopay, active
        last = await queries.latest_audit(session, owner, "autopay")
        return Outcome(
            {
                **_autopay_answer(rule, active, await queries.ledger(session, owner), now.date()),
                "previous": {"active": previous},
            },
            before={"active": previous},
            after={"active": active},
            changed=previous != active,
            reference=last.reference if last and last.after == {"active": active} else None,
        )

    return await answer_write(request, writer_of(customer), "autopay", {"active": active}, change, now=now)


def _autopay_rule(request: web.Request, customer: Customer) -> TakenRule:
    require_offer(request, customer.brand, "autopay")
    rule = request.app[BACKEND].brands[customer.brand].autopay
    if rule is None:
        raise Problem("not-offered")
    return rule


def _autopay_answer(rule: TakenRule, active: bool, ledger: Ledger, today: date) -> dict[str, Any]:
    day = next_taken_on(rule, (bill for bill, _ in unpaid(ledger)), today)
    return {
        "active": active,
        "next_date": day.isoformat() if day else None,
        "rule": {"kind": rule.rule, "value": rule.value},
    }
