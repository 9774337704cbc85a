"""A write sent twice is done once: the answer is kept under the caller's key for 24 hours.

Called inside the transaction of the write, with the account locked (`queries.locked_account`), so two requests with one
key cannot both find nothing.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.models import IdempotencyKeyRow

KEPT_FOR = timedelta(hours=24)


class KeyReused(Exception):
    """The key came before with another request."""


def request_hash(action: str, body: dict[str, Any]) -> str:
    """What makes two requests the same: what is asked for, and the body whatever the order of its fields."""
    return hashlib.sha256(json.dumps([action, body], sort_keys=True).encode()).hexdigest()


async def kept_response(
    session: AsyncSession, *, account_id: int, key: str, request: str, now: datetime
) -> dict[str, Any] | None:
    """The answer given to this request before; None for a new one. Raises KeyReused.

    Forgets the keys of all accounts that are older than 24 hours.
    """
    # Not those that another write is forgetting at this moment: writes to two accounts must not wait for each other.
    old = select(IdempotencyKeyRow.id).where(IdempotencyKeyRow.at <= now - KEPT_FOR).with_for_update(skip_locked=True)
    await session.execute(delete(IdempotencyKeyRow).where(IdempotencyKeyRow.id.in_(old)))
    row = await session.scalar(
        select(IdempotencyKeyRow).where(
            IdempotencyKeyRow.account_id == account_id,
            IdempotencyKeyRow.key == key,
            IdempotencyKeyRow.at > now - KEPT_FOR,
        )
    )
    if row is None:
        return None
    if row.request_hash != request:
        raise KeyReused
    return row.response


def keep_response(
    session: AsyncSession, *, account_id: int, key: str, request: str, response: dict[str, Any], now: datetime
) -> None:
    """Keep the answer, in the transaction of the change it reports."""
    session.add(IdempotencyKeyRow(account_id=account_id, key=key, request_hash=request, response=response, at=now))
