"""Support requests as customers have them: opened once, found by number and contact or by what was proved, added to.

Each function makes its whole change in the caller's transaction, with the request's row locked and a line in its log. What the customer is
to be told comes back as `Told`; the caller puts it into the outbox. What agents do stands in `request_work.py`.
"""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desk import calendars, request_states
from desk.models import RequestEvent, SupportRequest
from desk.request_log import Change, Refused, Told, apply_move, locked, log, owe, values_of
from desk.request_states import CUSTOMER, LIVE, OPEN, SOLVED
from desk.service_levels import ANSWER
from knowledge import Brand

REPEAT_WITHIN = datetime.timedelta(hours=24)
LISTED = 10
ASSISTANT = "assistant"


async def open_request(
    session: AsyncSession,
    *,
    key: str,
    conversation: str,
    brand: Brand,
    kind: str,
    category: str,
    language: str,
    description: str,
    contact: str,
    details: dict[str, Any],
    now: datetime.datetime,
    account: str | None = None,
    urgency: str = "normal",
    team: str = "general",
    reasons: Sequence[str] = (),
    actor: str = ASSISTANT,
) -> Change:
    """Opens a request. The same key, or the same matter within the conversation, finds the first one.

    `account`: the one that the conversation has proved, never one that was typed. `actor`: who opened it, for its log.
    """
    known = await session.scalar(select(SupportRequest).where(SupportRequest.key == key))
    if known is None:
        known = await session.scalar(
            select(SupportRequest).where(
                SupportRequest.conversation == conversation,
                SupportRequest.kind == kind,
                SupportRequest.description == description,
                SupportRequest.state.in_(LIVE),
                SupportRequest.created_at > now - REPEAT_WITHIN,
            )
        )
    if known is not None:
        return Change(known, new=False)
    for _ in range(20):
        request = SupportRequest(
            number=f"R-{secrets.randbelow(9_000_000) + 1_000_000}",
            key=key,
            conversation=conversation,
            brand=brand.id,
            kind=kind,
            category=category,
            language=language,
            description=description,
            contact=contact,
            details=details,
            state=OPEN,
            created_at=now,
            changed_at=now,
            account=account,
            urgency=urgency,
            team=team,
            reasons=list(reasons),
            due_at=calendars.answer_due(brand, urgency, now),
            due_for=ANSWER,
        )
        try:
            async with session.begin_nested():
                session.add(request)
        except IntegrityError:  # the number is taken, or the same key came in at the same moment
            known = await session.scalar(select(SupportRequest).where(SupportRequest.key == key))
            if known is not None:
                return Change(known, new=False)
            continue
        log(session, request, actor, "opened", description, now, visible=True)
        told = Told(f"request:{request.number}:opened", "request_opened", values_of(request, description))
        return Change(request, told)
    raise RuntimeError("no free request number in 20 tries")


async def add_message(
    session: AsyncSession, request_id: int, text: str, *, brand: Brand, now: datetime.datetime, actor: str = CUSTOMER
) -> Change:
    """What a customer adds to a request; reopens it where the rule says. The same text within a day is the first one.

    Raises Refused with FINAL or TOO_LATE where the request takes nothing any more.
    """
    request = await locked(session, request_id)
    repeated = await session.scalar(
        select(RequestEvent.id).where(
            RequestEvent.request == request.id,
            RequestEvent.what == "added",
            RequestEvent.text == text,
            RequestEvent.at > now - REPEAT_WITHIN,
        )
    )
    if repeated is not None:
        return Change(request, new=False)
    held = request.agent is not None
    to = request_states.after_message(request.state, held=held, solved_at=request.solved_at, now=now)
    if to is None:
        late = request_states.TOO_LATE if request.state == SOLVED else request_states.FINAL
        raise Refused(late, request)
    reopened = request.state == SOLVED
    if to != request.state:
        apply_move(request, to, who=CUSTOMER, brand=brand, now=now)
    elif request.due_at is None:
        owe(request, ANSWER, calendars.answer_due(brand, request.urgency, now))
    request.changed_at = now
    event = log(session, request, actor, "added", text, now, visible=True)
    await session.flush()
    told = Told(f"request:{request.number}:added:{event.id}", "request_added", values_of(request, text))
    return Change(request, told, reopened=reopened)


async def find_request(session: AsyncSession, brand: str, number: str, contact: str) -> SupportRequest | None:
    """A brand's request by its number and the contact given when it was opened; both must fit."""
    request = await session.scalar(
        select(SupportRequest).where(SupportRequest.brand == brand, SupportRequest.number == number)
    )
    return request if request and same_contact(request.contact, contact) else None


async def requests_of(
    session: AsyncSession,
    brand: str,
    conversation: str,
    account: str | None,
    *,
    number: str | None = None,
    kind: str | None = None,
    since: datetime.datetime | None = None,
) -> list[SupportRequest]:
    """The requests of a conversation and of the account that it has proved, those that still run first, then the latest; at most ten.

    `number` finds one of them; `kind` and `since` those of one kind that still run and were opened after that moment.
    """
    mine = SupportRequest.conversation == conversation
    if account is not None:
        mine = or_(mine, SupportRequest.account == account)
    query = select(SupportRequest).where(SupportRequest.brand == brand, mine)
    if number is not None:
        query = query.where(SupportRequest.number == number)
    if kind is not None:
        query = query.where(SupportRequest.kind == kind, SupportRequest.state.in_(LIVE))
    if since is not None:
        query = query.where(SupportRequest.created_at > since)
    runs_first = SupportRequest.state.in_(LIVE).desc()
    return list(await session.scalars(query.order_by(runs_first, SupportRequest.changed_at.desc()).limit(LISTED)))


def same_contact(one: str, other: str) -> bool:
    """Phones by their last ten digits, mail addresses without case."""
    if "@" in one or "@" in other:
        return one.strip().lower() == other.strip().lower()
    return len(digits(one)) >= 10 and digits(one)[-10:] == digits(other)[-10:]


def digits(text: str) -> str:
    """The digits of a text."""
    return re.sub(r"\D", "", text)
