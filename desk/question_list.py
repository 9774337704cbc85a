"""The groups of questions that nobody could answer, as the desk lists them and decides on them."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.agents import audit
from desk.knowledge_models import OpenQuestion, QuestionGroup
from desk.open_questions import DISMISSED, OPEN, WRITTEN
from gateway.models import Message

STATES = (OPEN, WRITTEN, DISMISSED)
SHOWN_MOST, EXAMPLES, PHRASINGS, READ = 100, 5, 12, 40
# No phrasing: what names an address, an account or a telephone is somebody's.
PERSONAL = re.compile(r"\S+@\S+|\d(?:[\s.-]?\d){4,}|•")


@dataclasses.dataclass(frozen=True)
class Example:
    """What one customer wrote, and in which conversation."""

    text: str
    conversation: str
    at: datetime.datetime


@dataclasses.dataclass(frozen=True)
class Listed:
    """A group with its newest examples, no text twice, and how often it counts for which reason among those that were read."""

    group: QuestionGroup
    times: int
    examples: list[Example]
    why: list[str]


async def listed(session: AsyncSession, brands: Sequence[str], state: str) -> list[Listed]:
    """The groups of a state, what is asked most first, then what was asked last."""
    # Counted anew: what a customer had erased does not count any more.
    times = func.count(OpenQuestion.message)
    rows = await session.execute(
        select(QuestionGroup, times)
        .join(OpenQuestion, OpenQuestion.group == QuestionGroup.id)
        .where(QuestionGroup.brand.in_(brands), QuestionGroup.state == state)
        .group_by(QuestionGroup.id)
        .order_by(times.desc(), QuestionGroup.last_at.desc())
        .limit(SHOWN_MOST)
    )
    return [await _with_examples(session, group, count) for group, count in rows.all()]


async def group_of(session: AsyncSession, number: str, brands: Sequence[str]) -> QuestionGroup | None:
    """A group by its number, of one of the brands."""
    group = await session.get(QuestionGroup, int(number)) if number.isdecimal() and len(number) < 10 else None
    return group if group and group.brand in brands else None


async def phrasings_of(session: AsyncSession, group: QuestionGroup) -> list[str]:
    """What customers wrote, as ways of asking for a new article: without what is somebody's."""
    texts = [" ".join(text.split()) for text, _, _, _ in await _said(session, group)]
    return [text for text in dict.fromkeys(texts) if len(text) <= 200 and not PERSONAL.search(text)][:PHRASINGS]


async def decide(
    session: AsyncSession,
    number: int,
    state: str,
    agent: int,
    now: datetime.datetime,
    *,
    reason: str = "",
    article: str = "",
) -> None:
    """Dismisses a group for a reason, opens it again, or says which article is to answer it."""
    values = {"state": state, "reason": reason[:300], "agent": agent, "article": article or None}
    await session.execute(update(QuestionGroup).where(QuestionGroup.id == number).values(**values))
    audit(session, agent, "decided_question", f"question:{number}", now, state=state)


async def _with_examples(session: AsyncSession, group: QuestionGroup, times: int) -> Listed:
    rows = await _said(session, group)
    examples = {text: Example(text, conversation, at) for text, conversation, at, _ in reversed(rows)}
    why = [name for name, _ in Counter(one for _, _, _, one in rows).most_common()]
    return Listed(group, times, list(reversed(examples.values()))[:EXAMPLES], why)


async def _said(session: AsyncSession, group: QuestionGroup) -> list[tuple[str, str, datetime.datetime, str]]:
    rows = await session.execute(
        select(Message.text, Message.conversation, Message.at, OpenQuestion.why)
        .join(OpenQuestion, OpenQuestion.message == Message.id)
        .where(OpenQuestion.group == group.id)
        .order_by(Message.id.desc())
        .limit(READ)
    )
    return [(text, conversation, at, why) for text, conversation, at, why in rows]
