"""The routes about one bill: what changed in it, and a link to it as a document."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from billing import money_queries
from billing.answers import money
from billing.bill import Line
from billing.bill_change import LineChange, amount_change, is_reprinted, line_changes
from billing.bodies import choice_field
from billing.document_links import Document, new_link
from billing.handlers import owner_of
from billing.models import AccountRow, BillLineRow, BillRow
from billing.money_models import DocumentLinkRow
from billing.problems import LANGUAGES, Problem
from billing.tokens import Customer
from billing.web import BACKEND, json_body
from billing.writes import Outcome, answer_write, idempotency_key, writer_of

_NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")


async def latest_bill_explanation(request: web.Request, customer: Customer) -> web.Response:
    async with request.app[BACKEND].database.reading() as session:
        rows = await money_queries.latest_bills_with_lines(session, await owner_of(session, customer), 2)
    if not rows:
        raise Problem("no-bill")
    bill, before = rows[0], rows[1] if len(rows) > 1 else None
    changes = line_changes(
        [line_of(line) for line in bill.lines], [line_of(line) for line in before.lines] if before else []
    )
    difference = bill.total - before.total if before else None
    return web.json_response(
        {
            **_head(bill),
            "previous": _head(before) if before else None,
            "change": amount_change(difference) if difference is not None else "new",
            "difference": money(difference) if difference is not None else None,
            "lines": [_explained(change) for change in changes],
        }
    )


async def bill_document(request: web.Request, customer: Customer) -> web.Response:
    backend, now = request.app[BACKEND], request.app[BACKEND].now()
    idempotency_key(request)
    body = await json_body(request, "language")
    language = choice_field(body, "language", LANGUAGES)
    number = request.match_info["number"]
    months = backend.brands[customer.brand].reprint_months

    async def change(session: AsyncSession, owner: AccountRow, reference: str) -> Outcome:
        row = await money_queries.bill(session, owner, number) if _NUMBER.fullmatch(number) else None
        if row is None:
            raise Problem("no-such-bill")
        if not is_reprinted(row.issued_on, now.date(), months):
            raise Problem("bill-too-old", values={"months": months}, members={"reprint_months": months})
        document = Document("bill", row.number, language)
        return document_outcome(backend.settings.public_url, await new_link(session, owner, document, now=now), now)

    asked = {**body, "number": number}
    return await answer_write(request, writer_of(customer), "bill_document", asked, change, now=now, status=201)


def document_outcome(public_url: str, link: DocumentLinkRow, now: datetime) -> Outcome:
    """A new link to a document: it changes nothing, but who could read what, and when, is audited."""
    expires_at = link.expires_at.astimezone(now.tzinfo).isoformat(timespec="seconds")
    answer = {"url": f"{public_url}/documents/{link.token}", "expires_at": expires_at, "language": link.language}
    return Outcome(answer, after={"kind": link.kind, "number": link.number, "expires_at": expires_at})


def line_of(row: BillLineRow) -> Line:
    return Line(row.kind, row.description_fr, row.description_en, row.amount, row.key)


def _head(row: BillRow) -> dict[str, Any]:
    return {"number": row.number, "date": row.issued_on.isoformat(), "total": money(row.total)}


def _explained(change: LineChange) -> dict[str, Any]:
    line = change.line
    return {
        "key": line.key or "other",
        "kind": line.kind,
        "description": {"fr": line.description_fr, "en": line.description_en},
        "amount": money(line.amount) if change.change != "gone" else None,
        "previous": money(change.previous) if change.previous is not None else None,
        "change": change.change,
        "difference": money(change.difference),
    }
