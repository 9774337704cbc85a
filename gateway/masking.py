"""A message before it is stored: without card numbers, one-time codes and PINs (`redact.py` says what they look like)."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import transcript
from gateway.identity import Identity
from gateway.message import Incoming
from gateway.models import Message
from gateway.redact import mask_cards, mask_codes, mask_pin, mask_split, may_hold_code

ANY_DIGIT = re.compile(r"\d")
SPLIT_WITHIN = datetime.timedelta(minutes=10)


@dataclasses.dataclass(frozen=True)
class Masked:
    """The text as it may be stored, what is kept beside it, and the PIN that was taken out."""

    text: str
    payload: dict[str, Any]
    pin: str | None


class Masking:
    """`unsearch` takes a line out of the search's index, where it was changed."""

    def __init__(self, identity: Identity, unsearch: Callable[[AsyncSession, str, list[int]], Awaitable[None]]) -> None:
        self._identity = identity
        self._unsearch = unsearch

    async def mask(self, session: AsyncSession, incoming: Incoming) -> Masked:
        """Masks a message; and the end of the one before, where a card number began there."""
        if not ANY_DIGIT.search(incoming.text):  # as most messages
            return Masked(incoming.text, {}, None)
        asked = await transcript.asked_for(session, incoming.conversation)
        text = mask_cards(incoming.text)
        payload: dict[str, Any] = {}
        if not asked and (rest := await self._split(session, incoming, text)):
            text, payload = rest, {"split": True}
        text, pin = mask_pin(text, asked == "pin")
        if may_hold_code(text):
            is_code = await self._identity.code_test(session, incoming.conversation, asked == "code")
            text, code = mask_codes(text, is_code)
            if code:
                payload["code"] = self._identity.hash_code(incoming.conversation, code)
        return Masked(text, payload, pin)

    async def _split(self, session: AsyncSession, incoming: Incoming, text: str) -> str | None:
        """What is left of a message that ends a card number, whose first part is masked in the line before; None where it ends none."""
        if not text[:4].strip(" ,;:.-")[:1].isdigit():
            return None
        before = await session.scalar(
            select(Message)
            .where(Message.conversation == incoming.conversation, Message.author == "customer")
            .order_by(Message.sequence.desc())
            .limit(1)
        )
        if before is None or before.at < incoming.at - SPLIT_WITHIN or before.message_id == incoming.message_id:
            return None
        masked = mask_split(before.text, text)
        if masked is None:
            return None
        before.text = masked[0]
        await self._unsearch(session, "message", [before.id])
        return masked[1]
