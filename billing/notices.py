"""Notices to customers about changes on their accounts: written with the change, handed to the gateway, which sends them.

A backend that tells its customers itself answers the route with an empty list.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from aiohttp import web
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from billing import queries
from billing.models import AccountRow
from billing.money_models import PaymentPromiseRow
from billing.notice_models import NoticeRow
from billing.promise import Promise, promise_state
from billing.tokens import Courier
from billing.web import BACKEND, invalid, json_body, limit_parameter

# The changes that the contact on file hears of. Links and documents change nothing; a declined card is told on its page.
TOLD = frozenset(
    {
        "autopay",
        "ebill_email",
        "ebill_enrolment",
        "eservice_registration",
        "maintenance_visit",
        "payment",
        "payment_promise",
        "payment_report",
        "profile_account",
    }
)
REMINDER = "promise_reminder"
REMINDER_HOUR = time(10)  # in the company's time zone
MOST_AT_ONCE = 200


def tell(
    session: AsyncSession,
    owner: AccountRow,
    *,
    event: str,
    reference: str,
    values: dict[str, Any],
    now: datetime,
    due_at: datetime | None = None,
    also: Iterable[str | None] = (),
) -> None:
    """Adds the notices of one event, in the caller's transaction: to the contact on file, e-mail before phone, and to the other mail
    addresses of `also`. An account without any contact is told nothing.
    """
    found = {address.casefold(): ("email", address) for address in also if address}
    if owner.email:
        found.setdefault(owner.email.casefold(), ("email", owner.email))
    elif owner.phone:
        found[owner.phone] = ("sms", owner.phone)
    session.add_all(
        NoticeRow(
            account_id=owner.id,
            at=now,
            due_at=due_at or now,
            event=event,
            reference=reference,
            channel=channel,
            address=address,
            values=values,
        )
        for channel, address in found.values()
    )


def remind(
    session: AsyncSession, owner: AccountRow, *, reference: str, values: dict[str, Any], on: date, now: datetime
) -> None:
    """The reminder of a promise to pay. One that falls on the day of the promise itself is left out: its notice says it all."""
    if on <= now.date():
        return
    due = datetime.combine(on, REMINDER_HOUR, tzinfo=now.tzinfo)
    tell(session, owner, event=REMINDER, reference=reference, values=values, now=now, due_at=due)


async def notices(request: web.Request, courier: Courier) -> web.Response:
    """What is to be sent now, the oldest first; a reminder that is no longer true is dropped instead."""
    limit = limit_parameter(request, default=50, most=MOST_AT_ONCE)
    backend = request.app[BACKEND]
    now = backend.now()
    async with backend.database.writing() as session:
        found = (
            await session.execute(
                select(NoticeRow, AccountRow)
                .join(AccountRow, AccountRow.id == NoticeRow.account_id)
                .where(NoticeRow.ended_at.is_(None), NoticeRow.due_at <= now)
                .order_by(NoticeRow.due_at, NoticeRow.id)
                .limit(limit)
            )
        ).all()
        true = []
        for row, owner in found:
            if row.event == REMINDER and not await _still_promised(session, owner, row, now.date()):
                row.ended_at, row.dropped = now, True
            else:
                true.append((row, owner))
    return web.json_response([_notice(row, owner, now) for row, owner in true])


async def notices_taken(request: web.Request, courier: Courier) -> web.Response:
    """The gateway has these notices in its own database now. Taking one again changes nothing."""
    body = await json_body(request, "ids")
    ids = body["ids"]
    if not isinstance(ids, list) or not 0 < len(ids) <= MOST_AT_ONCE or not all(_is_id(value) for value in ids):
        raise invalid("ids")
    backend = request.app[BACKEND]
    async with backend.database.writing() as session:
        await session.execute(
            update(NoticeRow).where(NoticeRow.id.in_(ids), NoticeRow.ended_at.is_(None)).values(ended_at=backend.now())
        )
    return web.json_response({"taken": len(set(ids))})


async def _still_promised(session: AsyncSession, owner: AccountRow, row: NoticeRow, today: date) -> bool:
    promised = await session.scalar(select(PaymentPromiseRow).where(PaymentPromiseRow.reference == row.reference))
    if promised is None or promised.replaced_at is not None:
        return False
    paid = (await queries.ledger(session, owner)).payments
    return promise_state(Promise(promised.amount, promised.made_on, promised.promised_for), paid, today) == "open"


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _notice(row: NoticeRow, owner: AccountRow, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "brand": owner.brand,
        "language": owner.language,
        "event": row.event,
        "reference": row.reference,
        "channel": row.channel,
        "address": row.address,
        "at": row.at.astimezone(now.tzinfo).isoformat(timespec="seconds"),
        "values": row.values,
    }
