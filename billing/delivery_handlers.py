"""The routes about how bills are delivered: enrolment in the e-bill, and its address."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from billing import queries
from billing.bodies import email_field
from billing.models import AccountRow
from billing.problems import Problem
from billing.tokens import Customer
from billing.web import BACKEND, json_body, require_administrator
from billing.writes import Outcome, answer_write, idempotency_key, writer_of


async def ebill_enrolment(request: web.Request, customer: Customer) -> web.Response:
    """Send the account's bills by e-mail from now on; this stops the paper bill.

    An account that already receives its bills at this address is left as it is.
    """
    _require_ebill(request, customer)
    idempotency_key(request)
    body = await json_body(request, "email")
    email = email_field(body, "email")

    async def change(session: AsyncSession, owner: AccountRow, reference: str) -> Outcome:
        previous = _delivery(owner)
        if owner.delivery == "ebill" and _is_same(owner.ebill_email, email):
            last = await queries.latest_audit(session, owner, "ebill_enrolment")
            made_so = last.reference if last is not None and last.after == previous else None
            return Outcome({**previous, "previous": previous}, changed=False, reference=made_so)
        before_email, owner.delivery, owner.ebill_email = owner.ebill_email, "ebill", email
        return Outcome(
            {**_delivery(owner), "previous": previous},
            before=previous,
            after=_delivery(owner),
            also_to=(before_email, email),
        )

    now = request.app[BACKEND].now()
    return await answer_write(request, writer_of(customer), "ebill_enrolment", body, change, now=now)


async def ebill_email(request: web.Request, customer: Customer) -> web.Response:
    """Send the e-bill to another address. The last change wins; the answer says what it replaced, and since when."""
    _require_ebill(request, customer)
    idempotency_key(request)
    body = await json_body(request, "email")
    email = email_field(body, "email")
    backend = request.app[BACKEND]

    async def change(session: AsyncSession, owner: AccountRow, reference: str) -> Outcome:
        if owner.delivery != "ebill":
            raise Problem("no-ebill")
        before = _delivery(owner)
        made = [await queries.latest_audit(session, owner, action) for action in ("ebill_email", "ebill_enrolment")]
        last = max((row for row in made if row is not None), key=lambda row: (row.at, row.id), default=None)
        since = last.at.astimezone(backend.settings.time_zone).isoformat(timespec="seconds") if last else None
        previous = {"email": owner.ebill_email, "since": since}
        if _is_same(owner.ebill_email, email):
            made_so = last.reference if last is not None and last.after == before else None
            return Outcome({"email": owner.ebill_email, "previous": previous}, changed=False, reference=made_so)
        old, owner.ebill_email = owner.ebill_email, email
        # The old address hears of it too: whoever reads there may not have wanted it.
        return Outcome(
            {"email": email, "previous": previous}, before=before, after=_delivery(owner), also_to=(old, email)
        )

    return await answer_write(request, writer_of(customer), "ebill_email", body, change, now=backend.now())


def _require_ebill(request: web.Request, customer: Customer) -> None:
    if "ebill_enrolment" not in request.app[BACKEND].offers.get(customer.brand, frozenset()):
        raise Problem("ebill-not-offered")
    require_administrator(customer)


def _delivery(owner: AccountRow) -> dict[str, Any]:
    return {"delivery": owner.delivery, "email": owner.ebill_email}


def _is_same(one: str | None, other: str) -> bool:
    # Capitals make no other mailbox for any provider a customer would use.
    return (one or "").casefold() == other.casefold()
