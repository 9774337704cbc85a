"""Keeps a row of figures for each conversation (`record_models.py`): made anew, a batch at a time, whenever something happened in it.

What happened is found by marks: the number of the last line of a transcript that was read, and the moment of the last look at ratings,
feedback and requests. A row that is made twice is the same row, so several gateways and a crash do no harm.
"""

from __future__ import annotations

import asyncio
import datetime
import logging
import time
from collections.abc import Callable, Collection
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk.models import SupportRequest
from desk.reckoning import Course, Line, Subjects, seconds
from desk.record_models import Asked, RecordMark, TalkRecord
from desk.resolution import RETURN_WITHIN, Word
from desk.triage import Rules
from gateway.models import Conversation, Feedback, Message, Proof
from knowledge import Shelf

log = logging.getLogger(__name__)

LINES, CHANGES = "lines", "changes"  # the marks
BATCH = 200  # lines of transcripts in one transaction: no turn waits for it
LOOK_S, BETWEEN_S = 5.0, 0.05
TALKS = 10  # transcripts in memory at a time
RESTS = 4  # times as long as a look took
# PostgreSQL gives numbers before it commits, and moments are always older than their commit: each look goes back this far.
BACK = 500
BACK_TIME = datetime.timedelta(seconds=30)

Row = TypeVar("Row", Feedback, SupportRequest)


class Records:
    """`fill` brings the figures up to date; `run` does so again and again."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        shelf: Shelf,
        rules: Rules,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._shelf = shelf
        self._subjects = Subjects(rules.small_talk, rules.without_subject)
        self._now = now

    async def run(self) -> None:
        """Runs until cancelled. A database that is away is looked at again."""
        while True:
            began = time.monotonic()
            try:
                more = await self.fill(most=1)
            except (SQLAlchemyError, OSError) as error:
                log.warning("the figures cannot be kept: %s", type(error).__name__)
                more = False
            # Where much is said in long conversations a look takes its time: customers' turns have the most of it all the same.
            await asyncio.sleep(max(BETWEEN_S if more else LOOK_S, RESTS * (time.monotonic() - began)))

    async def fill(self, most: int = 5) -> bool:
        """Takes up to so many batches; whether more may be left."""
        for _ in range(most):
            async with self._sessions.begin() as session:
                touched, more = await self._touched(session)
                await self._make(session, touched)
            if not more:
                return False
        return True

    async def _touched(self, session: AsyncSession) -> tuple[set[str], bool]:
        """The conversations in which something happened since the last look, the marks moved on; whether more lines wait."""
        now = self._now()
        marks = {
            name: await session.get(RecordMark, name) or RecordMark(name=name, number=0) for name in (LINES, CHANGES)
        }
        session.add_all(marks.values())
        last = marks[LINES].number
        new = (
            await session.execute(
                select(Message.id, Message.conversation).where(Message.id > last).order_by(Message.id).limit(BATCH)
            )
        ).all()
        touched = {talk for _, talk in new}
        if session.get_bind().dialect.name == "postgresql":
            late = (Message.id <= last, Message.id > last - BACK, Message.at > now - BACK_TIME)
            touched |= set(await session.scalars(select(Message.conversation).where(*late)))
        if looked := marks[CHANGES].at:
            since = looked - BACK_TIME
            for query in (
                select(Conversation.id).where(Conversation.rated_at > since),
                select(Feedback.conversation).where(Feedback.at > since),
                select(SupportRequest.conversation).where(SupportRequest.changed_at > since),
            ):
                touched |= set(await session.scalars(query))
        if new:
            marks[LINES].number = new[-1][0]
        marks[CHANGES].at = now
        return touched, len(new) == BATCH

    async def _make(self, session: AsyncSession, touched: Collection[str]) -> None:
        """The rows of these conversations, and of those that the same customers came back from."""
        made = await self._rows_of(session, touched)
        await session.flush()
        again: set[str] = set()
        for row in made:
            again |= await self._came_back_from(session, row)
        await self._rows_of(session, again - set(touched))

    async def _rows_of(self, session: AsyncSession, talks: Collection[str]) -> list[TalkRecord]:
        order = sorted(talks)  # one for all: two gateways do not lock each other out
        made: list[TalkRecord] = []
        for first in range(0, len(order), TALKS):
            made += await self._rows(session, order[first : first + TALKS])
        return made

    async def _rows(self, session: AsyncSession, talks: Collection[str]) -> list[TalkRecord]:
        lines = await _lines(session, talks)
        feedback = await _of(session, Feedback, talks, Feedback.at)
        requests = await _of(session, SupportRequest, talks, SupportRequest.id)
        rows = await session.scalars(select(TalkRecord).where(TalkRecord.conversation.in_(talks)))
        known = {row.conversation: row for row in rows}
        proved = await session.scalars(select(Proof).where(Proof.conversation.in_(talks)))
        proofs = {proof.conversation: proof.account for proof in proved}
        found = await session.scalars(select(Conversation).where(Conversation.id.in_(talks)))
        made = []
        for talk in sorted(found, key=lambda one: one.id):
            brand = self._shelf.brands.get(talk.brand)
            before = known.get(talk.id)
            course = Course(
                talk,
                lines[talk.id],
                feedback[talk.id],
                requests[talk.id],
                self._subjects,
                before.asked_person_at if before else None,
            )
            if brand is None or not course.said:
                continue
            account = proofs.get(talk.id) or next((one.account for one in course.requests if one.account), None)
            row = before or TalkRecord(conversation=talk.id)
            session.add(row)
            _describe(row, course, account, ZoneInfo(brand.hours["time_zone"]))
            await session.flush()
            await self._resolve(session, row, course)
            await _keep_asked(session, row, course)
            made.append(row)
        return made

    async def _resolve(self, session: AsyncSession, row: TalkRecord, course: Course) -> None:
        held = course.standing([])
        if held.evidence:
            held = course.standing(await self._elsewhere(session, row, held.evidence.at))
        row.resolved_at = held.evidence.at if held.evidence else None
        row.resolved_by = held.evidence.by if held.evidence else None
        row.resolved_s = seconds(row.started_at, row.resolved_at)
        row.returned_at = held.returned_at

    async def _elsewhere(self, session: AsyncSession, row: TalkRecord, after: datetime.datetime) -> list[Word]:
        """What the same customer began to talk of in other conversations, within the time of a return."""
        same = _same_customer(row)
        if same is None:
            return []
        found = await session.execute(
            select(TalkRecord.started_at, Asked.outcome)
            .join(Asked, Asked.conversation == TalkRecord.conversation)
            .where(same, TalkRecord.started_at > after, TalkRecord.started_at < after + RETURN_WITHIN)
        )
        return [Word(at, outcome) for at, outcome in found]

    async def _came_back_from(self, session: AsyncSession, row: TalkRecord) -> set[str]:
        """Earlier conversations of the same customer whose time of a return this one falls into."""
        same = _same_customer(row)
        if same is None:
            return set()
        return set(
            await session.scalars(
                select(TalkRecord.conversation).where(
                    same,
                    TalkRecord.resolved_at < row.started_at,
                    TalkRecord.resolved_at > row.started_at - RETURN_WITHIN,
                )
            )
        )


async def _lines(session: AsyncSession, talks: Collection[str]) -> dict[str, list[Line]]:
    """The lines of these conversations, in order: columns, as whole transcripts of objects take several times as long."""
    found: dict[str, list[Line]] = {talk: [] for talk in talks}
    read = (
        Message.id, Message.author, Message.at, Message.text, Message.state, Message.answers, Message.payload, Message.understood,
    )  # fmt: skip
    rows = await session.execute(
        select(Message.conversation, *read).where(Message.conversation.in_(talks)).order_by(Message.sequence)
    )
    for row in rows:
        found[row.conversation].append(cast(Line, row))
    return found


async def _of(session: AsyncSession, model: type[Row], talks: Collection[str], order: Any) -> dict[str, list[Row]]:
    """The rows of these conversations, by conversation, in order."""
    found: dict[str, list[Row]] = {talk: [] for talk in talks}
    for row in await session.scalars(select(model).where(model.conversation.in_(talks)).order_by(order)):
        found[row.conversation].append(row)
    return found


def _same_customer(row: TalkRecord) -> ColumnElement[bool] | None:
    """Other conversations of the brand with the same proved account or the same contact; None where neither is known."""
    same = [
        column == value
        for column, value in ((TalkRecord.account, row.account), (TalkRecord.contact, row.contact))
        if value
    ]
    return (
        and_(TalkRecord.brand == row.brand, TalkRecord.conversation != row.conversation, or_(*same)) if same else None
    )


def _describe(row: TalkRecord, course: Course, account: str | None, zone: ZoneInfo) -> None:
    talk, began = course.talk, course.said[0].at
    local = began.astimezone(zone)
    row.brand, row.channel, row.language = talk.brand, talk.channel, talk.language or "fr"
    row.day, row.hour = local.date().isoformat(), local.hour
    row.started_at, row.last_at = began, course.lines[-1].at
    row.helped_by, row.first_s = course.helped_by, course.first_s
    row.asked_person_at, row.person_s, row.owed = course.asked_person_at, course.person_s, course.owed
    row.rating = talk.rating
    row.helpful = sum(one.helpful for one in course.feedback)
    row.unhelpful = len(course.feedback) - row.helpful
    row.account, row.contact = account, course.contact


async def _keep_asked(session: AsyncSession, row: TalkRecord, course: Course) -> None:
    old = delete(Asked).where(Asked.conversation == row.conversation)
    await session.execute(old.execution_options(synchronize_session=False))
    session.add_all(
        Asked(
            conversation=row.conversation,
            outcome=outcome,
            brand=row.brand,
            channel=row.channel,
            language=row.language,
            day=row.day,
            times=times,
        )
        for outcome, times in course.asked().items()
    )
