"""Letters to agents: an invitation, a link for a new password. The link itself is worked out when the letter is sent."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.outbox import put
from knowledge import Shelf

EXPIRES = datetime.timedelta(hours=24)


class AgentLetters:
    """Puts letters into the outbox, in the name of the agent's first brand."""

    def __init__(self, shelf: Shelf, now: Callable[[], datetime.datetime]) -> None:
        self._shelf = shelf
        self._now = now

    def write(
        self,
        session: AsyncSession,
        *,
        letter: str,
        nonce: str,
        email: str,
        name: str,
        language: str,
        brands: list[str],
    ) -> None:
        """Adds a letter in the caller's transaction. `nonce`: of the link."""
        brand = next((one for one in brands if one in self._shelf.brands), next(iter(self._shelf.brands)))
        put(
            session,
            key=f"agent:{nonce}",
            brand=brand,
            language=language,
            channel="email",
            address=email,
            letter=letter,
            values={"name": name, "nonce": nonce},
            now=self._now(),
            expires_at=self._now() + EXPIRES,
        )
