"""A turn, from the message that a channel verified to the replies: recorded, ordered, answered, recorded, sent.

One turn at a time per conversation, in the order of arrival. What was acknowledged stands in the transcript before anybody is asked
anything, so a crash between loses nothing: `recover` answers what was left. What goes wrong behind becomes a sentence.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime
import logging
import re
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from gateway import transcript
from gateway.database import Sessions
from gateway.desk_change import DeskChange
from gateway.health import Health
from gateway.identity import Identity
from gateway.message import Incoming, Reply
from gateway.models import Conversation, Message
from gateway.pins import Pins
from gateway.rasa_client import AssistantError, RasaClient, Turn
from gateway.redact import CARD_MARK, mask_cards, mask_pin
from gateway.sentences import Sentences
from gateway.sms_talk import SMS, SmsTalk
from knowledge import Shelf
from language import Detector

log = logging.getLogger(__name__)

Clock = Callable[[], datetime.datetime]
Listener = Callable[[Conversation, list[Message]], Awaitable[None]]
AfterTurn = Callable[[str], Awaitable[object]]  # the conversation's id

ANSWER_WITHIN = datetime.timedelta(hours=12)  # after that an answer to an old message would only puzzle
# Text that starts with a slash forces an intent and sets slots in Rasa (full width, after blanks and invisible letters too). The channel
# takes slashes away; here the customer is told, and Rasa is not even asked.
COMMAND = re.compile(r"[\s\u200b-\u200f\u2060-\u2064\ufeff]*[/\\\uff0f\u2044\u2215\u29f8\ufe68\uff3c]\s*[^\W\d]")
RETRY_S = (1.0, 5.0, 20.0)  # a locked or restarting database; after that the next start takes the turn up
NOT_UNDERSTOOD: dict[str, Any] = {"intent": "out_of_scope", "article": None, "confidence": 1.0, "candidates": []}
PATIENCE_S = 7.5  # how long a channel that waits is kept waiting
AFTER_TURN_S = 3.0  # what follows a turn holds up the next message of the conversation no longer


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a channel hands back: the turn's outcome. `pending` where the answer will come later (the assistant starts)."""

    conversation: str
    language: str
    handled_by: str
    understood: dict[str, Any] | None
    lines: list[Message]
    pending: bool = False


class AnsweredElsewhere(Exception):
    """Another gateway was faster with a part of what was to be answered: what is left is looked at again."""


class Conversations:
    """Takes turns. A listener hears each new line of a transcript, once it is recorded (the web channel sends it on).

    `after_turn` is called once a turn is closed and its replies are out; when it fails, the turn stays what it is.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        assistant: RasaClient,
        identity: Identity,
        detector: Detector,
        shelf: Shelf,
        sentences: Sentences,
        health: Health,
        pins: Pins,
        now: Clock,
        texts: SmsTalk | None = None,
        after_turn: AfterTurn | None = None,
    ) -> None:
        self._sessions = sessions
        self._assistant = assistant
        self._identity = identity
        self._detector = detector
        self._shelf = shelf
        self._sentences = sentences
        self._health = health
        self._pins = pins
        self._now = now
        self._texts = texts
        self._after_turn = after_turn
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._arrivals: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._turns: dict[int, asyncio.Task[None]] = {}
        self.listeners: list[Listener] = []

    async def receive(self, incoming: Incoming) -> Message:
        """Records a message and starts its turn. Returning is the acknowledgement: from here on it is not lost."""
        incoming = dataclasses.replace(incoming, text=mask_cards(incoming.text))
        # One after the other: a database lets whom it likes go first, but a customer's messages keep their order.
        arrival = self._arrivals.setdefault(incoming.conversation, asyncio.Lock())
        async with arrival:
            async with self._sessions.begin() as session:
                asked = await transcript.asked_for(session, incoming.conversation)
                text, pin = mask_pin(incoming.text, asked == "pin")
                message, new = await transcript.record(session, dataclasses.replace(incoming, text=text))
                conversation = await session.get_one(Conversation, incoming.conversation)
                conversation.active_at = incoming.at
                conversation.channel = incoming.channel or conversation.channel
                await self._identity.touch(session, incoming.conversation)
            if new and pin:
                self._pins.keep(incoming.conversation, pin)
            if new:
                await self.tell(conversation, [message])
            self._start(message)
        return message

    async def answer(self, incoming: Incoming) -> Answer:
        """Records a message and waits for its replies; for a repeated id, the replies it got."""
        message = await self.receive(incoming)
        task = self._turns.get(message.id)
        if task:
            await asyncio.wait({task}, timeout=PATIENCE_S)
        async with self._sessions() as session:
            message = await session.get_one(Message, message.id)
            conversation = await session.get_one(Conversation, incoming.conversation)
            lines = await transcript.answers_to(session, message)
        language = message.language or conversation.language or self._language(conversation, message.text)
        pending = message.state == transcript.RECEIVED
        if pending:
            lines = [self._notice(conversation, message, language)]
        return Answer(conversation.id, language, conversation.handled_by, message.understood, lines, pending)

    @contextlib.asynccontextmanager
    async def at_desk(self, conversation: str) -> AsyncIterator[DeskChange]:
        """One transaction of the desk on a conversation; what is said in it reaches the listeners once it is committed.

        Raises NoResultFound for a conversation that is not there.
        """
        # With the customer's arrivals, not with the turns: an agent does not wait until the assistant has thought.
        arrival = self._arrivals.setdefault(conversation, asyncio.Lock())
        async with arrival:
            async with self._sessions.begin() as session:
                talk = await session.get_one(Conversation, conversation, with_for_update=True)
                change = DeskChange(session, talk, self._now())
                yield change
                await self._carry(session, talk, change.lines)
            await self.tell(talk, change.lines)

    async def recover(self) -> int:
        """Starts the turns that a stop or a crash left open. How many."""
        async with self._sessions() as session:
            left = await transcript.unanswered(session, self._now() - ANSWER_WITHIN)
            messages = [await session.get_one(Message, message) for _, message in left]
        for message in messages:
            self._start(message)
        return len(messages)

    async def drain(self, seconds: float) -> None:
        """Waits for the turns under way; those that do not end stay open in the transcript."""
        tasks = list(self._turns.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()

    def _start(self, message: Message) -> None:
        if message.state == transcript.RECEIVED and message.id not in self._turns:
            # The lock is asked for in the order of arrival: asyncio's locks are fair.
            task = asyncio.create_task(self._turn(message.conversation, message.id))
            self._turns[message.id] = task
            task.add_done_callback(lambda _: self._turns.pop(message.id, None))

    async def _turn(self, conversation_id: str, message_id: int) -> None:
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            for pause in (*RETRY_S, None):
                try:
                    await self._take_turn(message_id)
                    return
                except AnsweredElsewhere:
                    continue
                except Exception:
                    log.exception("turn %s was not finished; it stays open", message_id)
                if pause is not None:
                    await asyncio.sleep(pause)

    async def _take_turn(self, message_id: int) -> None:
        """Answers a message, with those that came in one go with it. Raises AnsweredElsewhere."""
        async with self._sessions() as session:
            message = await session.get_one(Message, message_id)
            conversation = await session.get_one(Conversation, message.conversation)
            proved = await self._identity.proved_account(session, conversation.id)
        if message.state != transcript.RECEIVED:
            return
        messages, meant, silent = [message], message.text, False
        if self._texts is not None and conversation.channel == SMS:
            messages, meant, silent = await self._texts.in_one_go(message, conversation)
            if not messages:
                return
        message, text = messages[-1], "\n".join(one.text for one in messages)
        command = COMMAND.match(text)
        # A command's name is no word of a language; what follows an emoticon ("/ my line is down") is.
        decision = self._detector.decide("" if command else text, conversation.language)
        understood = None
        replies: list[Reply] = []
        state = transcript.ANSWERED
        if silent:
            pass  # the customer wants no texts: what they write is kept, and read by whoever has the conversation
        elif command:
            replies, understood = [Reply(self._sentences.say("command", decision.language))], NOT_UNDERSTOOD
        elif CARD_MARK in text:
            replies, understood = [Reply(self._sentences.say("card", decision.language))], NOT_UNDERSTOOD
        elif conversation.handled_by != "agent":
            await self._until_ready()
            metadata = {
                "brand": conversation.brand,
                "language": decision.language,
                "channel": conversation.channel,
                "identity": "verified" if proved else "none",
                "account_ending": proved[-4:] if proved else None,
            }
            try:
                turn: Turn = await self._assistant.turn(conversation.id, meant, str(message.id), metadata)
                understood, replies = turn.understood, turn.replies
            except AssistantError as error:
                log.warning("no answer from the assistant to message %s: %s", message.id, error)
                replies, state = [self._apology(conversation.brand, decision.language)], transcript.FAILED
        async with self._sessions.begin() as session:
            for one in messages:
                known = understood if one is message else None
                if not await transcript.close_turn(session, one, state, decision.language, known):
                    raise AnsweredElsewhere
            conversation = await session.get_one(Conversation, conversation.id, with_for_update=True)
            conversation.language = decision.language
            if conversation.handled_by == "agent":
                replies = []  # somebody took it while the assistant was thinking: it must not talk over them
            lines = await self._record(session, message, decision.language, replies)
            await self._carry(session, conversation, lines)
        await self.tell(conversation, lines)
        await self._follow(conversation.id)

    async def _carry(self, session: AsyncSession, conversation: Conversation, lines: list[Message]) -> None:
        """To the customer's phone, in the transaction of the lines, where the conversation goes there."""
        if self._texts is not None and conversation.channel == SMS:
            await self._texts.carry(session, conversation, lines)

    async def _record(
        self, session: AsyncSession, message: Message, language: str, replies: list[Reply]
    ) -> list[Message]:
        return [
            await transcript.say(session, message, message.conversation, "assistant", language, reply, self._now())
            for reply in replies
        ]

    async def _until_ready(self) -> None:
        while self._health.starting() and not self._health.ready():
            await asyncio.sleep(0.2)

    async def tell(self, conversation: Conversation, lines: list[Message]) -> None:
        """Tells every listener of new lines; call it after the commit."""
        if self._texts is not None and conversation.channel == SMS:
            self._texts.wake()
        for listener in self.listeners:
            try:
                await listener(conversation, lines)
            except Exception:
                log.exception("a listener failed; the lines stay in the transcript")

    async def _follow(self, conversation: str) -> None:
        if self._after_turn is None:
            return
        try:
            async with asyncio.timeout(AFTER_TURN_S):
                await self._after_turn(conversation)
        except Exception:
            log.exception("what follows a turn of %s failed; the turn is taken", conversation)

    def _language(self, conversation: Conversation, text: str) -> str:
        return self._detector.decide(text, conversation.language).language

    def _apology(self, brand: str, language: str) -> Reply:
        phone = self._shelf.brands[brand].contact.get("phone")
        return Reply(self._sentences.say("broken_phone" if phone else "broken", language, phone=phone or ""))

    def _notice(self, conversation: Conversation, message: Message, language: str) -> Message:
        """What a waiting channel is told when the answer comes later; not part of the transcript."""
        name = "starting" if self._health.starting() else "broken"
        reply = Reply(self._sentences.say(name, language))
        return Message(
            conversation=conversation.id,
            sequence=message.sequence,
            author="system",
            text=reply.text,
            payload=reply.as_payload(),
            language=language,
            at=self._now(),
        )
