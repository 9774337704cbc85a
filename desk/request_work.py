"""What agents do with support requests: take, answer, move, help from afar, send a technician.

Each function makes its whole change in the caller's transaction, with the request's row locked and a line in its log, so that of two
changes at once the second sees what the first did; where it is Refused the caller's transaction must not be kept. What the customer is to
be told comes back as `Told`; the caller puts it into the outbox.
"""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from desk import calendars, request_states
from desk.request_log import (
    BAD_MOMENT,
    CHANGED,
    DISPATCHED,
    HELD,
    Change,
    Refused,
    Told,
    apply_move,
    locked,
    log,
    owe,
    values_of,
)
from desk.request_states import AGENT, IN_PROGRESS, LIVE, OWED, SOLVED, WAITING
from desk.service_levels import ANSWER, ONSITE, REMOTE_HELP
from knowledge import Brand


async def move(
    session: AsyncSession,
    request_id: int,
    to: str,
    *,
    who: str,
    actor: str,
    brand: Brand,
    now: datetime.datetime,
    seen: str | None = None,
    text: str = "",
) -> Change:
    """Moves a request to a state. `who`: "customer", "agent" or "program"; `actor`: the name in the log.

    `seen`: the state that the page showed; where it has changed since, Refused. Raises Refused with the reason.
    """
    request = await locked(session, request_id)
    if seen is not None and request.state != seen:
        raise Refused(CHANGED, request)
    apply_move(request, to, who=who, brand=brand, now=now)
    event = log(session, request, actor, to, text, now, visible=who == AGENT and to in (SOLVED, WAITING))
    told = None
    if to == SOLVED and who == AGENT:
        await session.flush()
        told = Told(f"request:{request.number}:solved:{event.id}", "request_solved", values_of(request, text))
    return Change(request, told)


async def take(
    session: AsyncSession, request_id: int, *, agent: int, actor: str, brand: Brand, now: datetime.datetime
) -> Change:
    """An agent takes a request. Raises Refused with HELD where another has it already."""
    request = await locked(session, request_id)
    if request.agent == agent and request.state == IN_PROGRESS:
        return Change(request, new=False)
    if request.agent not in (None, agent) and request.state in LIVE:
        raise Refused(HELD, request)
    if request.state != IN_PROGRESS:
        apply_move(request, IN_PROGRESS, who=AGENT, brand=brand, now=now)
    request.agent = agent
    log(session, request, actor, "taken", "", now)
    return Change(request)


async def answer(
    session: AsyncSession,
    request_id: int,
    text: str,
    *,
    actor: str,
    brand: Brand,
    now: datetime.datetime,
    to: str = WAITING,
) -> Change:
    """An agent's answer, which the customer reads; the request goes to a state with it ("waiting_for_customer" unless said).

    What was owed is done: the due time of an answer ends. Raises Refused where the request is closed, or may not go there.
    """
    request = await locked(session, request_id)
    if request.due_for in (ANSWER, REMOTE_HELP) and request.state in OWED:
        owe(request, None, None)
    if request.state != to:
        apply_move(request, to, who=AGENT, brand=brand, now=now)
    elif to not in LIVE:
        raise Refused(request_states.FINAL, request)
    request.changed_at = now
    event = log(session, request, actor, "answered", text, now, visible=True)
    await session.flush()
    letter = "request_solved" if to == SOLVED else "request_answered"
    return Change(request, Told(f"request:{request.number}:answered:{event.id}", letter, values_of(request, text)))


async def start_remote_help(
    session: AsyncSession, request_id: int, *, actor: str, brand: Brand, now: datetime.datetime
) -> Change:
    """An agent starts to help from afar: from now on runs the time after which a technician must be sent.

    Raises Refused where the request is not live or a technician is on the way; KeyError where the brand has no field service.
    """
    request = await locked(session, request_id)
    if request.dispatched_at is not None:
        raise Refused(DISPATCHED, request)
    if request.due_for == REMOTE_HELP:
        return Change(request, new=False)
    due = calendars.remote_help_due(brand, now)
    if request.state != IN_PROGRESS:
        apply_move(request, IN_PROGRESS, who=AGENT, brand=brand, now=now)
    owe(request, REMOTE_HELP, due)
    request.changed_at = now
    log(session, request, actor, "remote_help", "", now, visible=True)
    return Change(request)


async def dispatch(
    session: AsyncSession,
    request_id: int,
    *,
    actor: str,
    brand: Brand,
    at: datetime.datetime,
    now: datetime.datetime,
    onsite: dict[str, Any] | None = None,
) -> Change:
    """The dispatch point: the first contact with remote help ended at `at`, and a visit is needed. The clock of the visit starts there.

    `onsite` (contract, zone, time_zone, province) puts right what the request tells of the machine. Where no time is promised the request
    has no due time. Raises Refused: DISPATCHED a second time, BAD_MOMENT before it was opened or in the future, or by its state.
    """
    request = await locked(session, request_id)
    if request.dispatched_at is not None:
        raise Refused(DISPATCHED, request)
    if not request.created_at <= at <= now:
        raise Refused(BAD_MOMENT, request)
    if request.state != IN_PROGRESS:
        apply_move(request, IN_PROGRESS, who=AGENT, brand=brand, now=now)
    place = {**(request.details.get("onsite") or {}), **(onsite or {})}
    request.details = {**request.details, "onsite": place}
    request.dispatched_at = at
    due = calendars.onsite_due(brand, place, at)
    owe(request, ONSITE if due else None, due)
    request.changed_at = now
    log(session, request, actor, "dispatched", "", now, visible=True)
    return Change(request)
