"""Support requests: opened once, found by number and contact. Each function makes its whole change in the caller's transaction."""

from __future__ import annotations

import datetime
import re
import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.models import RequestEvent, SupportRequest

OPEN, IN_PROGRESS, WAITING, SOLVED, CLOSED = "open", "in_progress", "waiting_for_customer", "solved", "closed"
LIVE = (OPEN, IN_PROGRESS, WAITING)
REPEAT_WITHIN = datetime.timedelta(hours=24)


async def open_request(
    session: AsyncSession,
    *,
    key: str,
    conversation: str,
    brand: str,
    kind: str,
    category: str,
    language: str,
    description: str,
    contact: str,
    details: dict[str, Any],
    now: datetime.datetime,
) -> tuple[SupportRequest, bool]:
    """Opens a request, and whether it is new. The same key, or the same matter within the conversation, finds the first one."""
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
        return known, False
    for _ in range(20):
        request = SupportRequest(
            number=f"R-{secrets.randbelow(9_000_000) + 1_000_000}",
            key=key,
            conversation=conversation,
            brand=brand,
            kind=kind,
            category=category,
            language=language,
            description=description,
            contact=contact,
            details=details,
            state=OPEN,
            created_at=now,
            changed_at=now,
        )
        try:
            async with session.begin_nested():
                session.add(request)
        except IntegrityError:  # the number is taken, or the same key came in at the same moment
            known = await session.scalar(select(SupportRequest).where(SupportRequest.key == key))
            if known is not None:
                return known, False
            continue
        session.add(RequestEvent(request=request.id, actor="assistant", what="opened", text=description, at=now))
        return request, True
    raise RuntimeError("no free request number in 20 tries")


async def find_request(session: AsyncSession, brand: str, number: str, contact: str) -> SupportRequest | None:
    """A brand's request by its number and the contact given when it was opened; both must fit."""
    request = await session.scalar(
        select(SupportRequest).where(SupportRequest.brand == brand, SupportRequest.number == number)
    )
    return request if request and same_contact(request.contact, contact) else None


def same_contact(one: str, other: str) -> bool:
    """Phones by their last ten digits, mail addresses without case."""
    if "@" in one or "@" in other:
        return one.strip().lower() == other.strip().lower()
    return len(digits(one)) >= 10 and digits(one)[-10:] == digits(other)[-10:]


def digits(text: str) -> str:
    """The digits of a text."""
    return re.sub(r"\D", "", text)
