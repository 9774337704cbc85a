"""Takes over from billing what customers are to be told, into the outbox. A notice that comes twice is kept once."""

from __future__ import annotations

import asyncio
import datetime
import logging
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from gateway.billing_client import BillingClient, BillingError, Notice
from gateway.database import Sessions
from gateway.models import Outgoing
from gateway.outbox import Outbox, put

log = logging.getLogger(__name__)

EVERY_S, AFTER_FAILURE_S = 2.0, 15.0


class Notices:
    """Asks billing again and again, for as long as the gateway runs."""

    def __init__(
        self, *, sessions: Sessions, billing: BillingClient, outbox: Outbox, now: Callable[[], datetime.datetime]
    ) -> None:
        self._sessions = sessions
        self._billing = billing
        self._outbox = outbox
        self._now = now

    async def run(self) -> None:
        """Runs until cancelled."""
        away = False
        while True:
            try:
                while await self.take_over():
                    pass
                away = False
            except (BillingError, SQLAlchemyError, OSError) as error:
                if not away:  # once, not every few seconds
                    log.warning("notices cannot be taken over from billing: %s", error)
                away = True
            await asyncio.sleep(AFTER_FAILURE_S if away else EVERY_S)

    async def take_over(self) -> bool:
        """Takes over what billing lists now; whether there was anything. Raises BillingError."""
        found = await self._billing.notices()
        if not found:
            return False
        async with self._sessions.begin() as session:
            keys = [_key(notice) for notice in found]
            known = set(await session.scalars(select(Outgoing.key).where(Outgoing.key.in_(keys))))
            for notice in found:
                if _key(notice) not in known:
                    put(
                        session,
                        key=_key(notice),
                        brand=notice.brand,
                        language=notice.language,
                        channel=notice.channel,
                        address=notice.address,
                        letter=notice.event,
                        values={**notice.values, "reference": notice.reference},
                        now=self._now(),
                    )
        # Kept here before billing forgets it: a stop in between brings it once more, under a key that is known.
        await self._billing.notices_taken([notice.id for notice in found])
        self._outbox.wake()
        return True


def _key(notice: Notice) -> str:
    return f"billing:{notice.id}:{notice.reference}"
