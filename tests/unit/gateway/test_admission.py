"""What is taken on: by the measured speed of turns, and no more of one conversation than a person writes."""

import asyncio

import pytest

from gateway.admission import ALLOWANCES, MOST_S, Admission, Busy, Limits


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def watch():
    return Watch()


def take(admission, conversation=None):
    with admission.receiving(conversation):
        pass


def test_a_conversation_writes_so_many_a_minute_and_then_has_to_wait(watch):
    admission = Admission(Limits(messages_per_minute=6), watch)
    for _ in range(6):
        take(admission, "talk")
    with pytest.raises(Busy) as told:
        take(admission, "talk")
    assert told.value.flood
    assert told.value.retry_after == 10
    take(admission, "another talk")
    watch.now += 10
    take(admission, "talk")
    with pytest.raises(Busy):
        take(admission, "talk")


def test_an_allowance_never_grows_beyond_a_minutes(watch):
    admission = Admission(Limits(messages_per_minute=2), watch)
    take(admission, "talk")
    watch.now += 3600
    take(admission, "talk")
    take(admission, "talk")
    with pytest.raises(Busy):
        take(admission, "talk")


def test_the_allowances_of_conversations_long_gone_are_forgotten(watch):
    admission = Admission(Limits(), watch)
    for number in range(ALLOWANCES + 5):
        take(admission, f"talk {number}")
    assert len(admission._allowances) == ALLOWANCES


def test_no_more_are_stored_at_once_than_the_limit(watch):
    admission = Admission(Limits(receiving_at_once=1), watch)
    with admission.receiving("one"):
        with pytest.raises(Busy) as told:
            take(admission, "two")
        assert not told.value.flood
    take(admission, "two")


async def test_the_queue_is_full_by_what_a_turn_takes(watch):
    admission = Admission(Limits(turns_at_once=1, turn_wait_s=4), watch)
    admission.answered(1.0)

    async def turn():
        async with admission.asking(60):
            await asyncio.sleep(60)

    turns = [asyncio.create_task(turn()) for _ in range(1 + 4)]
    await asyncio.sleep(0)
    take(admission)
    turns.append(asyncio.create_task(turn()))
    await asyncio.sleep(0)
    assert admission.wait_s == 5.0
    with pytest.raises(Busy) as told:
        take(admission)
    assert 1 <= told.value.retry_after <= MOST_S
    for one in turns:
        one.cancel()
    await asyncio.gather(*turns, return_exceptions=True)
    take(admission)


def test_what_waits_behind_its_own_conversation_counts_too(watch):
    admission = Admission(Limits(turns_at_once=2, turn_wait_s=4), watch)
    admission.answered(1.0)
    for message in range(10):
        admission.opened(message)
    assert admission.wait_s == (10 - 2) * 1.0 / 2
    take(admission)
    admission.opened(10)
    with pytest.raises(Busy):
        take(admission)
    admission.closed(0)
    admission.closed(404)
    take(admission)


def test_the_pace_is_that_of_the_whole_where_the_assistant_is_not_what_takes_long(watch):
    admission = Admission(Limits(turns_at_once=2, turn_wait_s=4), watch)
    admission.answered(0.01)
    for message in range(30):
        admission.opened(message)
    take(admission)
    for message in range(10):
        watch.now += 0.5
        admission.closed(message)
    assert admission.wait_s == pytest.approx((20 - 2) * 0.5)
    with pytest.raises(Busy):
        take(admission)


def test_a_pause_with_little_to_do_says_nothing_about_the_pace(watch):
    admission = Admission(Limits(turns_at_once=2, turn_wait_s=4), watch)
    for message in range(3):
        admission.opened(message)
        admission.closed(message)
        watch.now += 60
    for message in range(10, 20):
        admission.opened(message)
    assert admission.wait_s == 0
    watch.now += 0.1
    admission.closed(10)
    watch.now += 0.1
    admission.closed(11)
    assert admission.wait_s == pytest.approx((8 - 2) * 0.1)


def test_a_message_that_was_never_closed_here_is_forgotten(watch):
    admission = Admission(Limits(turns_at_once=1, turn_wait_s=4), watch)
    admission.answered(1.0)
    for message in range(20):
        admission.opened(message)
    with pytest.raises(Busy):
        take(admission)
    watch.now += 31
    take(admission)
    assert admission.wait_s == 0


async def test_a_place_that_becomes_free_too_late_is_none(watch):
    admission = Admission(Limits(turns_at_once=1), watch)
    async with admission.asking(1) as seconds:
        assert seconds == 1
        with pytest.raises(TimeoutError):
            async with admission.asking(0.01):
                raise AssertionError("there is one place")
    async with admission.asking(1):
        pass


def test_a_gateway_that_stops_takes_nothing_on(watch):
    admission = Admission(Limits(), watch)
    admission.stopping = True
    with pytest.raises(Busy):
        take(admission)


def test_what_another_gateway_answers_makes_nobody_wait_here(watch):
    admission = Admission(Limits(turns_at_once=2, turn_wait_s=1), watch)
    admission.answered(1.0)
    for message in range(20):
        admission.opened(message, "theirs" if message % 2 else "ours")
    assert admission.wait_s == (20 - 2) * 1.0 / 2
    admission.elsewhere("theirs")
    assert admission.wait_s == (10 - 2) * 1.0 / 2
    admission.elsewhere("unknown")
    assert admission.wait_s == (10 - 2) * 1.0 / 2
