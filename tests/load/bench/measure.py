"""What is measured of each side, the same for both: start, memory, one turn at a time, many at once, long conversations."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

from tests.load.bench.processes import memory_mb, processor_s

WARM_UP = 12
CONVERSATION = 12  # turns, then a new one: customers do not talk for hours


class Conversation(Protocol):
    """One customer."""

    async def turn(self) -> float:
        """Says the next thing; the seconds until the answer."""

    async def close(self) -> None:
        """Leaves."""


class Side(Protocol):
    """One of the two programs that are compared."""

    name: str

    async def start(self) -> float:
        """Starts it; the seconds to its first answer."""

    def stop(self) -> None:
        """Ends it."""

    def roots(self) -> list[int]:
        """The processes that memory and processor time are counted of."""

    async def talk(self) -> Conversation:
        """A new customer."""


async def one_at_a_time(side: Side, turns: int) -> list[float]:
    """Seconds of each of so many turns, one customer after the other."""
    times: list[float] = []
    while len(times) < turns + WARM_UP:
        talk = await side.talk()
        times += [await talk.turn() for _ in range(CONVERSATION)]
        await talk.close()
    return times[WARM_UP : WARM_UP + turns]


async def at_once(side: Side, customers: int, seconds: float) -> tuple[float, list[float], float]:
    """So many customers who each write as soon as they are answered: turns a second, the seconds of each turn, processor seconds a turn."""
    talks = [await side.talk() for _ in range(customers)]
    times: list[float] = []
    until = time.monotonic() + seconds

    async def chat(talk: Conversation) -> None:
        while time.monotonic() < until:
            times.append(await talk.turn())

    before, started = processor_s(side.roots()), time.monotonic()
    await asyncio.gather(*(chat(talk) for talk in talks))
    taken = time.monotonic() - started
    processor = (processor_s(side.roots()) - before) / len(times)
    for talk in talks:
        await talk.close()
    return len(times) / taken, times, processor


async def long_conversation(side: Side, turns: int) -> list[float]:
    """Seconds of each turn of one conversation."""
    talk = await side.talk()
    times = [await talk.turn() for _ in range(turns)]
    await talk.close()
    return times


def memory(side: Side) -> float:
    """MiB of all its processes together."""
    return memory_mb(side.roots())
