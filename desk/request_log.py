"""What every change of a support request shares: the locked row, the move by the table, what is owed then, the line in the log."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from desk import calendars, request_states
from desk.feed import REQUEST, announce
from desk.models import RequestEvent, SupportRequest
from desk.request_states import CLOSED, LIVE, OWED, REOPEN_WITHIN, SOLVED, WAITING
from desk.service_levels import ANSWER, ONSITE, URGENCIES
from knowledge import Brand

TEXT_SHOWN = 300  # characters of what somebody wrote, in a letter
# Why a change is refused, besides the reasons of request_states.py.
CHANGED, HELD, DISPATCHED, BAD_MOMENT = "changed", "held", "dispatched", "bad_moment"


class Refused(Exception):
    """The change is not allowed as the request stands: `reason` says why, `request` as it is."""

    def __init__(self, reason: str, request: SupportRequest) -> None:
        super().__init__(reason)
        self.reason = reason
        self.request = request


@dataclasses.dataclass(frozen=True)
class Told:
    """A letter to the contact of a request. `key` names the event: one event is told once."""

    key: str
    letter: str
    values: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Change:
    """A request after a change, and what its customer is to be told. `new` is False where it had been done before.

    `reopened`: it had been solved, and is open again.
    """

    request: SupportRequest
    told: Told | None = None
    new: bool = True
    reopened: bool = False


async def locked(session: AsyncSession, request_id: int) -> SupportRequest:
    """The request as it is now, locked until the transaction ends."""
    return await session.get_one(SupportRequest, request_id, with_for_update=True, populate_existing=True)


def apply_move(request: SupportRequest, to: str, *, who: str, brand: Brand, now: datetime.datetime) -> None:
    """Moves a locked request, and sets what is owed from then on. Raises Refused."""
    refusal = request_states.refusal(request.state, to, who, solved_at=request.solved_at, now=now)
    if refusal:
        raise Refused(refusal, request)
    owed_before = request.state in OWED
    if request.state == SOLVED:
        request.dispatched_at = None  # another visit has a dispatch point of its own
    request.state = to
    request.changed_at = now
    request.solved_at = now if to == SOLVED else request.solved_at if to == CLOSED else None
    if to not in LIVE or (to == WAITING and request.due_for != ONSITE):
        owe(request, None, None)
    elif to in OWED and not owed_before and request.due_at is None:
        owe(request, ANSWER, calendars.answer_due(brand, request.urgency, now))


def change_urgency(request: SupportRequest, urgency: str, brand: Brand) -> None:
    """Another urgency brings the first answer forward; it never puts off what the customer was told."""
    by_urgency = {one: calendars.answer_due(brand, one, request.created_at) for one in URGENCIES}
    first = request.due_for == ANSWER and request.due_at in by_urgency.values()
    request.urgency = urgency
    if first and request.due_at is not None and by_urgency[urgency] < request.due_at:
        owe(request, ANSWER, by_urgency[urgency])


def owe(request: SupportRequest, due_for: str | None, due_at: datetime.datetime | None) -> None:
    """Sets what the desk owes next, and until when; None: nothing."""
    request.due_for, request.due_at, request.warned_at = due_for, due_at, None


def log(
    session: AsyncSession,
    request: SupportRequest,
    actor: str,
    what: str,
    text: str,
    now: datetime.datetime,
    visible: bool = False,
) -> RequestEvent:
    """The line in the request's log, and the word to the agents' pages."""
    event = RequestEvent(request=request.id, actor=actor, what=what, text=text, visible=visible, at=now)
    session.add(event)
    announce(session, REQUEST, request.number, request.brand, now)
    return event


def values_of(request: SupportRequest, text: str) -> dict[str, Any]:
    """What the letters about a request hold."""
    return {"number": request.number, "description": text[:TEXT_SHOWN], "days": REOPEN_WITHIN.days}
