"""Promises to pay, and the ladder of reminders."""

from datetime import date, timedelta

import pytest

from billing.bill import Payment
from billing.money import CAD
from billing.promise import Promise, PromiseLimits, last_day, promise_state, reminder_on
from billing.reminders import Ladder, stage

TODAY = date(2026, 3, 5)
LIMITS = PromiseLimits(30, CAD("1.00"), 2)
PROMISE = Promise(CAD("100.00"), made_on=date(2026, 3, 5), promised_for=date(2026, 3, 15))
LADDER = Ladder(3, 33, 60)


def paid(*payments):
    return [Payment(None, date(2026, 3, day), CAD(amount), "online") for day, amount in payments]


@pytest.mark.parametrize(
    ("payments", "today", "state"),
    [
        ([], 5, "open"),
        ([], 15, "open"),
        ([], 16, "broken"),
        ([(15, "100.00")], 15, "kept"),
        ([(5, "100.00")], 5, "kept"),
        ([(4, "100.00")], 16, "broken"),
        ([(16, "100.00")], 17, "broken"),
        ([(6, "60.00"), (15, "40.00")], 20, "kept"),
        ([(6, "60.00"), (15, "39.99")], 15, "open"),
        ([(6, "60.00"), (15, "39.99")], 16, "broken"),
        ([(10, "250.00")], 16, "kept"),
    ],
)
def test_a_promise_is_kept_by_what_comes_from_its_making_to_its_day(payments, today, state):
    assert promise_state(PROMISE, paid(*payments), date(2026, 3, today)) == state


@pytest.mark.parametrize(("days", "before"), [(30, 2), (3, 2), (2, 2), (1, 1), (0, 0)])
def test_the_reminder_is_two_days_before_and_never_before_the_promise(days, before):
    promise = Promise(CAD("10.00"), TODAY, TODAY + timedelta(days=days))
    assert reminder_on(LIMITS, promise) == promise.promised_for - timedelta(days=before)


def test_a_promise_reaches_thirty_days_ahead():
    assert last_day(LIMITS, TODAY) == date(2026, 4, 4)


@pytest.mark.parametrize(
    ("late", "reached"),
    [
        (1, "none"),
        (2, "none"),
        (3, "reminder"),
        (32, "reminder"),
        (33, "overdue"),
        (59, "overdue"),
        (60, "calls"),
        (400, "calls"),
    ],
)
def test_the_ladder_rises_with_the_days_that_the_oldest_bill_is_late(late, reached):
    since = TODAY - timedelta(days=late)
    assert stage(LADDER, past_due_since=since, disconnected=False, today=TODAY) == reached


def test_an_account_that_is_not_late_is_on_no_step():
    assert stage(LADDER, past_due_since=None, disconnected=False, today=TODAY) == "none"


@pytest.mark.parametrize("since", [None, TODAY - timedelta(days=5)])
def test_a_disconnected_account_is_on_the_last_step(since):
    assert stage(LADDER, past_due_since=since, disconnected=True, today=TODAY) == "disconnected"


@pytest.mark.parametrize("steps", [(0, 33, 60), (33, 33, 60), (3, 60, 33)])
def test_the_steps_follow_each_other(steps):
    with pytest.raises(ValueError, match="follow"):
        Ladder(*steps)
