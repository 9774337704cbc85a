"""Premier PINs between the message that held one and the moment it is tried: for a few minutes, taken once, on no disk.

Neither the transcript nor Rasa's tracker ever sees a PIN: the message is stored with a mask in its place (`redact.mask_pin`), and
the action that tries it asks here. With several gateways it lies in Redis, as the actions may ask another one than that which heard it;
without Redis, or while it is away, in the memory of the one that did. Where it is gone the customer is asked for it again.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable

import redis.asyncio
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

KEPT_FOR = datetime.timedelta(minutes=10)


class Pins:
    """One PIN for a conversation at most, the latest."""

    def __init__(self, now: Callable[[], datetime.datetime], shared: redis.asyncio.Redis | None = None) -> None:
        self._now = now
        self._shared = shared
        self._kept: dict[str, tuple[str, datetime.datetime]] = {}

    async def keep(self, conversation: str, pin: str) -> None:
        """Keeps a PIN, and forgets all that are too old."""
        self._kept.pop(conversation, None)
        if self._shared is not None:
            try:
                await self._shared.set(_key(conversation), pin, ex=KEPT_FOR)
                return
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("a PIN is kept by this gateway alone: %s", type(error).__name__)
        now = self._now()
        self._kept = {name: kept for name, kept in self._kept.items() if kept[1] > now}
        self._kept[conversation] = (pin, now + KEPT_FOR)

    async def take(self, conversation: str) -> str | None:
        """The PIN, which is then forgotten; None where there is none, or none any more."""
        pin, until = self._kept.pop(conversation, (None, self._now()))
        if pin is not None and until > self._now():
            return pin
        if self._shared is not None:
            try:
                found = await self._shared.getdel(_key(conversation))
                return str(found, "ascii") if isinstance(found, bytes) else found
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("a PIN cannot be read: %s", type(error).__name__)
        return None


def _key(conversation: str) -> str:
    return f"support-assistant:pin:{conversation}"
