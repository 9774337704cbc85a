"""Who wants no texts of a brand: the last word of each number counts, on every gateway, from the moment that it is recorded."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.models import SmsChoice

KEYWORD, PROVIDER = "keyword", "provider"  # where a choice came from


def choose(
    session: AsyncSession,
    brand: str,
    customer: str,
    *,
    out: bool,
    source: str,
    word: str = "",
    now: datetime.datetime,
) -> None:
    """Records, in the caller's transaction, that a number wants no more texts of a brand (`out`), or wants them again."""
    session.add(SmsChoice(brand=brand, customer=customer, out=out, source=source, word=word[:40], at=now))


async def is_out(session: AsyncSession, brand: str, customer: str) -> bool:
    """Whether a number wants no texts of a brand."""
    found = await session.scalar(
        select(SmsChoice.out)
        .where(SmsChoice.brand == brand, SmsChoice.customer == customer)
        .order_by(SmsChoice.id.desc())
        .limit(1)
    )
    return bool(found)


async def who_is_out(session: AsyncSession, whom: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of (brand, number) that want no texts."""
    last = (
        select(func.max(SmsChoice.id))
        .where(tuple_(SmsChoice.brand, SmsChoice.customer).in_(list(whom)))
        .group_by(SmsChoice.brand, SmsChoice.customer)
    )
    rows = await session.execute(
        select(SmsChoice.brand, SmsChoice.customer).where(SmsChoice.id.in_(last), SmsChoice.out.is_(True))
    )
    return {(brand, customer) for brand, customer in rows}
