"""What is taken on and what is not: a message whose turn could not begin soon is sent back with the seconds to wait, before it is stored.

What is acknowledged is answered; so the queue of turns must stay short enough to be answered in time. How long a turn takes is measured,
not set: a slower machine refuses sooner. Times in seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import math
import time
from collections.abc import AsyncIterator, Callable, Iterator

SMOOTHING = 0.05  # of the running mean of a turn: about the last twenty count
MOST_S = 10  # nobody is sent away for longer: the queue is empty by then
ALLOWANCES = 20_000  # conversations whose messages are counted at once; those that wrote least are forgotten


class Busy(Exception):
    """Not now. `retry_after`: whole seconds after which it will be taken. `flood`: this conversation alone wrote too much."""

    def __init__(self, retry_after: float, *, flood: bool = False) -> None:
        super().__init__(f"again in {retry_after:.1f} s")
        self.retry_after = max(1, min(MOST_S, math.ceil(retry_after)))
        self.flood = flood


@dataclasses.dataclass(frozen=True)
class Limits:
    """`turns_at_once`: how many the assistant is asked at a time. `receiving_at_once`: messages being stored."""

    messages_per_minute: int = 60
    turn_wait_s: float = 4.0
    turns_at_once: int = 8
    receiving_at_once: int = 40


class Admission:
    """`receiving` around the recording of a message, `asking` around the assistant's part of a turn."""

    def __init__(self, limits: Limits, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._slots = asyncio.Semaphore(limits.turns_at_once)
        self._waiting = 0
        self._receiving = 0
        self._turn_s = 0.0
        self._allowances: dict[str, tuple[float, float]] = {}  # by conversation: messages left, and when that was so
        self.stopping = False

    @property
    def wait_s(self) -> float:
        """How long a turn that starts now would wait for the assistant."""
        return self._waiting * self._turn_s / self._limits.turns_at_once

    @contextlib.contextmanager
    def receiving(self, conversation: str | None = None) -> Iterator[None]:
        """Raises Busy where a message (of a conversation), or a new conversation, cannot be taken on now."""
        if self.stopping:
            raise Busy(2.0)
        if self._receiving >= self._limits.receiving_at_once:
            raise Busy(1.0)
        if (wait := self.wait_s) > self._limits.turn_wait_s:
            raise Busy(wait - self._limits.turn_wait_s / 2)
        if conversation is not None:
            self._spend(conversation)
        self._receiving += 1
        try:
            yield
        finally:
            self._receiving -= 1

    @contextlib.asynccontextmanager
    async def asking(self, seconds: float) -> AsyncIterator[float]:
        """One of the assistant's places, for what is left of the seconds then. Raises TimeoutError where none becomes free in time."""
        began = self._monotonic()
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await self._slots.acquire()
        finally:
            self._waiting -= 1
        asked = self._monotonic()
        try:
            yield seconds - (asked - began)
        finally:
            self._slots.release()

    def answered(self, seconds: float) -> None:
        """The assistant took so long for an answer; what it did not answer says nothing about its speed."""
        self._turn_s += (seconds - self._turn_s) * (SMOOTHING if self._turn_s else 1.0)

    def _spend(self, conversation: str) -> None:
        now, most = self._monotonic(), float(self._limits.messages_per_minute)
        left, then = self._allowances.pop(conversation, (most, now))
        left = min(most, left + (now - then) * most / 60)
        # The one that wrote last comes last: what is dropped at the front has its whole allowance again, or nearly.
        self._allowances[conversation] = (max(left - 1, 0.0) if left >= 1 else left, now)
        if len(self._allowances) > ALLOWANCES:
            del self._allowances[next(iter(self._allowances))]
        if left < 1:
            raise Busy((1 - left) * 60 / most, flood=True)
