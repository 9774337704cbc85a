"""The states of a support request and who may move it from one to another. A rule: it imports the standard library only.

A customer's message reopens what was solved for `REOPEN_WITHIN`; after that, and where it is closed, it is final: a new request is opened.
"""

from __future__ import annotations

import datetime

OPEN, IN_PROGRESS, WAITING, SOLVED, CLOSED = "open", "in_progress", "waiting_for_customer", "solved", "closed"
STATES = (OPEN, IN_PROGRESS, WAITING, SOLVED, CLOSED)
LIVE = (OPEN, IN_PROGRESS, WAITING)  # the desk or the customer still owes something
OWED = (OPEN, IN_PROGRESS)  # the desk does

CUSTOMER, AGENT, PROGRAM = "customer", "agent", "program"
REOPEN_WITHIN = datetime.timedelta(days=7)

# From, to: who may.
MOVES: dict[tuple[str, str], frozenset[str]] = {
    (OPEN, IN_PROGRESS): frozenset({AGENT, PROGRAM}),
    (OPEN, WAITING): frozenset({AGENT}),
    (OPEN, SOLVED): frozenset({AGENT, CUSTOMER}),
    (OPEN, CLOSED): frozenset({AGENT}),
    (IN_PROGRESS, OPEN): frozenset({AGENT, PROGRAM}),
    (IN_PROGRESS, WAITING): frozenset({AGENT}),
    (IN_PROGRESS, SOLVED): frozenset({AGENT, CUSTOMER}),
    (IN_PROGRESS, CLOSED): frozenset({AGENT}),
    (WAITING, OPEN): frozenset({AGENT, CUSTOMER}),
    (WAITING, IN_PROGRESS): frozenset({AGENT, CUSTOMER}),
    (WAITING, SOLVED): frozenset({AGENT, CUSTOMER}),
    (WAITING, CLOSED): frozenset({AGENT}),
    (SOLVED, OPEN): frozenset({AGENT, CUSTOMER}),
    (SOLVED, IN_PROGRESS): frozenset({AGENT}),
    # Time closes what nobody came back about; a person may before.
    (SOLVED, CLOSED): frozenset({AGENT, PROGRAM}),
}
# Why a move is refused.
SAME, FINAL, NOT_ALLOWED, TOO_LATE, TOO_EARLY = "same", "final", "not_allowed", "too_late", "too_early"


def refusal(
    state: str, to: str, who: str, *, solved_at: datetime.datetime | None, now: datetime.datetime
) -> str | None:
    """Why `who` may not move a request from one state to another now; None where they may."""
    if state == to:
        return SAME
    if state == CLOSED:
        return FINAL
    if who not in MOVES.get((state, to), ()):
        return NOT_ALLOWED
    late = solved_at is not None and now >= solved_at + REOPEN_WITHIN
    if state == SOLVED and who == CUSTOMER and late:
        return TOO_LATE
    if (state, to, who) == (SOLVED, CLOSED, PROGRAM) and not late:
        return TOO_EARLY
    return None


def after_message(state: str, *, held: bool, solved_at: datetime.datetime | None, now: datetime.datetime) -> str | None:
    """The state of a request once its customer has added a message; None where it takes none any more.

    `held`: an agent has it, and goes on with it.
    """
    to = {WAITING: IN_PROGRESS if held else OPEN, SOLVED: OPEN, CLOSED: OPEN}.get(state, state)
    if to == state:
        return state
    return None if refusal(state, to, CUSTOMER, solved_at=solved_at, now=now) else to
