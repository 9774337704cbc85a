"""Work that many ask for at the same time is done once for all of them, and nobody gets what was begun before they asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Call it for what `work` gives. One piece of work runs at a time; who asks while it runs shares the next one with all who do."""

    def __init__(self, work: Callable[[], Awaitable[T]]) -> None:
        self._work = work
        self._running: asyncio.Task[T] | None = None
        self._next: asyncio.Task[T] | None = None

    async def __call__(self) -> T:
        """What the work gives, or raises. Who stops waiting stops nobody else's."""
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._running))
            self._next.add_done_callback(_looked_at)
        return await asyncio.shield(self._next)

    async def _after(self, before: asyncio.Task[T] | None) -> T:
        if before is not None:
            await asyncio.wait([before])
        self._running, self._next = self._next, None
        return await self._work()


def _looked_at(task: asyncio.Task[T]) -> None:
    """An error belongs to who asked; where all of them have gone, it is nobody's."""
    if not task.cancelled():
        task.exception()
