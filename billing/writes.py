"""What every write shares: the account locked, done once for a key, with its audit and its reference, in one transaction."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from billing import idempotency, notices, queries
from billing.database import Database
from billing.models import AccountRow, AuditRow
from billing.problems import Problem
from billing.tokens import Customer
from billing.web import BACKEND

# Read out over the phone: without the letters and digits that sound or look alike (0 O, 1 I L, U V).
_REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
# The first letter of a reference says what was done.
_LETTERS = {
    "autopay": "A",
    "autopay_declined": "C",
    "autopay_payment": "C",
    "call_details_document": "D",
    "bill_document": "D",
    "ebill_email": "E",
    "ebill_enrolment": "E",
    "eservice_registration": "U",
    "maintenance_visit": "T",
    "payment": "R",
    "payment_declined": "X",
    "payment_link": "L",
    "payment_promise": "P",
    "payment_report": "N",
    "premier_access": "Q",
    "premier_locked": "Q",
    "profile_account": "M",
}
_KEY_LEAST, _KEY_MOST = 8, 128
_KEY = re.compile(rf"[!-~]{{{_KEY_LEAST},{_KEY_MOST}}}")


@dataclass(frozen=True, slots=True)
class Writer:
    """On whose account, and in which conversation, a change is made."""

    brand: str
    account: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did. `answer`: what the caller hears beside `reference`, `changed` and `at`; `before` and `after`
    go to the audit; `told` beside `answer` to the notice, which goes to the mail addresses of `also_to` too. Where nothing
    changed, nothing is audited and `reference` is that of the change that made it so, or None where it was not made here.
    """

    answer: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    changed: bool = True
    reference: str | None = None
    told: dict[str, Any] = field(default_factory=dict)
    also_to: tuple[str | None, ...] = ()


def writer_of(customer: Customer) -> Writer:
    return Writer(customer.brand, customer.account, customer.conversation)


# Gets the session, the locked account and the reference that the change will have. May raise Problem: nothing is done then.
Change = Callable[[AsyncSession, AccountRow, str], Awaitable[Outcome]]


class NoSuchAccount(Exception):
    """The token is good, but the account it names does not exist (any more)."""


def new_reference(action: str) -> str:
    """A reference such as "E-7GK2MPQA": the letter of what is done, then eight signs that cannot be mistaken."""
    return f"{_LETTERS[action]}-" + "".join(secrets.choice(_REFERENCE_SIGNS) for _ in range(8))


async def write_once(
    database: Database, *, writer: Writer, action: str, key: str, body: dict[str, Any], now: datetime, change: Change
) -> dict[str, Any]:
    """Make the change and return the answer: that of `change`, with "reference", "changed" and "at".

    The same key and body within 24 hours return the first answer and change nothing. Raises NoSuchAccount,
    idempotency.KeyReused and what `change` raises.
    """
    async with database.writing() as session:
        owner = await queries.locked_account(session, brand=writer.brand, number=writer.account)
        if owner is None:
            raise NoSuchAccount
        request = idempotency.request_hash(action, body)
        kept = await idempotency.kept_response(session, account_id=owner.id, key=key, request=request, now=now)
        if kept is not None:
            return kept
        reference = new_reference(action)
        outcome = await change(session, owner, reference)
        if outcome.changed:
            session.add(
                AuditRow(
                    at=now,
                    account_id=owner.id,
                    conversation=writer.conversation,
                    action=action,
                    before=outcome.before,
                    after=outcome.after,
                    reference=reference,
                )
            )
            if action in notices.TOLD:
                values = {**outcome.answer, **outcome.told}
                notices.tell(
                    session,
                    owner,
                    event=action,
                    reference=reference,
                    values=values,
                    now=now,
                    also=outcome.also_to,
                )
        response = {
            "reference": reference if outcome.changed else outcome.reference,
            **outcome.answer,
            "changed": outcome.changed,
            "at": now.isoformat(timespec="seconds"),
        }
        idempotency.keep_response(session, account_id=owner.id, key=key, request=request, response=response, now=now)
        return response


def idempotency_key(request: web.Request) -> str:
    """The header Idempotency-Key; else the Problem to answer with."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise Problem("missing-idempotency-key", values={"least": _KEY_LEAST, "most": _KEY_MOST})
    return key


async def answer_write(
    request: web.Request,
    writer: Writer,
    action: str,
    body: dict[str, Any],
    change: Change,
    *,
    now: datetime,
    status: int = 200,
) -> web.Response:
    """Do the write that the request asks for, and render its answer or its Problem."""
    key = idempotency_key(request)
    try:
        answer = await write_once(
            request.app[BACKEND].database, writer=writer, action=action, key=key, body=body, now=now, change=change
        )
    except NoSuchAccount as error:
        raise Problem("account-not-found") from error
    except idempotency.KeyReused as error:
        raise Problem("idempotency-key-reused") from error
    return web.json_response(answer, status=status)
