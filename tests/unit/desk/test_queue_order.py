"""Who comes first in the queue, and why."""

import datetime
import itertools

from desk.queue import Waiting, in_order

NOON = datetime.datetime(2026, 11, 23, 17, 0, tzinfo=datetime.UTC)


def waiting(name, minutes=0, urgency="normal", premier=False, due=None):
    since = NOON - datetime.timedelta(minutes=minutes)
    return Waiting(name, premier, urgency, NOON + datetime.timedelta(hours=due) if due is not None else None, since)


def test_premier_then_urgency_then_what_is_due_then_the_wait():
    rows = [
        waiting("first of all", 1, premier=True),
        waiting("urgent", 2, "urgent"),
        waiting("high, due soon", 1, "high", due=1),
        waiting("high, due later", 50, "high", due=9),
        waiting("high", 60, "high"),
        waiting("long", 90),
        waiting("short", 3),
        waiting("no hurry", 500, "low"),
    ]
    names = [row.conversation for row in rows]
    for order in itertools.islice(itertools.permutations(rows), 0, 40320, 811):
        found = in_order(order)
        assert [one.conversation for one in found] == names
        assert [one.place for one in found] == list(range(1, 9))


def test_a_place_says_what_decided_it():
    one, other = in_order([waiting("a", urgency="high", premier=True, due=1), waiting("b")])
    assert one.why == ("premier", "high", "due", "since")
    assert other.why == ("since",)


def test_two_who_came_at_the_same_moment_keep_their_order():
    rows = [waiting("a"), waiting("b")]
    assert in_order(rows) == in_order(rows[::-1])


def test_nobody_waits():
    assert in_order([]) == []
