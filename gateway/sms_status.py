"""What providers tell of texts that went out: how far they came, and whether their readers want no more."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.database import Sessions
from gateway.models import Message, Outgoing
from gateway.outbox import FAILED, PENDING, SENDING, SENT
from gateway.sms_consent import PROVIDER, choose, is_out
from gateway.sms_delivery import FAILED as NOT_DELIVERED
from gateway.sms_delivery import Delivery, keep

Changed = Callable[[AsyncSession, str, str], None]  # a conversation and its brand


class SmsStatus:
    """Keeps the news. `changed` announces, in the transaction, that a conversation looks different now."""

    def __init__(self, sessions: Sessions, changed: Changed, now: Callable[[], datetime.datetime]) -> None:
        self._sessions = sessions
        self._changed = changed
        self._now = now

    async def told(self, news: Delivery) -> None:
        """Notes news of a text; of a text that is not known, nothing."""
        async with self._sessions.begin() as session:
            row = await session.get(Outgoing, news.letter)
            if row is None or row.channel != "sms":
                return
            changes = {}
            if row.state in (PENDING, SENDING):
                # It went out, though nobody heard the provider say so: it must not go out again.
                state = FAILED if news.state == NOT_DELIVERED else SENT
                changes = {"state": state, "ended_at": self._now()}
            forward = await keep(session, news, **changes)
            if news.opted_out and not await is_out(session, row.brand, row.address):
                choose(session, row.brand, row.address, out=True, source=PROVIDER, now=self._now())
            if forward and row.message is not None:
                line = await session.get_one(Message, row.message)
                self._changed(session, line.conversation, row.brand)
