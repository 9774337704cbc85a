"""Places of the assistant: in order, never more than there are, halved once for turns that fail together, and grown again."""

import asyncio

import pytest

from gateway.admission import Admission, Limits
from gateway.places import Places


async def settle():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_those_who_wait_come_in_the_order_of_asking():
    places, came = Places(2), []

    async def one(number):
        await places.take()
        came.append(number)

    tasks = [asyncio.create_task(one(number)) for number in range(6)]
    await settle()
    assert came == [0, 1]
    tasks[3].cancel()
    for _ in range(4):
        places.give_back()
        await settle()
    assert came == [0, 1, 2, 4, 5]
    assert await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_place_that_came_too_late_is_passed_on():
    places = Places(1)
    await places.take()
    late, next_ = asyncio.create_task(places.take()), asyncio.create_task(places.take())
    await settle()
    places.give_back()
    late.cancel()
    await asyncio.gather(late, return_exceptions=True)
    async with asyncio.timeout(1):
        await next_


def test_turns_that_fail_together_halve_them_once():
    places = Places(8)
    for _ in range(8):
        places.ended(began=0.0, now=7.0, in_time=False)
    assert places.now == 4
    for began, now in ((7.1, 14.0), (14.1, 21.0), (21.1, 28.0)):
        places.ended(began=began, now=now, in_time=False)
    assert places.now == 2, "two are always asked"
    for _ in range(40):
        places.ended(began=30.0, now=31.0, in_time=True)
    assert places.now == 8, "and all again, soon"


async def test_an_error_that_comes_at_once_says_nothing_about_the_pace():
    admission = Admission(Limits(turns_at_once=8))
    for _ in range(20):
        with pytest.raises(ConnectionError):
            async with admission.asking(7.0):
                raise ConnectionError
    assert admission.places.now == 8
    with pytest.raises(TimeoutError):
        async with admission.asking(0.05), asyncio.timeout(0.05):
            await asyncio.sleep(1)
    assert admission.places.now == 4
