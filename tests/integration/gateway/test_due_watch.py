"""Warnings before a request is late: once, over several gateways and after a restart; what stayed solved is closed."""

import asyncio
import datetime

import pytest

from desk.due_watch import DueWatch
from desk.models import FeedEvent
from desk.request_states import AGENT
from desk.request_work import answer, dispatch, move, start_remote_help
from desk.requests import add_message
from tests.integration.gateway.desk_steps import desk_of, open_one


@pytest.fixture
async def desk(gateway, clock):
    async with desk_of(gateway, clock) as opened:
        yield opened


@pytest.fixture
async def number(gateway):
    return (await open_one(await gateway.talk("pitney-bowes")))["number"]


def watch_of(desk):
    return DueWatch(desk.sessions, desk.shelf, desk.clock)


async def warnings(gateway):
    return [row.subject for row in await gateway.rows(FeedEvent) if row.kind == "due"]


async def announced(gateway, count):
    """Waits until the gateway's own watch has announced so many."""
    for _ in range(200):
        if len(await warnings(gateway)) >= count:
            break
        await asyncio.sleep(0.1)
    return await warnings(gateway)


async def test_the_running_gateway_warns_by_itself(gateway, clock, desk, number):
    assert await warnings(gateway) == []
    clock.pass_(hours=7, minutes=30)  # of eight
    assert await announced(gateway, 1) == [number]
    row = await desk.row(number)
    assert row.warned_at == clock.now < row.due_at
    assert (await desk.log(number))[-1] == ("program", "due_soon", False)


async def test_nobody_is_warned_early(desk, number, clock):
    watch = watch_of(desk)
    clock.pass_(hours=7, minutes=29)
    assert await watch.warn() == []
    assert (await desk.row(number)).warned_at is None


async def test_many_watches_at_once_warn_once(gateway, desk, number, clock):
    clock.pass_(hours=7, minutes=45)
    async with desk_of(gateway, clock) as other:
        found = await asyncio.gather(*(watch_of(one).warn() for one in [desk, other] * 5))
    assert sum(numbers.count(number) for numbers in found) <= 1, "the gateway's own may have been first"
    assert await announced(gateway, 1) == [number]
    clock.pass_(hours=20)
    assert await watch_of(desk).warn() == [], "nor once more when it is late"
    assert await warnings(gateway) == [number]


async def test_a_stop_in_between_neither_loses_nor_repeats_a_warning(start, clock):
    first = await start()
    number = (await open_one(await first.talk()))["number"]
    await first.stop()
    clock.pass_(hours=30)  # due while nothing ran
    second = await start()
    assert await announced(second, 1) == [number]
    async with desk_of(second, clock) as desk:
        assert (await desk.log(number))[-1][1] == "overdue"
    await second.stop()
    third = await start()
    async with desk_of(third, clock) as desk:
        assert await watch_of(desk).warn() == []
    assert await warnings(third) == [number]


async def test_a_new_due_time_is_warned_of_anew(gateway, desk, number, clock):
    clock.pass_(hours=7, minutes=45)
    await announced(gateway, 1)
    await desk.do(answer, number, "Quel est le code?", actor="luc")
    await desk.do(add_message, number, "2E")
    assert (await desk.row(number)).warned_at is None
    clock.now = (await desk.row(number)).due_at - datetime.timedelta(minutes=5)
    for _ in range(200):
        if [line[1] for line in await desk.log(number)].count("due_soon") == 2:
            break
        await asyncio.sleep(0.1)
    assert (await desk.log(number))[-1][1] == "due_soon"
    assert (await desk.row(number)).warned_at == clock.now


async def test_what_is_answered_solved_or_closed_is_not_warned_of(desk, gateway, clock):
    talk = await gateway.talk()
    numbers = [(await open_one(talk, key=f"k{i}", description=f"Panne numéro {i} du jour"))["number"] for i in range(3)]
    await desk.do(answer, numbers[0], "Quel est le code?", actor="luc")
    await desk.do(move, numbers[1], "solved", who=AGENT, actor="luc")
    await desk.do(move, numbers[2], "closed", who=AGENT, actor="luc")
    clock.pass_(days=3)
    assert await watch_of(desk).warn() == []


async def test_remote_help_is_warned_of_before_its_hour_is_over(gateway, desk, number, clock):
    await desk.do(start_remote_help, number, actor="luc")
    clock.pass_(minutes=44)
    assert await watch_of(desk).warn() == []
    clock.pass_(minutes=1)
    assert await announced(gateway, 1) == [number]


async def test_a_visit_due_on_monday_morning_is_warned_of_on_friday(gateway, desk, clock):
    number = (await open_one(await gateway.talk("pitney-bowes")))["number"]
    onsite = {"contract": "performance-4h", "zone": 1, "time_zone": "America/Vancouver", "province": "BC"}
    friday = datetime.datetime(
        2026, 11, 27, 22, 0, tzinfo=datetime.UTC
    )  # 14:00 in Vancouver: three hours that day, one on Monday
    clock.now = friday
    await desk.do(dispatch, number, actor="luc", at=friday, onsite=onsite)
    assert (await desk.row(number)).due_at == datetime.datetime(2026, 11, 30, 17, 0, tzinfo=datetime.UTC)
    clock.pass_(hours=1, minutes=59)
    assert await watch_of(desk).warn() == []
    clock.pass_(minutes=1)  # 16:00: two hours of opening are left
    assert await announced(gateway, 1) == [number]


async def test_what_stayed_solved_for_a_week_is_closed_once(desk, number, clock):
    await desk.do(move, number, "solved", who=AGENT, actor="luc")
    clock.pass_(days=6, hours=23)
    assert await watch_of(desk).close() == 0
    clock.pass_(hours=1)
    await asyncio.gather(*(watch_of(desk).close() for _ in range(5)))
    assert (await desk.row(number)).state == "closed"
    assert [line[1] for line in await desk.log(number)].count("closed") == 1
