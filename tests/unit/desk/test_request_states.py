"""The table of moves: who may move a request where, how long a customer's message reopens it, and that closed is final."""

import datetime
import itertools

import pytest

from desk.request_states import (
    AGENT,
    CLOSED,
    CUSTOMER,
    FINAL,
    IN_PROGRESS,
    LIVE,
    MOVES,
    NOT_ALLOWED,
    OPEN,
    PROGRAM,
    REOPEN_WITHIN,
    SAME,
    SOLVED,
    STATES,
    TOO_EARLY,
    TOO_LATE,
    WAITING,
    after_message,
    refusal,
)

NOW = datetime.datetime(2026, 11, 23, 17, 0, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)


def refused(state, to, who, solved_at=NOW):
    return refusal(state, to, who, solved_at=solved_at, now=NOW)


@pytest.mark.parametrize(("state", "to"), list(itertools.product(STATES, STATES)))
@pytest.mark.parametrize("who", [CUSTOMER, AGENT, PROGRAM])
def test_only_what_the_table_names_is_allowed(state, to, who):
    solved_at = NOW - REOPEN_WITHIN if who == PROGRAM else NOW
    if state == to:
        wanted = SAME
    elif state == CLOSED:
        wanted = FINAL
    else:
        wanted = None if who in MOVES.get((state, to), ()) else NOT_ALLOWED
    assert refused(state, to, who, solved_at) == wanted


def test_nothing_leads_out_of_closed_and_every_state_is_reached():
    assert not [move for move in MOVES if move[0] == CLOSED]
    assert {to for _, to in MOVES} == set(STATES)


def test_a_customer_neither_closes_nor_puts_in_progress_what_is_open():
    assert refused(OPEN, CLOSED, CUSTOMER) == NOT_ALLOWED
    assert refused(OPEN, IN_PROGRESS, CUSTOMER) == NOT_ALLOWED
    assert refused(SOLVED, IN_PROGRESS, CUSTOMER) == NOT_ALLOWED


def test_a_customer_reopens_until_the_time_is_over_and_the_program_closes_from_then_on():
    last = NOW - REOPEN_WITHIN + SECOND
    assert refused(SOLVED, OPEN, CUSTOMER, last) is None
    assert refused(SOLVED, CLOSED, PROGRAM, last) == TOO_EARLY
    assert refused(SOLVED, OPEN, CUSTOMER, NOW - REOPEN_WITHIN) == TOO_LATE
    assert refused(SOLVED, CLOSED, PROGRAM, NOW - REOPEN_WITHIN) is None
    assert refused(SOLVED, OPEN, AGENT, NOW - REOPEN_WITHIN) is None, "a person may still"


@pytest.mark.parametrize(
    ("state", "held", "after"),
    [
        (OPEN, False, OPEN),
        (OPEN, True, OPEN),
        (IN_PROGRESS, True, IN_PROGRESS),
        (WAITING, True, IN_PROGRESS),
        (WAITING, False, OPEN),
        (SOLVED, True, OPEN),
        (SOLVED, False, OPEN),
        (CLOSED, True, None),
    ],
)
def test_where_a_message_leads(state, held, after):
    assert after_message(state, held=held, solved_at=NOW - SECOND, now=NOW) == after


def test_a_message_that_comes_too_late_leads_nowhere():
    assert after_message(SOLVED, held=False, solved_at=NOW - REOPEN_WITHIN, now=NOW) is None


def test_a_message_never_leaves_a_request_where_nobody_owes_anything():
    for state in STATES:
        assert after_message(state, held=True, solved_at=NOW, now=NOW) in (*LIVE, None)
