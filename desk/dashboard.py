"""The figures of a period: counted by the database from the rows of `record_models.py`, a short question for each.

What stands in no row is asked where it is kept: due times of requests, and which articles did not help. Counted are conversations in
which something was asked; a greeting alone is none.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk.models import SupportRequest
from desk.reckoning import NOT_UNDERSTOOD, NOTHING
from desk.record_models import Asked, TalkRecord
from desk.request_states import LIVE
from desk.resolution import OPEN, RESOLVED, RETURN_WITHIN, RETURNED, SILENT, SILENT_AFTER
from desk.talk_groups import LANGUAGES, TIMES, Group, together
from gateway.models import Conversation, Feedback, Outgoing

TOP = 10
SMS, SENT = "sms", "sent"  # of the outbox


@dataclasses.dataclass(frozen=True)
class Choice:
    """What is looked at: days, both included; brands (all where there is none), a channel or all."""

    first: datetime.date
    last: datetime.date
    brands: tuple[str, ...] = ()
    channel: str = ""

    def of(self, table: Any) -> ColumnElement[bool]:
        """The rows of a table with `day`, `brand` and `channel`."""
        parts = [table.day >= self.first.isoformat(), table.day <= self.last.isoformat()]
        if self.brands:
            parts.append(table.brand.in_(self.brands))
        if self.channel:
            parts.append(table.channel == self.channel)
        return and_(*parts)

    def moments(self, zone: ZoneInfo) -> tuple[datetime.datetime, datetime.datetime]:
        """When the first day begins, and when the last one is over."""
        first, after = (
            datetime.datetime.combine(day, datetime.time(), zone)
            for day in (self.first, self.last + datetime.timedelta(days=1))
        )
        return first, after


@dataclasses.dataclass(frozen=True)
class Due:
    """Requests that were opened in the period: how many, solved, running, late now, and that missed a due time."""

    opened: int
    solved: int
    running: int
    late: int
    missed: int


@dataclasses.dataclass(frozen=True)
class Texts:
    """Text messages that went out in the period, and the parts that they were paid as."""

    count: int
    parts: int


@dataclasses.dataclass(frozen=True)
class Figures:
    """All of a period. `whole` is both languages together; `days` by day and who helped; `hours` by hour.

    `questions` and `requests`: outcomes with the number of conversations; `helped`: (yes, no) by article; `texts` by language.
    """

    whole: Group
    languages: dict[str, Group]
    days: dict[str, Counter[str]]
    hours: Counter[int]
    questions: list[tuple[str, int]]
    requests: list[tuple[str, int]]
    not_understood: int
    helped: dict[str, tuple[int, int]]
    due: Due
    texts: dict[str, Texts]


async def read(
    sessions: async_sessionmaker[AsyncSession], choice: Choice, zone: ZoneInfo, now: datetime.datetime
) -> Figures:
    """The figures of a choice. `zone`: by whose clock the days begin for requests."""
    async with sessions() as session:
        rows = choice.of(TalkRecord)
        asked = and_(rows, TalkRecord.helped_by != NOTHING)
        languages = await _languages(session, asked, now)
        days: dict[str, Counter[str]] = {}
        for day, who, count in await session.execute(
            select(TalkRecord.day, TalkRecord.helped_by, func.count())
            .where(asked)
            .group_by(TalkRecord.day, TalkRecord.helped_by)
        ):
            days.setdefault(day, Counter())[who] = count
        hours = await session.execute(select(TalkRecord.hour, func.count()).where(asked).group_by(TalkRecord.hour))
        counted = await session.execute(
            select(Asked.outcome, func.count())
            .where(choice.of(Asked))
            .group_by(Asked.outcome)
            .order_by(func.count().desc())
        )
        outcomes = [(outcome, count) for outcome, count in counted]
        return Figures(
            whole=together(languages.values()),
            languages=languages,
            days=days,
            hours=Counter({int(hour): int(count) for hour, count in hours}),
            questions=[pair for pair in outcomes if not pair[0].startswith("do/")][:TOP],
            requests=[pair for pair in outcomes if pair[0].startswith("do/") and pair[0] != NOT_UNDERSTOOD][:TOP],
            not_understood=dict(outcomes).get(NOT_UNDERSTOOD, 0),
            helped=await _helped(session, rows),
            due=await _due(session, choice, zone, now),
            texts=await _texts(session, choice, zone),
        )


def became(now: datetime.datetime) -> ColumnElement[str]:
    """`resolution.what_became`, for the database."""
    return case(
        (TalkRecord.owed, OPEN),
        (and_(TalkRecord.resolved_at.is_not(None), TalkRecord.returned_at.is_not(None)), RETURNED),
        (TalkRecord.resolved_at.is_not(None), RESOLVED),
        (TalkRecord.last_at <= now - SILENT_AFTER, SILENT),
        else_=OPEN,
    )


async def _languages(session: AsyncSession, asked: ColumnElement[bool], now: datetime.datetime) -> dict[str, Group]:
    found = {language: Group() for language in LANGUAGES}
    state = became(now)
    counted = await session.execute(
        select(
            TalkRecord.language,
            TalkRecord.helped_by,
            state,
            TalkRecord.resolved_by,
            func.count(),
            func.sum(case((TalkRecord.resolved_at <= now - RETURN_WITHIN, 1), else_=0)),
            func.sum(TalkRecord.helpful),
            func.sum(TalkRecord.unhelpful),
        )
        .where(asked)
        .group_by(TalkRecord.language, TalkRecord.helped_by, state, TalkRecord.resolved_by)
    )
    for language, who, kind, whose, count, over, yes, no in counted:
        group = found[language]
        group.helped[who] += count
        group.became[kind] += count
        if kind == RESOLVED:
            group.by[whose] += count
            group.settled += over
        group.helpful += yes
        group.unhelpful += no
    rated = select(TalkRecord.language, TalkRecord.rating, func.count()).where(asked, TalkRecord.rating.is_not(None))
    for language, score, count in await session.execute(rated.group_by(TalkRecord.language, TalkRecord.rating)):
        found[language].ratings[int(score or 0)] = count
    for name in TIMES:
        column = getattr(TalkRecord, name)
        parts = [asked, column.is_not(None)]
        if name == "resolved_s":
            parts.append(state == RESOLVED)
        took = select(TalkRecord.language, column, func.count()).where(*parts).group_by(TalkRecord.language, column)
        for language, seconds, count in await session.execute(took):
            found[language].times[name][seconds] = count
    return found


async def _helped(session: AsyncSession, rows: ColumnElement[bool]) -> dict[str, tuple[int, int]]:
    """(yes, no) of each article that was judged."""
    found: dict[str, tuple[int, int]] = {}
    yes = func.sum(case((Feedback.helpful, 1), else_=0))
    judged = (
        select(Feedback.article, yes, func.count())
        .join(TalkRecord, TalkRecord.conversation == Feedback.conversation)
        .where(rows, Feedback.article.is_not(None))
        .group_by(Feedback.article)
    )
    for article, helpful, count in await session.execute(judged):
        found[article] = (helpful, count - helpful)
    return found


async def _due(session: AsyncSession, choice: Choice, zone: ZoneInfo, now: datetime.datetime) -> Due:
    """By the day on which a request was opened, whatever conversation it belongs to."""
    start, end = choice.moments(zone)
    running = SupportRequest.state.in_(LIVE)
    late = and_(running, SupportRequest.due_at < now)
    query = select(
        func.count(),
        *(
            func.coalesce(func.sum(case((part, 1), else_=0)), 0)
            for part in (
                SupportRequest.solved_at.is_not(None),
                running,
                late,
                SupportRequest.missed_at.is_not(None) | late,
            )
        ),
    ).where(SupportRequest.created_at >= start, SupportRequest.created_at < end)
    if choice.brands:
        query = query.where(SupportRequest.brand.in_(choice.brands))
    if choice.channel:
        query = query.join(Conversation, Conversation.id == SupportRequest.conversation)
        query = query.where(Conversation.channel == choice.channel)
    return Due(*(await session.execute(query)).one())


async def _texts(session: AsyncSession, choice: Choice, zone: ZoneInfo) -> dict[str, Texts]:
    """Text messages by language, codes and receipts among them; none where another channel is looked at."""
    found = {language: Texts(0, 0) for language in LANGUAGES}
    if choice.channel not in ("", SMS):
        return found
    start, end = choice.moments(zone)
    query = select(Outgoing.language, func.count(), func.coalesce(func.sum(Outgoing.parts), 0)).where(
        Outgoing.channel == SMS, Outgoing.state == SENT, Outgoing.created_at >= start, Outgoing.created_at < end
    )
    if choice.brands:
        query = query.where(Outgoing.brand.in_(choice.brands))
    for language, count, parts in await session.execute(query.group_by(Outgoing.language)):
        found[language] = Texts(count, int(parts or 0))
    return found
