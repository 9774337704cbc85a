"""Premier PINs between the message that held one and the moment it is tried: in memory only, for a few minutes, taken once.

Neither the transcript nor Rasa's tracker ever sees a PIN: the message is stored with a mask in its place (`redact.mask_pin`), and
the action that tries it asks here. A restart forgets it; the customer is then asked for it again. With several gateways, the
actions must reach the one that takes the conversation's turns.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

KEPT_FOR = datetime.timedelta(minutes=10)


class Pins:
    """One PIN for a conversation at most, the latest."""

    def __init__(self, now: Callable[[], datetime.datetime]) -> None:
        self._now = now
        self._kept: dict[str, tuple[str, datetime.datetime]] = {}

    def keep(self, conversation: str, pin: str) -> None:
        """Keeps a PIN, and forgets all that are too old."""
        now = self._now()
        self._kept = {name: kept for name, kept in self._kept.items() if kept[1] > now}
        self._kept[conversation] = (pin, now + KEPT_FOR)

    def take(self, conversation: str) -> str | None:
        """The PIN, which is then forgotten; None where there is none, or none any more."""
        pin, until = self._kept.pop(conversation, (None, self._now()))
        return pin if until > self._now() else None
