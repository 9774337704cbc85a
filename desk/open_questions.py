"""Finds the questions that nobody could answer, and puts like ones together.

A customer's message counts where it was not understood, or hardly; where the answer from an article did not help, by the customer's word;
or where the customer asked for a person right after that answer. What is typed in a form's answer is no question. Texts stay in the
transcript, masked as they are there. A message is taken once, however many gateways look.
"""

from __future__ import annotations

import asyncio
import datetime
import logging
import re
from collections.abc import Awaitable, Callable, Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk.knowledge_models import OpenQuestion, QuestionGroup
from desk.likeness import nearest
from desk.record_models import RecordMark
from gateway.models import Conversation, Feedback, Message

log = logging.getLogger(__name__)

OPEN, DISMISSED, WRITTEN = "open", "dismissed", "written"
NOT_UNDERSTOOD, UNSURE, NOT_HELPED, PERSON = "not_understood", "unsure", "not_helped", "person"
MARK = "questions"
LOOK_S, BATCH, TEXTS = 5.0, 100, 16  # TEXTS: as many as the assistant compares at once
SURE = 0.4  # an answer of less confidence is a guess; the triage box puts none into a draft either
RIGHT_AFTER = datetime.timedelta(minutes=10)
BACK_TIME = datetime.timedelta(seconds=30)  # PostgreSQL's numbers and moments are older than their commit
COMPARED = datetime.timedelta(days=180)  # a group that nobody asked for since is not added to
WORD = re.compile(r"[^\W\d_]{3,}")

Meanings = Callable[[Sequence[str]], Awaitable[list[bytes] | None]]
Found = tuple[Message, str]


class OpenQuestions:
    """`fill` takes up what has been said since; `run` does so again and again. `small_talk`: outcomes that ask nothing."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        meanings: Meanings,
        small_talk: Collection[str],
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._meanings = meanings
        self._small_talk = small_talk
        self._now = now

    async def run(self) -> None:
        """Runs until cancelled. A database or an assistant that is away is asked again."""
        while True:
            try:
                more = await self.fill()
            except (SQLAlchemyError, OSError) as error:
                log.warning("open questions cannot be gathered: %s", type(error).__name__)
                more = False
            await asyncio.sleep(0.2 if more else LOOK_S)

    async def fill(self) -> bool:
        """One batch; whether more may be left. Nothing is passed over: what cannot be compared now is taken the next time."""
        looked = self._now()
        async with self._sessions() as session:
            mark = await session.get(RecordMark, MARK)
            last, since = (mark.number, mark.at) if mark else (0, None)
            lines = await self._lines(session, last)
            found = await self._questions(session, lines)
            found += await self._not_helped(session, since)
            known = set(
                await session.scalars(
                    select(OpenQuestion.message).where(OpenQuestion.message.in_([line.id for line, _ in found]))
                )
            )
        once = {line.id: (line, why) for line, why in reversed(found) if line.id not in known}
        new = [once[number] for number in sorted(once)]
        for start in range(0, len(new), TEXTS):
            several = new[start : start + TEXTS]
            meanings = await self._meanings([line.text for line, _ in several])
            if meanings is None:
                return False
            for (line, why), meaning in zip(several, meanings, strict=True):
                await self._take(line, why, meaning)
        async with self._sessions.begin() as session:
            # Where a customer's questions were erased, nothing of them stays.
            left = select(OpenQuestion.message).where(OpenQuestion.group == QuestionGroup.id).exists()
            await session.execute(delete(QuestionGroup).where(~left).execution_options(synchronize_session=False))
            mark = await session.get(RecordMark, MARK, with_for_update=True) or RecordMark(name=MARK, number=0)
            session.add(mark)
            mark.number, mark.at = max(mark.number, lines[-1].id if lines else 0), looked
        return len(lines) == BATCH

    async def _lines(self, session: AsyncSession, last: int) -> list[Message]:
        """Customers' lines after `last` whose turn is over; the first that is still being answered ends them."""
        now = self._now()
        rows = await session.scalars(
            select(Message)
            .where(Message.id > last, Message.author == "customer", Message.at <= now)
            .order_by(Message.id)
            .limit(BATCH)
        )
        found: list[Message] = []
        for line in rows:
            if line.state == "received" and line.at > now - RIGHT_AFTER:
                break
            found.append(line)
        return found

    async def _questions(self, session: AsyncSession, lines: Sequence[Message]) -> list[Found]:
        found: list[Found] = []
        for line in lines:
            outcome = _outcome(line)
            before = await _before(session, line)
            asked = next((one for one in before if one.author == "assistant"), None)
            if outcome == "do/talk_to_agent":
                earlier = next((one for one in before if one.author == "customer"), None)
                if earlier and _answered_by_article(earlier) and line.at - earlier.at <= RIGHT_AFTER:
                    found.append((earlier, PERSON))
            elif not (asked and asked.payload.get("asks")) and (why := self._why(line, outcome)):
                found.append((line, why))
        return found

    def _why(self, line: Message, outcome: str | None) -> str | None:
        understood = line.understood or {}
        # What was refused before the assistant was asked (a card number, a command) has no candidates.
        if outcome is None or not understood.get("candidates") or not WORD.search(line.text):
            return None
        if outcome == "do/out_of_scope":
            return NOT_UNDERSTOOD
        if outcome in self._small_talk:
            return None
        return UNSURE if float(understood.get("confidence") or 0.0) < SURE else None

    async def _not_helped(self, session: AsyncSession, since: datetime.datetime | None) -> list[Found]:
        query = select(Feedback.reply).where(Feedback.helpful.is_(False), Feedback.article.is_not(None))
        if since:
            query = query.where(Feedback.at > since - BACK_TIME)
        asked = select(Message.answers).where(Message.id.in_(query), Message.answers.is_not(None))
        return [(line, NOT_HELPED) for line in await session.scalars(select(Message).where(Message.id.in_(asked)))]

    async def _take(self, line: Message, why: str, meaning: bytes) -> None:
        now = self._now()
        try:
            async with self._sessions.begin() as session:
                talk = await session.get_one(Conversation, line.conversation)
                language = line.language or talk.language or "fr"
                rows = await session.execute(
                    select(QuestionGroup.id, QuestionGroup.meaning).where(
                        QuestionGroup.brand == talk.brand,
                        QuestionGroup.language == language,
                        QuestionGroup.last_at > now - COMPARED,
                    )
                )
                others = [(number, other) for number, other in rows]
                number = await asyncio.to_thread(nearest, meaning, others)
                group = await session.get(QuestionGroup, number, with_for_update=True) if number is not None else None
                if group is None:
                    group = QuestionGroup(
                        brand=talk.brand, language=language, meaning=meaning, times=0, first_at=line.at, last_at=line.at
                    )
                    group.state, group.reason = OPEN, ""
                    session.add(group)
                    await session.flush()
                if group.state == WRITTEN and line.at > group.last_at:
                    group.state = OPEN  # the article is there, and still it is asked
                group.times += 1
                group.last_at = max(group.last_at, line.at)
                session.add(OpenQuestion(message=line.id, group=group.id, why=why, at=line.at))
        except IntegrityError:
            return  # another gateway was faster


async def _before(session: AsyncSession, line: Message) -> list[Message]:
    """The lines just before one, the newest first."""
    rows = await session.scalars(
        select(Message)
        .where(Message.conversation == line.conversation, Message.sequence < line.sequence)
        .order_by(Message.sequence.desc())
        .limit(8)
    )
    return list(rows)


def _outcome(line: Message) -> str | None:
    understood = line.understood or {}
    intent = understood.get("intent")
    return understood.get("article") if intent == "ask_article" else f"do/{intent}" if intent else None


def _answered_by_article(line: Message) -> bool:
    return (line.understood or {}).get("intent") == "ask_article"
