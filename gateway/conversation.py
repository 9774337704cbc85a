"""A turn, from the message that a channel verified to the replies: recorded, ordered, answered, recorded, sent.

One turn at a time per conversation, in the order of the transcript, whichever gateway heard the message (`gateway/order.py`). What was
acknowledged stands in the transcript before anybody is asked anything, so a crash between loses nothing: `gateway/turns.py` takes up what
was left. What goes wrong behind becomes a sentence.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime
import logging
import re
import time
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from sqlalchemy.exc import IntegrityError

from gateway import transcript
from gateway.admission import Admission
from gateway.database import Sessions
from gateway.desk_change import DeskChange
from gateway.excuses import Excuses
from gateway.health import Health
from gateway.identity import Identity
from gateway.masking import Masking
from gateway.message import Incoming, Reply, SessionOver
from gateway.models import Conversation, Message
from gateway.order import Order
from gateway.outcome import Answer, Outcome
from gateway.pins import Pins
from gateway.rasa_client import AssistantError, RasaClient, Turn
from gateway.redact import CARD_MARK
from gateway.sentences import Sentences
from gateway.session import shown
from gateway.sms_talk import SMS, SmsTalk
from gateway.transcript import Said
from gateway.turns import Turns
from gateway.wakes import NoWakes, Wakes
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
NOT_UNDERSTOOD: dict[str, Any] = {"intent": "out_of_scope", "article": None, "confidence": 1.0, "candidates": []}
PATIENCE_S = 7.5  # how long a channel that waits is kept waiting
AFTER_TURN_S = 3.0  # what follows a turn holds up the next message of the conversation no longer


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
        order: Order,
        admission: Admission,
        turn_s: float,
        masking: Masking,
        now: Clock,
        texts: SmsTalk,
        after_turn: AfterTurn | None = None,
    ) -> None:
        self._sessions = sessions
        self._assistant = assistant
        self._identity = identity
        self._detector = detector
        self._sentences = sentences
        self._excuses = Excuses(shelf, sentences, health, now)
        self._health = health
        self._pins = pins
        self._now = now
        self._texts = texts
        self._after_turn = after_turn
        self._order = order
        self._admission = admission
        self._turn_s = turn_s
        self._masking = masking
        self._arrivals: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self.turns = Turns(sessions=sessions, take=self._take_turn, left=self._left)
        self.wakes: Wakes = NoWakes()
        self.listeners: list[Listener] = []

    async def receive(self, incoming: Incoming) -> Message:
        """Records a message and starts its turn. Returning is the acknowledgement: from here on it is not lost.

        Raises SessionOver.
        """
        # One after the other: a database lets whom it likes go first, but a customer's messages keep their order.
        arrival = self._arrivals.setdefault(incoming.conversation, asyncio.Lock())
        async with arrival:
            try:
                message = await self._store(incoming)
            except IntegrityError:  # another gateway was faster with the same id
                message = await self._store(incoming)
        if message.state == transcript.RECEIVED:
            self.turns.start(message.conversation)
        return message

    async def _store(self, incoming: Incoming) -> Message:
        async with self._sessions.begin(first=True) as session:
            masked = await self._masking.mask(session, incoming)
            kept = dataclasses.replace(incoming, text=masked.text)
            message, new = await transcript.record(session, kept, masked.payload)
            conversation = await session.get_one(Conversation, incoming.conversation)
            if incoming.held not in (None, conversation.token_hash):
                raise SessionOver
            conversation.channel = incoming.channel or conversation.channel
            await self._identity.touch(session, incoming.conversation)
        if new and masked.pin:
            await self._pins.keep(incoming.conversation, masked.pin)
        if new:
            await self.tell(conversation, [message])
        return message

    async def answer(self, message: Message) -> Answer:
        """Waits for the replies to a message that was received; for a repeated id, those it got."""
        if message.state == transcript.RECEIVED:
            await self.turns.wait(message, PATIENCE_S)
        async with self._sessions() as session:
            message = await session.get_one(Message, message.id)
            conversation = await session.get_one(Conversation, message.conversation)
            lines = await transcript.answers_to(session, message)
            lines = await shown(session, self._identity.proved_account, self._sentences, conversation, lines)
        language = message.language or conversation.language or self._language(conversation, message.text)
        pending = message.state == transcript.RECEIVED
        if pending:
            lines = [self._excuses.notice(conversation, message, language)]
        token = self._identity.token_of(conversation, message.id)
        return Answer(conversation.id, language, conversation.handled_by, message.understood, lines, pending, token)

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
                await self._texts.carry(session, talk, change.lines)
            await self.tell(talk, change.lines)

    async def _left(self, limit: int) -> list[str]:
        async with self._sessions() as session:
            return await transcript.unanswered(session, self._since(), self._order.free(), limit)

    def _since(self) -> datetime.datetime:
        return self._now() - ANSWER_WITHIN

    async def _take_turn(self, conversation_id: str) -> bool:
        """Takes the next open turn of a conversation; whether more are open."""
        async with self._sessions.begin() as session:
            conversation = await self._order.claim(session, conversation_id)
            if conversation is None:
                return False  # the gateway that has it will see the message
            message = await transcript.next_open(session, conversation_id, self._since())
            if message is None:
                self._order.release(conversation)
                return False
            proved = await self._identity.told(session, conversation_id)
        said = Said([message], message.text)
        if conversation.channel == SMS:
            said = await self._texts.in_one_go(message, conversation)
        outcome = await self._outcome(conversation, said, proved) if said.messages else None
        if outcome is None:
            return False
        closed = await self._close(said, outcome)
        if closed is None:
            return False
        conversation, lines, more = closed
        await self.tell(conversation, lines)
        await self._follow(conversation_id)
        for one in said.messages:
            self.turns.closed(one.id)
        return more

    async def _outcome(self, conversation: Conversation, said: Said, proved: dict[str, str | None]) -> Outcome | None:
        """What is to be said; None where another gateway may be asking the same by now."""
        command = COMMAND.match(said.text)
        # A command's name is no word of a language; what follows an emoticon ("/ my line is down") is.
        language = self._language(conversation, "" if command else said.text)
        if said.silent:
            return Outcome(language, [])
        if refused := "command" if command else "card" if CARD_MARK in said.text else "":
            await self._forget_split(said)
            sentence = self._sentences.say(refused, language, conversation.channel)
            return Outcome(language, [Reply(sentence)], NOT_UNDERSTOOD)
        if conversation.handled_by == "agent":
            return Outcome(language, [])
        await self._health.until_ready()
        metadata = {
            "brand": conversation.brand,
            "language": language,
            "channel": conversation.channel,
            **proved,
        }
        # Nobody waits at a phone as at a page: many texts must not send away who does.
        async with self._texts.places if conversation.channel == SMS else contextlib.nullcontext():
            if not self._order.sure():
                return None  # this gateway was frozen, or cut off
            try:
                turn = await self._ask(said, metadata)
                return Outcome(language, turn.replies, turn.understood)
            except (AssistantError, TimeoutError) as error:
                log.warning("no answer from the assistant to message %s: %s", said.last.id, str(error) or "no place")
            except Exception:
                log.exception("message %s could not be asked about", said.last.id)
        return Outcome(language, [self._excuses.apology(conversation.brand, language)], state=transcript.FAILED)

    async def _forget_split(self, said: Said) -> None:
        """Rasa has seen the first part of a card number that this message ends: it forgets the conversation, where no form is under way."""
        if any(one.payload.get("split") for one in said.messages):
            try:
                await self._assistant.erase([said.last.conversation])
            except AssistantError as error:
                log.warning("the assistant did not forget the first part of a card number: %s", error)

    async def _close(self, said: Said, outcome: Outcome) -> tuple[Conversation, list[Message], bool] | None:
        """Records the outcome, once: the lines that were added, and whether more messages are open. None where another gateway has it."""
        lines: list[Message] = []
        async with self._sessions.begin() as session:
            conversation = await session.get_one(Conversation, said.last.conversation, with_for_update=True)
            if not self._order.holds(conversation):
                log.warning("message %s was taken over by another gateway", said.last.id)
                return None
            for one in said.messages[:-1]:
                await transcript.close_turn(session, one, outcome.state, outcome.language, None)
            if await transcript.close_turn(session, said.last, outcome.state, outcome.language, outcome.understood):
                conversation.language = outcome.language
                await self._identity.renew(session, conversation, said.last.id)
                # Somebody may have taken it while the assistant was thinking: it must not talk over them.
                replies = [] if conversation.handled_by == "agent" else outcome.replies
                lines = [
                    await transcript.say(
                        session, said.last, conversation.id, "assistant", outcome.language, reply, self._now()
                    )
                    for reply in replies
                ]
                await self._texts.carry(session, conversation, lines)
            more = await transcript.next_open(session, conversation.id, self._since()) is not None
            if not more:
                self._order.release(conversation)
        return conversation, lines, more

    async def _ask(self, said: Said, metadata: dict[str, Any]) -> Turn:
        """Raises AssistantError, and TimeoutError where the assistant has no place for it."""
        last = said.last
        async with self._admission.asking(self._turn_s) as seconds:
            began = time.monotonic()
            turn = await self._assistant.turn(last.conversation, said.meant, str(last.id), metadata, seconds)
            self._admission.answered(time.monotonic() - began)
            return turn

    async def tell(self, conversation: Conversation, lines: list[Message]) -> None:
        """Tells every listener of new lines; call it after the commit."""
        if not lines:
            return
        self.wakes.tell(conversation.id)
        if conversation.channel == SMS:
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
