"""Queries on conversations and their transcript. Each takes a session; none commits."""

from __future__ import annotations

import dataclasses
import datetime
import secrets
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.message import Reply
from gateway.models import OPEN, Conversation, Message
from gateway.proof import has_proof
from gateway.session import hash_token, new_token

RECEIVED, ANSWERED, FAILED = "received", "answered", "failed"
LINES_AT_ONCE = 200  # of a transcript that is read
LINES_OF_A_TURN = 8  # more than any turn says: its last line tells what it asked for


# Asked at each turn, so built once.
_BY_ID = select(Message).where(Message.conversation == bindparam("talk"), Message.message_id == bindparam("given_id"))
_LAST_SAID = (
    select(Message.payload)
    .where(Message.conversation == bindparam("talk"), Message.author == "assistant")
    .order_by(Message.sequence.desc())
    .limit(LINES_OF_A_TURN)
)
_NEXT_OPEN = (
    select(Message)
    .where(Message.conversation == bindparam("talk"), OPEN, Message.at >= bindparam("since"))
    .order_by(Message.sequence)
    .limit(1)
)


@dataclasses.dataclass(frozen=True)
class Said:
    """What a turn answers: a message, or several that came in one go. `meant`: as the assistant is to read it.

    `silent`: nothing may be said to it.
    """

    messages: list[Message]
    meant: str
    silent: bool = False

    @property
    def last(self) -> Message:
        """The message that is answered."""
        return self.messages[-1]

    @property
    def text(self) -> str:
        """All that was written."""
        return "\n".join(one.text for one in self.messages)


def new_conversation(
    session: AsyncSession, brand: str, channel: str, language: str | None, now: datetime.datetime
) -> tuple[Conversation, str]:
    """A new conversation and its token, which is kept nowhere but with the customer."""
    token = new_token()
    conversation = Conversation(
        id=secrets.token_urlsafe(16),
        brand=brand,
        channel=channel,
        token_hash=hash_token(token),
        language=language,
        handled_by="assistant",
        last_sequence=0,
        created_at=now,
        active_at=now,
    )
    session.add(conversation)
    return conversation, token


async def next_sequence(session: AsyncSession, conversation: str) -> tuple[int, str]:
    """The next number in the transcript, and by what its customer wrote last; the row stays locked until the transaction ends."""
    done = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation)
        .values(last_sequence=Conversation.last_sequence + 1)
        .returning(Conversation.last_sequence, Conversation.channel)
        .execution_options(synchronize_session=False)
    )
    sequence, channel = done.one()
    return sequence, channel


async def message_by_id(session: AsyncSession, conversation: str, message_id: str) -> Message | None:
    """A customer's message by the id that its channel gave it."""
    found: Message | None = await session.scalar(_BY_ID, {"talk": conversation, "given_id": message_id})
    return found


async def say(
    session: AsyncSession,
    message: Message | None,
    conversation: str,
    author: str,
    language: str,
    reply: Reply,
    now: datetime.datetime,
    message_id: str | None = None,
) -> Message:
    """Puts a reply into the transcript, as the answer to `message` where there is one. `message_id`: where it must stand there once."""
    sequence, channel = await next_sequence(session, conversation)
    line = Message(
        conversation=conversation,
        sequence=sequence,
        author=author,
        message_id=message_id,
        text=reply.text,
        payload=reply.as_payload(),
        language=language,
        answers=message.id if message else None,
        private=await has_proof(session, conversation, now, (message and message.channel) or channel),
        at=now,
    )
    session.add(line)
    await session.flush()
    return line


async def lines_after(
    session: AsyncSession, conversation: str, sequence: int, limit: int = LINES_AT_ONCE
) -> list[Message]:
    """The transcript from the line after `sequence`, oldest first."""
    rows = await session.scalars(
        select(Message)
        .where(Message.conversation == conversation, Message.sequence > sequence)
        .order_by(Message.sequence)
        .limit(limit)
    )
    return list(rows)


async def asked_for(session: AsyncSession, conversation: str) -> str:
    """The field that the assistant last asked for; an apology or an agent's line in between asks for nothing else."""
    rows = await session.scalars(_LAST_SAID, {"talk": conversation})
    return next((str(payload["asks"]) for payload in rows if "asks" in payload), "")


async def answers_to(session: AsyncSession, message: Message) -> list[Message]:
    """The replies to a message, in order."""
    rows = await session.scalars(select(Message).where(Message.answers == message.id).order_by(Message.sequence))
    return list(rows)


async def next_open(session: AsyncSession, conversation: str, since: datetime.datetime) -> Message | None:
    """The first message of a conversation that was received and not answered yet."""
    found: Message | None = await session.scalar(_NEXT_OPEN, {"talk": conversation, "since": since})
    return found


async def unanswered(
    session: AsyncSession, since: datetime.datetime, which: ColumnElement[bool], limit: int
) -> list[str]:
    """Conversations (`which`) with messages that were received and never answered: work left by a crash. Those that wait longest first."""
    rows = await session.scalars(
        select(Message.conversation)
        .join(Conversation, Conversation.id == Message.conversation)
        .where(OPEN, Message.at >= since, which)
        .group_by(Message.conversation)
        .order_by(func.min(Message.id))
        .limit(limit)
    )
    return list(rows)


async def open_messages(session: AsyncSession, conversation: str) -> list[Message]:
    """What a conversation's customer wrote and nobody answered yet, oldest first."""
    rows = await session.scalars(
        select(Message).where(Message.conversation == conversation, OPEN).order_by(Message.sequence)
    )
    return list(rows)


async def close_turn(
    session: AsyncSession, message: Message, state: str, language: str, understood: dict[str, Any] | None
) -> bool:
    """Marks a message as answered or failed; False where another worker had done so already."""
    done = await session.execute(
        update(Message)
        .where(Message.id == message.id, Message.state == RECEIVED)
        .values(state=state, language=language, understood=understood)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
