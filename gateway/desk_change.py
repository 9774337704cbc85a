"""What the desk does to a conversation in one transaction: the row, locked, and a way to say lines in it."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from gateway import transcript
from gateway.message import Reply
from gateway.models import Conversation, Message


class DeskChange:
    """`talk` is the conversation as it stands now; nobody else changes it until the transaction ends."""

    def __init__(self, session: AsyncSession, talk: Conversation, now: datetime.datetime) -> None:
        self.session = session
        self.talk = talk
        self.now = now
        self.lines: list[Message] = []

    @property
    def language(self) -> str:
        """The language of the conversation; French where it is not known yet."""
        return self.talk.language or "fr"

    async def say(
        self,
        author: str,
        text: str,
        *,
        message_id: str | None = None,
        buttons: tuple[dict[str, str], ...] = (),
        **more: Any,
    ) -> Message | None:
        """A line to the customer. None where one with this `message_id` was said before: a form that was sent twice says it once.

        `more` goes into the line's payload, for the desk only.
        """
        if message_id and await transcript.message_by_id(self.session, self.talk.id, message_id):
            return None
        reply = Reply(text, buttons=buttons)
        line = await transcript.say(
            self.session, None, self.talk.id, author, self.language, reply, self.now, message_id=message_id
        )
        line.payload = {**line.payload, **more}
        self.lines.append(line)
        return line
