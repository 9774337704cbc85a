"""How many turns the assistant is asked at a time: fewer when they no longer end in time, and more again when they do.

One assistant takes its turns one after the other. Where the machine is busy, eight at a time may each take eight times too long, and none
is answered though the assistant works all the while; two at a time are answered. Times in seconds.
"""

from __future__ import annotations

import asyncio
from collections import deque


class Places:
    """`take` and `give_back`; `ended` says how a turn went."""

    def __init__(self, most: int, least: int = 2) -> None:
        self._most, self._least = most, min(least, most)
        self._width = float(most)
        self._taken = 0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._narrowed_at = float("-inf")

    @property
    def now(self) -> int:
        """How many there are at this moment."""
        return int(self._width)

    async def take(self) -> None:
        """Waits for a place, in the order of asking."""
        if self._taken < self.now and not self._queue:
            self._taken += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()  # it came just as we left
            raise

    def give_back(self) -> None:
        """The place is free."""
        self._taken -= 1
        self._let_in()

    def ended(self, *, began: float, now: float, in_time: bool) -> None:
        """A turn that took its place at `began` was answered in time, or not at all. Turns that were under way together count once."""
        if in_time:
            self._width = min(self._most, self._width + 1 / self._width)
            self._let_in()
        elif began > self._narrowed_at:
            self._width = max(self._least, self._width / 2)
            self._narrowed_at = now

    def _let_in(self) -> None:
        while self._queue and self._taken < self.now:
            turn = self._queue.popleft()
            if not turn.done():
                self._taken += 1
                turn.set_result(None)
