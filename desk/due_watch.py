"""Warns the desk before a request is late, once for each due time however many gateways look, and closes what stayed solved.

What was warned of stands in the request's row, so that a restart neither forgets nor repeats it.
"""

from __future__ import annotations

import asyncio
import datetime
import logging
from collections.abc import Callable

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk import calendars
from desk.feed import announce
from desk.models import RequestEvent, SupportRequest
from desk.request_log import Refused
from desk.request_states import CLOSED, LIVE, PROGRAM, REOPEN_WITHIN, SOLVED
from desk.request_work import move
from knowledge import Shelf

log = logging.getLogger(__name__)

LOOK_S = 5.0
DUE = "due"  # the kind of the event on the agents' pages
# Warnings come some opening time ahead: no desk is closed longer than this.
LOOK_AHEAD = datetime.timedelta(days=14)
CLOSED_AT_ONCE = 50


class DueWatch:
    """Looks again and again, for as long as the gateway runs."""

    def __init__(
        self, sessions: async_sessionmaker[AsyncSession], shelf: Shelf, now: Callable[[], datetime.datetime]
    ) -> None:
        self._sessions = sessions
        self._shelf = shelf
        self._now = now

    async def run(self) -> None:
        """Runs until cancelled. A database that is away is looked at again."""
        while True:
            try:
                await self.warn()
                await self.mark_missed()
                await self.close()
            except (SQLAlchemyError, OSError) as error:
                log.warning("due times cannot be read: %s", type(error).__name__)
            await asyncio.sleep(LOOK_S)

    async def warn(self) -> list[str]:
        """Marks and announces what will be late soon; the numbers of the requests that this call warned of."""
        now = self._now()
        warned = SupportRequest.warned_at.is_(None)
        async with self._sessions() as session:
            rows = await session.execute(
                select(
                    SupportRequest.id,
                    SupportRequest.number,
                    SupportRequest.brand,
                    SupportRequest.due_for,
                    SupportRequest.due_at,
                    SupportRequest.details,
                )
                .where(SupportRequest.state.in_(LIVE), warned, SupportRequest.due_at <= now + LOOK_AHEAD)
                .order_by(SupportRequest.due_at)
            )
            found = list(rows)
        told = []
        for number_in_table, number, brand, due_for, due_at, details in found:
            known = self._shelf.brands.get(brand)
            if known is None or not due_for or not calendars.must_warn(known, due_for, due_at, details, now):
                continue
            async with self._sessions.begin() as session:
                # One gateway's update finds the row as it was read; the others', and one after a change of the due time, find none.
                mine = await session.execute(
                    update(SupportRequest)
                    .where(SupportRequest.id == number_in_table, warned, SupportRequest.due_at == due_at)
                    .values(warned_at=now)
                    .execution_options(synchronize_session=False)
                )
                if not mine.rowcount:  # type: ignore[attr-defined]
                    continue
                what = "due_soon" if now <= due_at else "overdue"
                session.add(RequestEvent(request=number_in_table, actor=PROGRAM, what=what, text=due_for, at=now))
                announce(session, DUE, number, brand, now)
            told.append(number)
        return told

    async def mark_missed(self) -> int:
        """Keeps, of each request, the first due time that passed while the desk owed something; how many are new."""
        async with self._sessions.begin() as session:
            late = await session.execute(
                update(SupportRequest)
                .where(
                    SupportRequest.state.in_(LIVE),
                    SupportRequest.missed_at.is_(None),
                    SupportRequest.due_at < self._now(),
                )
                .values(missed_at=SupportRequest.due_at)
                .execution_options(synchronize_session=False)
            )
        return int(late.rowcount)  # type: ignore[attr-defined]

    async def close(self) -> int:
        """Closes what has been solved for so long that nothing reopens it any more; how many."""
        now = self._now()
        async with self._sessions() as session:
            rows = await session.execute(
                select(SupportRequest.id, SupportRequest.brand)
                .where(SupportRequest.state == SOLVED, SupportRequest.solved_at <= now - REOPEN_WITHIN)
                .limit(CLOSED_AT_ONCE)
            )
            found = list(rows)
        closed = 0
        for request, brand in found:
            if brand not in self._shelf.brands:
                continue
            try:
                async with self._sessions.begin() as session:
                    known = self._shelf.brands[brand]
                    await move(session, request, CLOSED, who=PROGRAM, actor=PROGRAM, brand=known, now=now)
                closed += 1
            except Refused:  # somebody was faster: another gateway, or an agent
                continue
        return closed
