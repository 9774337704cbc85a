"""Enrolment in the e-bill: the whole change in one transaction, with its audit and its idempotency key."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from billing import idempotency, queries
from billing.database import Database
from billing.models import AccountRow, AuditRow
from billing.tokens import Customer

ACTION = "ebill_enrolment"
# Read out over the phone: without the letters and digits that sound or look alike (0 O, 1 I L, U V).
_REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTWXYZ"


class NoSuchAccount(Exception):
    """The token is good, but the account it names does not exist (any more)."""


async def enrol_in_ebill(
    database: Database, *, customer: Customer, email: str, key: str, body: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """Send the account's bills by e-mail to `email` from now on; this stops the paper bill.

    Returns the answer: {"reference", "delivery", "email", "previous": {"delivery", "email"}, "changed", "at"}. The same
    key and body within 24 hours return the first answer and change nothing. An account that already receives its bills
    at this address is left as it is ("changed": false), with the reference of the enrolment that made it so, or None
    where it was not made here.

    `email` is normalised (see `handlers.py`); `body` is the request's, for comparing. Raises NoSuchAccount and
    idempotency.KeyReused.
    """
    async with database.writing() as session:
        owner = await queries.locked_account(session, brand=customer.brand, number=customer.account)
        if owner is None:
            raise NoSuchAccount
        request = idempotency.request_hash(ACTION, body)
        kept = await idempotency.kept_response(session, account_id=owner.id, key=key, request=request, now=now)
        if kept is not None:
            return kept
        previous = _delivery(owner)
        changed = not _receives_at(owner, email)
        if changed:
            reference: str | None = _new_reference()
            owner.delivery, owner.ebill_email = "ebill", email
            session.add(
                AuditRow(
                    at=now,
                    account_id=owner.id,
                    conversation=customer.conversation,
                    action=ACTION,
                    before=previous,
                    after=_delivery(owner),
                    reference=reference,
                )
            )
        else:
            last = await queries.latest_audit(session, owner, ACTION)
            reference = last.reference if last is not None and last.after == previous else None
        response = {
            "reference": reference,
            **_delivery(owner),
            "previous": previous,
            "changed": changed,
            "at": now.isoformat(timespec="seconds"),
        }
        idempotency.keep_response(session, account_id=owner.id, key=key, request=request, response=response, now=now)
        return response


def _delivery(owner: AccountRow) -> dict[str, Any]:
    return {"delivery": owner.delivery, "email": owner.ebill_email}


def _receives_at(owner: AccountRow, email: str) -> bool:
    # Capitals make no other mailbox for any provider a customer would use.
    return owner.delivery == "ebill" and (owner.ebill_email or "").casefold() == email.casefold()


def _new_reference() -> str:
    return "E-" + "".join(secrets.choice(_REFERENCE_SIGNS) for _ in range(8))
