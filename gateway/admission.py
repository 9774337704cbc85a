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

from gateway.places import Places

SMOOTHING = 0.05  # of the running mean of a turn: about the last twenty count
OPEN_S = 30  # a message that was not closed here by then was closed elsewhere, or waits for a database
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
    """`receiving` around the recording of a message, `asking` around the assistant's part of a turn.

    `opened` and `closed` tell of the messages that wait for an answer, also behind others of their conversation or for the gateway
    itself. How fast they are closed while there are more than the assistant is asked at a time is the pace of all of it together.
    """

    def __init__(
        self,
        limits: Limits,
        monotonic: Callable[[], float] = time.monotonic,
        asked: Callable[[str, float], None] = lambda outcome, seconds: None,
        refused: Callable[[str], None] = lambda why: None,
    ) -> None:
        """`asked` hears how each turn went ("answered", "failed") and how long it took, `refused` why a message was sent back."""
        self._limits = limits
        self._asked, self._refused = asked, refused
        self._monotonic = monotonic
        self.places = Places(limits.turns_at_once)
        self._waiting = 0
        self._receiving = 0
        self._turn_s = 0.0
        self._open: dict[int, tuple[float, str]] = {}  # by message: when it was opened, the oldest first, and where
        self._pace_s = 0.0  # between two closings where many are open
        # The last closing, if more were open then than the assistant is asked at a time.
        self._closed_at: float | None = None
        self._allowances: dict[str, tuple[float, float]] = {}  # by conversation: messages left, and when that was so
        self.stopping = False

    @property
    def waiting(self) -> int:
        """Turns that wait for one of the assistant's places."""
        return self._waiting

    @property
    def wait_s(self) -> float:
        """How long a message that is taken now would wait for its turn to begin."""
        longest = self._monotonic() - OPEN_S
        while self._open and (oldest := next(iter(self._open.items())))[1][0] < longest:
            del self._open[oldest[0]]
        behind = len(self._open) - self.places.now
        return max(
            self._waiting * self._turn_s / self.places.now,
            behind * max(self._turn_s / self.places.now, self._pace_s) if behind > 0 else 0.0,
        )

    @contextlib.contextmanager
    def receiving(self, conversation: str | None = None) -> Iterator[None]:
        """Raises Busy where a message (of a conversation), or a new conversation, cannot be taken on now."""
        try:
            self._admit(conversation)
        except Busy as busy:
            self._refused("stopping" if self.stopping else "flood" if busy.flood else "busy")
            raise
        self._receiving += 1
        try:
            yield
        finally:
            self._receiving -= 1

    def _admit(self, conversation: str | None) -> None:
        if self.stopping:
            raise Busy(2.0)
        if self._receiving >= self._limits.receiving_at_once:
            raise Busy(1.0)
        if (wait := self.wait_s) > self._limits.turn_wait_s:
            raise Busy(wait - self._limits.turn_wait_s / 2)
        if conversation is not None:
            self._spend(conversation)

    @contextlib.asynccontextmanager
    async def asking(self, seconds: float) -> AsyncIterator[float]:
        """One of the assistant's places, for what is left of the seconds then. Raises TimeoutError where none becomes free in time."""
        began = self._monotonic()
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await self.places.take()
        finally:
            self._waiting -= 1
        asked, outcome = self._monotonic(), "failed"
        try:
            yield seconds - (asked - began)
            outcome = "answered"
        finally:
            now = self._monotonic()
            # An error that came at once says nothing about the pace.
            if outcome == "answered" or now - began > 0.9 * seconds:
                self.places.ended(began=asked, now=now, in_time=outcome == "answered")
            self.places.give_back()
            self._asked(outcome, now - asked)

    def opened(self, message: int, conversation: str = "") -> None:
        """A message of a conversation was stored and waits for its turn; call it before the turn can begin."""
        self._open[message] = (self._monotonic(), conversation)

    def elsewhere(self, conversation: str) -> None:
        """Another gateway takes the conversation's turns: what was heard of it here waits for nothing of ours."""
        for message in [message for message, (_, of) in self._open.items() if of == conversation]:
            del self._open[message]

    def closed(self, message: int) -> None:
        """Its turn is over; one that was not opened here does not count."""
        if self._open.pop(message, None) is None:
            return
        now, before = self._monotonic(), self._closed_at
        if before is not None:
            self._pace_s += (now - before - self._pace_s) * (SMOOTHING if self._pace_s else 1.0)
        self._closed_at = now if len(self._open) > self.places.now else None

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
