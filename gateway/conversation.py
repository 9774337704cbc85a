"""A turn, from the message that a channel verified to the replies: recorded, ordered, answered, recorded, sent.

One turn at a time per conversation, in the order of the transcript, whichever gateway heard the message (`gateway/order.py`). What was
acknowledged stands in the transcript before anybody is asked anything, so a crash between loses nothing: `gateway/turns.py` takes up what
was left. What goes wrong behind becomes a sentence.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from gateway import transcript, turn_rows
from gateway.admission import Admission
from gateway.database import Sessions
from gateway.desk_change import DeskChange
from gateway.excuses import Excuses
from gateway.health import Health
from gateway.identity import Identity
from gateway.intake import Intake
from gateway.masking import Masking
from gateway.message import Incoming, Reply
from gateway.models import Conversation, Message
from gateway.order import Order
from gateway.outcome import Answer, Outcome
from gateway.pins import Pins
from gateway.proof import told_of, valid_proof
from gateway.rasa_client import AssistantError, RasaClient, Turn
from gateway.redact import CARD_MARK
from gateway.sentences import Sentences
from gateway.session import shown
from gateway.sms_talk import SMS, SmsTalk
from gateway.transcript import Said
from gateway.turn_rows import AlreadyClosed, Closing, Recorded
from gateway.turns import Turns
from gateway.wakes import NoWakes, Wakes
from knowledge import Shelf
from language import Detector
from monitoring import request_id, traces

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
        self._now = now
        self._texts = texts
        self._after_turn = after_turn
        self._order = order
        self._admission = admission
        self._turn_s = turn_s
        self.turns = Turns(sessions=sessions, take=self._take_turn, left=self._left)
        self.intake = Intake(
            sessions=sessions,
            masking=masking,
            pins=pins,
            turns=self.turns,
            order=order,
            admission=admission,
            tell=self.tell,
        )
        self.wakes: Wakes = NoWakes()
        self.listeners: list[Listener] = []

    async def receive(self, incoming: Incoming) -> Message:
        """Records a message and starts its turn (`gateway/intake.py`). Raises SessionOver."""
        return await self.intake.receive(incoming)

    async def answer(self, message: Message) -> Answer:
        """Waits for the replies to a message that was received; for a repeated id, those it got."""
        if message.state == transcript.RECEIVED:
            await self.turns.wait(message, PATIENCE_S)
        async with self._sessions.glance() as session:
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
        async with self.intake.arrival(conversation):
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

    async def _take_turn(self, conversation_id: str, opened: Recorded | None) -> bool:
        """Takes the next open turn of a conversation, which `opened` is where it is given; whether more are open."""
        opened = opened or await self._claim(conversation_id)
        if opened is None:
            self._admission.elsewhere(conversation_id)
            return False
        conversation, message = opened.conversation, opened.message
        channel = message.channel or conversation.channel
        proved = told_of(opened.proof, channel)
        request_id.begin(message.payload.get("request"))
        said = Said([message], message.text)
        if channel == SMS:
            said = await self._texts.in_one_go(message, conversation)
        told = {"channel": channel, **proved}
        outcome = await self._outcome(conversation, said, told) if said.messages else None
        closed = await self._close(said, outcome) if outcome else None
        if closed is None:
            self._admission.elsewhere(conversation_id)
            return False
        conversation, lines, more = closed
        await self.tell(conversation, lines)
        for one in said.messages:
            self._admission.closed(one.id)
        await self._follow(conversation_id)
        for one in said.messages:
            self.turns.closed(one.id)
        return more

    async def _claim(self, conversation_id: str) -> Recorded | None:
        """The next open message of a conversation, which is ours from now on; None where another gateway has it, or nothing is open."""
        async with self._sessions.begin(brief=True, name="claim") as session:
            conversation = await self._order.claim(session, conversation_id)
            if conversation is None:
                return None  # the gateway that has it will see the message
            message = await transcript.next_open(session, conversation_id, self._since())
            if message is None:
                self._order.release(conversation)
                return None
            channel = message.channel or conversation.channel
            proof = None
            if conversation.proved:
                proof = await valid_proof(session, conversation_id, self._now(), channel)
            return Recorded(message, conversation, new=False, proof=proof, first=True)

    async def _outcome(self, conversation: Conversation, said: Said, told: dict[str, str | None]) -> Outcome | None:
        """What is to be said; None where another gateway may be asking the same by now. `told`: the channel of the turn, what is proved."""
        command = COMMAND.match(said.text)
        # A command's name is no word of a language; what follows an emoticon ("/ my line is down") is.
        language = self._language(conversation, "" if command else said.text)
        if said.silent:
            return Outcome(language, [])
        if refused := "command" if command else "card" if CARD_MARK in said.text else "":
            await self._forget_split(said)
            sentence = self._sentences.say(refused, language, str(told["channel"]))
            return Outcome(language, [Reply(sentence)], NOT_UNDERSTOOD)
        if conversation.handled_by == "agent":
            return Outcome(language, [])
        await self._health.until_ready()
        metadata = {
            "brand": conversation.brand,
            "language": language,
            "texts": self._texts.writes(conversation.brand),
            **told,
        }
        # Nobody waits at a phone as at a page: many texts must not send away who does.
        async with self._texts.places if told["channel"] == SMS else contextlib.nullcontext():
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
        closing = Closing(
            outcome.state, outcome.language, outcome.replies, outcome.understood, self._now(), self._since()
        )
        try:
            async with self._sessions.begin(brief=True, name="close") as session:
                closed = await turn_rows.close(session, said.messages, closing, self._order.name)
                if closed is None:
                    log.warning("message %s was taken over by another gateway", said.last.id)
                    return None
                conversation, lines, more = closed
                if conversation.proved:
                    conversation = await session.get_one(Conversation, conversation.id)
                    await self._identity.renew(session, conversation, said.last.id)
                await self._texts.carry(session, conversation, lines)
        except AlreadyClosed:
            log.warning("message %s was answered by another gateway", said.last.id)
            async with self._sessions.glance() as session:
                return await session.get_one(Conversation, said.last.conversation), [], True
        return conversation, lines, more

    async def _ask(self, said: Said, metadata: dict[str, Any]) -> Turn:
        """Raises AssistantError, and TimeoutError where the assistant has no place for it."""
        last = said.last
        with traces.span("turn"):
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
        if conversation.channel == SMS and any(line.author != "customer" for line in lines):
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
