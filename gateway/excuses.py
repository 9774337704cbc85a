"""What a customer is told where there is no answer: it comes later, or something behind is broken."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from gateway.health import Health
from gateway.message import Reply
from gateway.models import Conversation, Message
from gateway.sentences import Sentences
from knowledge import Shelf


class Excuses:
    """Sentences of `data/sentences.yml`."""

    def __init__(
        self, shelf: Shelf, sentences: Sentences, health: Health, now: Callable[[], datetime.datetime]
    ) -> None:
        self._shelf = shelf
        self._sentences = sentences
        self._health = health
        self._now = now

    def apology(self, brand: str, language: str) -> Reply:
        """In place of an answer that could not be given, with the brand's phone where it has one."""
        phone = self._shelf.brands[brand].contact.get("phone")
        return Reply(self._sentences.say("broken_phone" if phone else "broken", language, phone=phone or ""))

    def notice(self, conversation: Conversation, message: Message, language: str) -> Message:
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
