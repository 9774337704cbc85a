"""How far a text message came: only forward, in whatever order the news arrive.

Rules, and the one statement that keeps them: what is known of a text may be told by two gateways at once.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.models import Outgoing

QUEUED, SENT, DELIVERED, FAILED = "queued", "sent", "delivered", "failed"
RANK = {QUEUED: 1, SENT: 2, DELIVERED: 3, FAILED: 3}


@dataclasses.dataclass(frozen=True)
class Delivery:
    """News of a text: `letter` is the row of the outbox, `state` one of RANK, `error` the provider's number for a failure.

    `opted_out`: it failed because its reader answered STOP to the provider.
    """

    letter: int
    state: str
    provider_id: str | None = None
    error: str | None = None
    opted_out: bool = False


def earlier(state: str) -> list[str]:
    """The states from which a text may come to this one."""
    return [one for one, rank in RANK.items() if rank < RANK[state]]


async def keep(session: AsyncSession, news: Delivery, **changes: Any) -> bool:
    """Notes the news where it leads forward; whether it did. `changes`: what else is then written into the row."""
    done = await session.execute(
        update(Outgoing)
        .where(
            Outgoing.id == news.letter,
            Outgoing.channel == "sms",
            or_(Outgoing.delivery.is_(None), Outgoing.delivery.in_(earlier(news.state))),
        )
        .values(
            delivery=news.state,
            **({"provider_id": news.provider_id} if news.provider_id else {}),
            **({"error": f"provider error {news.error}"} if news.error else {}),
            **changes,
        )
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
