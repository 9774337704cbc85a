"""Work that many ask for at once is done once, and never before they asked."""

import asyncio

import pytest

from desk.together import Together


class Work:
    """Counts how often it began; each piece ends when it is let go."""

    def __init__(self):
        self.begun = 0
        self.go = asyncio.Event()

    async def __call__(self):
        self.begun += 1
        mine = self.begun
        await self.go.wait()
        return mine


async def test_all_who_ask_while_it_runs_share_the_next_one():
    work = Work()
    together = Together(work)
    first = asyncio.create_task(together())
    await asyncio.sleep(0.01)
    later = [asyncio.create_task(together()) for _ in range(50)]
    await asyncio.sleep(0.01)
    assert work.begun == 1
    work.go.set()
    assert await first == 1  # what was begun before they asked is not theirs
    assert await asyncio.gather(*later) == [2] * 50
    assert await together() == 3


async def test_who_stops_waiting_stops_nobody_elses_and_an_error_is_told_to_all():
    async def fails():
        await asyncio.sleep(0.01)
        raise OSError("away")

    together = Together(fails)
    gone, stays = asyncio.create_task(together()), asyncio.create_task(together())
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(OSError, match="away"):
        await stays
    with pytest.raises(OSError, match="away"):
        await together()
