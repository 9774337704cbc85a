"""A conversation that goes by text message: what a customer wrote in one go, and what is said to them as one text.

The text goes into the outbox in the transaction of its lines, so that neither is there without the other.
"""

from __future__ import annotations

import asyncio
import datetime
import itertools
from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import transcript
from gateway.database import Sessions
from gateway.message import Reply
from gateway.models import Conversation, Message, Outgoing, SmsThread
from gateway.outbox import TEXT, put
from gateway.sms_alphabet import measure
from gateway.sms_choices import choice_of
from gateway.sms_consent import is_out
from gateway.sms_text import compose, pages
from gateway.transcript import Said
from knowledge import Shelf

SMS = "sms"
SAID_WITHIN = datetime.timedelta(hours=12)  # after that an answer would only puzzle
READING_AT_ONCE = (
    4  # a thousand turns that begin at once would take every connection, and each wait for one until it gives up
)
WAITS = 6  # for more of the same customer's texts, before they are answered in any case


class SmsTalk:
    """Carries the lines of a conversation to a phone. `burst_s`: how long a turn waits for what its customer still writes.

    `at_once`: how many of these turns ask the assistant at a time. `writes_from`: the number of a brand's texts, None where it writes none.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        shelf: Shelf,
        burst_s: float,
        at_once: int,
        writes_from: Callable[[str], str | None],
        wake: Callable[[], None],
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._shelf = shelf
        self._burst_s = burst_s
        self._writes_from = writes_from
        self._now = now
        self.wake = wake
        self.places = asyncio.Semaphore(at_once)
        self._reading = asyncio.Semaphore(READING_AT_ONCE)

    def writes(self, brand: str) -> bool:
        """Whether a brand writes texts, so that its conversations can go on by them."""
        return self._writes_from(brand) is not None

    async def in_one_go(self, message: Message, talk: Conversation) -> Said:
        """The texts that are answered together, once their writer pauses.

        People send three texts where one would do. The number of a choice means the choice. Who wants no texts gets none: then nobody is
        asked for an answer either. No texts where `message` is answered meanwhile.
        """
        found = [message]
        for _ in range(WAITS):
            await asyncio.sleep(self._burst_s)
            before = [one.id for one in found]
            async with self._reading, self._sessions() as session:
                waiting = await transcript.open_messages(session, message.conversation)
                # What was written on the page meanwhile is another matter; and without a pause each is answered for itself.
                texts = list(itertools.takewhile(lambda one: one.channel in (None, SMS), waiting))
                found = texts if self._burst_s else [one for one in texts if one.id == message.id]
                thread = await thread_with(session, talk.id)
                silent = thread is not None and await is_out(session, thread.brand, thread.customer)
            if not self._burst_s or [one.id for one in found] == before:
                break
        if not any(one.id == message.id for one in found):
            return Said([], "")
        said = "\n".join(one.text for one in found)
        chosen = choice_of(said, thread.choices) if thread and thread.choices else None
        return Said(found, chosen or said, silent)

    async def carry(self, session: AsyncSession, talk: Conversation, lines: Sequence[Message]) -> None:
        """Puts what was said to the customer into the outbox, as one text; nothing where the conversation goes another way.

        Wake the outbox after the commit.
        """
        said = [line for line in lines if line.author != "customer"]
        thread = await thread_of(session, talk) if said else None
        if thread is None:
            return
        language = said[-1].language or talk.language or "fr"
        self.send(session, thread, f"line:{said[-1].id}", language, [as_reply(line) for line in said], said[-1].id)

    def send(
        self,
        session: AsyncSession,
        thread: SmsThread,
        key: str,
        language: str,
        replies: Sequence[Reply],
        message: int | None,
    ) -> None:
        """Puts replies into the outbox, as one text; what is left of it, and what can be chosen, is kept in the thread."""
        sms = self._shelf.brands[thread.brand].sms
        words = sms.around(language)
        composed = compose(replies, words, accents=sms.fold_accents)
        page = pages(composed.text, words, accents=sms.fold_accents)
        thread.more, thread.choices = page.kept, list(composed.choices)
        if page.now:
            self.put(session, thread, key, language, page.now, message)

    async def send_more(self, session: AsyncSession, thread: SmsThread, key: str, language: str) -> None:
        """The next page of what was said last."""
        sms = self._shelf.brands[thread.brand].sms
        page = pages(thread.more, sms.around(language), accents=sms.fold_accents)
        thread.more = page.kept
        of = await session.scalar(
            select(Outgoing.message)
            .where(Outgoing.address == thread.customer, Outgoing.sender == thread.number, Outgoing.letter == TEXT)
            .order_by(Outgoing.id.desc())
            .limit(1)
        )
        self.put(session, thread, key, language, page.now, of)

    def put(
        self,
        session: AsyncSession,
        thread: SmsThread,
        key: str,
        language: str,
        text: str,
        message: int | None,
        letter: str = TEXT,
    ) -> None:
        """One text to the customer of a thread. `letter` KEYWORD: what answers STOP and the like, which goes out in any case."""
        cost = measure(text)
        put(
            session,
            key=key,
            brand=thread.brand,
            language=language,
            channel=SMS,
            address=thread.customer,
            letter=letter,
            values={"text": text},
            now=self._now(),
            expires_at=self._now() + SAID_WITHIN,
            message=message,
            sender=thread.number,
            alphabet=cost.alphabet,
            parts=cost.parts,
        )


async def thread_of(session: AsyncSession, talk: Conversation) -> SmsThread | None:
    """The thread by which a conversation goes now; None where it goes another way, or is over."""
    return await thread_with(session, talk.id) if talk.channel == SMS else None


async def thread_with(session: AsyncSession, conversation: str) -> SmsThread | None:
    """The thread that a conversation has, also while its customer writes on the page; None where it has none, or is over."""
    return await session.scalar(select(SmsThread).where(SmsThread.conversation == conversation))


def as_reply(line: Message) -> Reply:
    """A line of the transcript as it was said."""
    payload = line.payload
    return Reply(
        line.text,
        article=payload.get("article"),
        buttons=tuple(payload.get("buttons") or ()),
        attachments=tuple(payload.get("attachments") or ()),
    )
