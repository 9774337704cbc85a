"""The routes of call details, for the accounts that have them online (PIE)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from billing import money_queries
from billing.answers import money
from billing.bill_handlers import document_outcome
from billing.bodies import choice_field
from billing.calls import Call, Sum, by_kind, first_day, longest, minutes, summed
from billing.document_links import Document, new_link
from billing.handlers import owner_of
from billing.models import AccountRow
from billing.money_models import CallRow
from billing.problems import LANGUAGES, Problem
from billing.tokens import Customer
from billing.web import BACKEND, json_body, limit_parameter
from billing.writes import Outcome, answer_write, idempotency_key, writer_of


async def call_summary(request: web.Request, customer: Customer) -> web.Response:
    backend = request.app[BACKEND]
    kept = backend.brands[customer.brand].call_days
    if not kept:
        raise Problem("no-pie")
    days = limit_parameter(request, "days", default=kept, most=kept)
    today, zone = backend.now().date(), backend.settings.time_zone
    since = first_day(today, days)
    async with backend.database.reading() as session:
        owner = await owner_of(session, customer)
        _require_pie(owner)
        rows = await money_queries.calls(session, owner, datetime.combine(since, time(), zone))
    calls = [call_of(row) for row in rows]
    top = longest(calls)
    return web.json_response(
        {
            **_sum(summed(calls)),
            "by_kind": [{"kind": kind, **_sum(part)} for kind, part in by_kind(calls).items()],
            "longest": top
            and {
                "at": top.at.astimezone(zone).isoformat(timespec="seconds"),
                "number": top.number,
                "kind": top.kind,
                "minutes": minutes(top),
            },
            "from": since.isoformat(),
            "to": today.isoformat(),
        }
    )


async def calls_document(request: web.Request, customer: Customer) -> web.Response:
    backend, now = request.app[BACKEND], request.app[BACKEND].now()
    idempotency_key(request)
    body = await json_body(request, "language")
    language = choice_field(body, "language", LANGUAGES)
    if not backend.brands[customer.brand].call_days:
        raise Problem("no-pie")

    async def change(session: AsyncSession, owner: AccountRow, reference: str) -> Outcome:
        _require_pie(owner)
        document = Document("calls", "", language)
        return document_outcome(backend.settings.public_url, await new_link(session, owner, document, now=now), now)

    return await answer_write(request, writer_of(customer), "call_details_document", body, change, now=now, status=201)


def call_of(row: CallRow) -> Call:
    return Call(row.at, row.number, row.kind, row.seconds, row.cost)


def _require_pie(owner: AccountRow) -> None:
    if not owner.pie:
        raise Problem("no-pie")


def _sum(part: Sum) -> dict[str, Any]:
    return {"calls": part.calls, "minutes": part.minutes, "cost": money(part.cost)}
