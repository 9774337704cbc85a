"""Texts that come in, from whichever provider: found or begun conversation, keywords, limits, then a turn like any other.

A text is recorded under its provider's id before it is acknowledged, so that it is one however often it is handed over. What orders the
channel itself (STOP, HELP, the rest of a long text) is answered here, at once; the assistant never sees it.
"""

from __future__ import annotations

import datetime
import logging
import unicodedata
from collections.abc import Callable
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import transcript, turn_rows
from gateway.conversation import Conversations
from gateway.database import Sessions, take_turns
from gateway.intake import Taken
from gateway.message import Incoming, IncomingText, Reply
from gateway.models import Conversation, Message, SmsReceived, SmsThread
from gateway.outbox import KEYWORD, TEXT
from gateway.sentences import Sentences
from gateway.sms_consent import KEYWORD as BY_KEYWORD
from gateway.sms_consent import choose, is_out
from gateway.sms_fold import fold
from gateway.sms_keywords import HELP, MORE, START, STOP, Keyword, answer_to, keyword_in, may_be_keyword
from gateway.sms_numbers import SERVICE, Numbers, as_number
from gateway.sms_settings import SmsSettings
from gateway.sms_talk import SMS, SmsTalk
from knowledge import Brand, Shelf

log = logging.getLogger(__name__)

PHOTO, NOTHING = "[photo]", "[…]"  # what stands in the transcript for a text without words
BY_PROVIDER = {STOP, START, HELP}


class SmsInbox:
    """Takes texts in. `hear` returning is the acknowledgement."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        conversations: Conversations,
        talk: SmsTalk,
        numbers: Numbers,
        shelf: Shelf,
        sentences: Sentences,
        settings: SmsSettings,
        characters: int,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._conversations = conversations
        self._talk = talk
        self._numbers = numbers
        self._shelf = shelf
        self._sentences = sentences
        self._settings = settings
        self._characters = characters
        self._now = now

    async def hear(self, text: IncomingText) -> None:
        """Records a text and starts its turn, or answers what needs none. Raises Problem where the number is nobody’s."""
        self._shelf.refresh()
        brand = self._shelf.brands[self._numbers.brand_of(as_number(text.number), text.service)]
        customer = as_number(text.customer)
        if not self._numbers.allowed(customer):
            log.warning("a text from %s… was refused: not of a country that is allowed", customer[:3])
            return
        words = _readable(text.text)[: self._characters]
        lines: list[Message] = []
        taken: Taken | None = None
        # One short transaction: the provider waits for it, and all others that write wait for each other.
        async with self._sessions.begin(first=True, brief=True) as session:
            number = as_number(text.number)
            await take_turns(session, f"sms:{number}:{customer}")
            known = await session.get(SmsReceived, text.id)
            if known:  # handed over again
                if known.conversation is None:
                    return
                talk = await session.get_one(Conversation, known.conversation)
                if words:
                    taken = await self._turn(session, talk, words, text.id)
            else:
                thread, talk = await self._thread(session, brand, number, customer)
                received = SmsReceived(key=text.id, thread=thread.id, conversation=talk.id, at=self._now())
                session.add(received)
                keyword = await self._keyword(session, thread, talk, brand, words, text.answered)
                if keyword:
                    lines = await self._order(session, thread, talk, brand, keyword, words, text)
                elif await self._too_many(session, thread, brand):
                    received.conversation = None
                    await self._refuse(session, thread, talk, brand)
                else:
                    if not words or text.media:
                        lines = await self._no_words(session, thread, talk, words, text)
                    if words:
                        taken = await self._turn(session, talk, words, text.id)
        if lines:
            await self._conversations.tell(talk, lines)
        if taken:
            await self._conversations.intake.recorded(taken)
        else:
            self._talk.wake()

    async def _turn(self, session: AsyncSession, talk: Conversation, words: str, key: str) -> Taken:
        return await self._conversations.intake.record(session, Incoming(talk.id, words, key, self._now(), SMS))

    async def _thread(
        self, session: AsyncSession, brand: Brand, number: str, customer: str
    ) -> tuple[SmsThread, Conversation]:
        """The thread and the conversation that runs in it; a new one where the last rested for long, or was closed."""
        now = self._now()
        own = select(SmsThread).where(SmsThread.customer == customer).with_for_update()
        thread = await session.scalar(own.where(SmsThread.number == number))
        if thread is None and not self._numbers.is_fixed(brand.id):
            # We wrote first, from a number that only the provider knew.
            unknown = or_(SmsThread.number == "", SmsThread.number.startswith(SERVICE))
            thread = await session.scalar(own.where(SmsThread.brand == brand.id, unknown).limit(1))
            if thread:
                thread.number = number
        talk = await session.get_one(Conversation, thread.conversation) if thread else None
        rest = datetime.timedelta(hours=self._settings.rest_h)
        if thread is None or talk is None:
            talk, _ = transcript.new_conversation(session, brand.id, SMS, None, now)
            await session.flush()  # before the thread that names it
            thread = SmsThread(
                brand=brand.id,
                number=number,
                customer=customer,
                conversation=talk.id,
                more="",
                choices=[],
                heard_at=now,
            )
            session.add(thread)
            await session.flush()
        elif talk.handled_by == "assistant" and (
            # Closed since; one that was closed before it went on by text goes on.
            (talk.resolved_at and talk.resolved_at >= thread.heard_at)
            or max(talk.active_at, thread.heard_at) < now - rest
        ):
            talk, _ = transcript.new_conversation(session, brand.id, SMS, talk.language, now)
            await session.flush()
            thread.conversation, thread.more, thread.choices = talk.id, "", []
        thread.heard_at = now
        return thread, talk

    async def _keyword(
        self, session: AsyncSession, thread: SmsThread, talk: Conversation, brand: Brand, words: str, answered: str
    ) -> Keyword | None:
        if answered in BY_PROVIDER:
            return Keyword(answered, None)
        if not may_be_keyword(words, brand):  # as most texts
            return None
        state = {
            "stopped": await is_out(session, brand.id, thread.customer),
            "kept": bool(thread.more),
            "asked": bool(thread.choices or await transcript.asked_for(session, talk.id)),
        }
        return keyword_in(words, brand, state={name for name, holds in state.items() if holds})

    async def _order(
        self,
        session: AsyncSession,
        thread: SmsThread,
        talk: Conversation,
        brand: Brand,
        keyword: Keyword,
        words: str,
        text: IncomingText,
    ) -> list[Message]:
        language = keyword.language or talk.language or "fr"
        message = await self._record(session, talk, words or NOTHING, text.id, language)
        if keyword.does == MORE:
            await self._talk.send_more(session, thread, f"more:{text.id}", language)
            return [message]
        if keyword.does in (STOP, START):
            stops = keyword.does == STOP
            choose(session, brand.id, thread.customer, out=stops, source=BY_KEYWORD, word=words, now=self._now())
            if stops and talk.home:  # what is said from now on is for the page
                talk.channel = talk.home
        if text.answered:  # the provider has said it already
            return [message]
        # Help is for who wants texts: after STOP nothing goes out but what confirms it.
        letter = TEXT if keyword.does == HELP else KEYWORD
        answer = answer_to(keyword.does, brand, language)
        return [
            message,
            await self._say(session, thread, talk, message, language, answer, f"keyword:{text.id}", letter),
        ]

    async def _no_words(
        self, session: AsyncSession, thread: SmsThread, talk: Conversation, words: str, text: IncomingText
    ) -> list[Message]:
        """A photo or an empty text gets a sentence; where there are words beside a photo, they get their turn as well."""
        language = talk.language or "fr"
        message = (
            None if words else await self._record(session, talk, PHOTO if text.media else NOTHING, text.id, language)
        )
        sentence = self._sentences.say("sms_photo" if text.media else "sms_empty", language)
        line = await self._say(session, thread, talk, message, language, sentence, f"photo:{text.id}")
        return [message, line] if message else [line]

    async def _too_many(self, session: AsyncSession, thread: SmsThread, brand: Brand) -> bool:
        count = await session.scalar(
            select(func.count())
            .select_from(SmsReceived)
            .where(SmsReceived.thread == thread.id, SmsReceived.at >= start_of_day(brand, self._now()))
        )
        return (count or 0) > self._settings.messages_a_day

    async def _refuse(self, session: AsyncSession, thread: SmsThread, talk: Conversation, brand: Brand) -> None:
        """Says once a day that it is too much; after that nothing."""
        log.warning("a text of thread %d was refused: more than %d a day", thread.id, self._settings.messages_a_day)
        if thread.refused_at and thread.refused_at >= start_of_day(brand, self._now()):
            return
        thread.refused_at = self._now()
        language, phone = talk.language or "fr", brand.contact.get("phone")
        name = "sms_too_many_phone" if phone else "sms_too_many"
        sentence = fold(self._sentences.say(name, language, phone=phone or ""), brand.sms.fold_accents)
        key = f"too-many:{thread.id}:{self._now():%Y%m%d%H%M}"
        self._talk.put(session, thread, key, language, sentence, None)

    async def _record(self, session: AsyncSession, talk: Conversation, words: str, key: str, language: str) -> Message:
        """A customer's line that needs no turn: it is answered already."""
        incoming = Incoming(talk.id, words, key, self._now(), SMS)
        message = (await turn_rows.record(session, incoming, answered_in=language)).message
        await session.refresh(talk)
        return message

    async def _say(
        self,
        session: AsyncSession,
        thread: SmsThread,
        talk: Conversation,
        message: Message | None,
        language: str,
        sentence: str,
        key: str,
        letter: str = TEXT,
    ) -> Message:
        line = await transcript.say(session, message, talk.id, "assistant", language, Reply(sentence), self._now())
        text = fold(sentence, self._shelf.brands[talk.brand].sms.fold_accents)
        self._talk.put(session, thread, key, language, text, line.id, letter)
        return line


def start_of_day(brand: Brand, now: datetime.datetime) -> datetime.datetime:
    """When the brand's day began."""
    zone = ZoneInfo(brand.hours["time_zone"])
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _readable(text: str) -> str:
    """The words of a text: no control characters, and nothing that no database takes."""
    kept = (one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    return "".join(kept).strip()
