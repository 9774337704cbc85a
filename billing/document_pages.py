"""What opens under the link of a document: the document, or a notice that says why not."""

from __future__ import annotations

import asyncio
from datetime import datetime, time

from aiohttp import web

from billing import money_queries, queries
from billing.bill import unpaid
from billing.call_handlers import call_of
from billing.calls import first_day
from billing.document_links import Document, open_link
from billing.documents import bill_pdf, calls_csv, file_name
from billing.models import AccountRow
from billing.money import ZERO
from billing.problems import preferred_language
from billing.web import BACKEND


async def document(request: web.Request) -> web.Response:
    """The document, made now; a page with 410 where the link is too old, with 404 where there is nothing under it."""
    backend = request.app[BACKEND]
    async with backend.database.reading() as session:
        link = await open_link(session, request.match_info["token"], now=backend.now())
    if link is None:
        language = preferred_language(request.headers.get("Accept-Language", ""))
        return backend.pages.notice("unknown", status=404, language=language)
    wanted, owner = link.document, link.owner
    if link.expired:
        return backend.pages.notice("document-expired", status=410, language=wanted.language)
    content = await (_bill(request, owner, wanted) if wanted.kind == "bill" else _calls(request, owner, wanted))
    if content is None:
        return backend.pages.notice("unknown", status=404, language=wanted.language)
    name = file_name(backend.document_words, wanted.kind, wanted.language, wanted.number)
    shown = wanted.kind == "bill"
    return web.Response(
        body=content,
        content_type="application/pdf" if shown else "text/csv",
        charset=None if shown else "utf-8",
        headers={
            "Content-Disposition": f'{"inline" if shown else "attachment"}; filename="{name}"',
            "Content-Language": wanted.language,
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer",  # the address is the key to the document
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        },
    )


async def _bill(request: web.Request, owner: AccountRow, wanted: Document) -> bytes | None:
    backend = request.app[BACKEND]
    async with backend.database.reading() as session:
        row = await money_queries.bill(session, owner, wanted.number)
        if row is None:
            return None
        ledger = await queries.ledger(session, owner)
    owed = {bill.number: amount for bill, amount in unpaid(ledger)}
    return await asyncio.to_thread(
        bill_pdf,
        backend.document_words,
        row,
        owner,
        brand=backend.brands[owner.brand].name[wanted.language],
        unpaid=owed.get(row.number, ZERO),
        language=wanted.language,
        today=backend.now().date(),
    )


async def _calls(request: web.Request, owner: AccountRow, wanted: Document) -> bytes | None:
    backend = request.app[BACKEND]
    zone = backend.settings.time_zone
    if not owner.pie:
        return None
    async with backend.database.reading() as session:
        since = first_day(backend.now().date(), backend.brands[owner.brand].call_days or 1)
        rows = await money_queries.calls(session, owner, datetime.combine(since, time(), zone))
    return calls_csv(backend.document_words, map(call_of, rows), language=wanted.language, zone=zone)
