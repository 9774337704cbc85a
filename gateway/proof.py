"""For how long a proof of identity counts: 15 minutes without a message, 60 in all."""

from __future__ import annotations

import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.models import Proof

IDLE = datetime.timedelta(minutes=15)
WHOLE = datetime.timedelta(minutes=60)


def lasts(now: datetime.datetime) -> ColumnElement[bool]:
    """The condition of a proof that counts at this moment."""
    return and_(Proof.used_at > now - IDLE, Proof.verified_at > now - WHOLE)


async def has_proof(session: AsyncSession, conversation: str, now: datetime.datetime) -> bool:
    """Whether the conversation has proved who its customer is, at this moment."""
    found = select(Proof.conversation).where(Proof.conversation == conversation, lasts(now))
    return await session.scalar(found) is not None
