"""Queries on conversations and their transcript. Each takes a session; none commits."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.message import Incoming, Reply
from gateway.models import Conversation, Message

RECEIVED, ANSWERED, FAILED = "received", "answered", "failed"
LINES_OF_A_TURN = 8  # more than any turn says: its last line tells what it asked for


def new_conversation(
    session: AsyncSession, brand: str, channel: str, language: str | None, now: datetime.datetime
) -> tuple[Conversation, str]:
    """A new conversation and its token, which is kept nowhere but with the customer."""
    token = secrets.token_urlsafe(24)
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


def hash_token(token: str) -> str:
    """What is stored of a token: 192 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


async def conversation_of(session: AsyncSession, conversation: str, token: str) -> Conversation | None:
    """The conversation whose token this is; None for any other token, and for an unknown conversation."""
    if not (conversation + token).isprintable():  # no id of ours, and PostgreSQL takes no NUL
        return None
    found = await session.get(Conversation, conversation)
    right = hmac.compare_digest(found.token_hash if found else hash_token("nobody"), hash_token(token))
    return found if found and right else None


async def next_sequence(session: AsyncSession, conversation: str) -> int:
    """The next number in the transcript; the row stays locked until the transaction ends."""
    done = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation)
        .values(last_sequence=Conversation.last_sequence + 1)
        .returning(Conversation.last_sequence)
    )
    return int(done.scalar_one())


async def record(session: AsyncSession, incoming: Incoming) -> tuple[Message, bool]:
    """The message as it stands in the transcript, and whether it is new. A repeat of a message id finds the first."""
    known = await message_by_id(session, incoming.conversation, incoming.message_id)
    if known:
        return known, False
    message = Message(
        conversation=incoming.conversation,
        sequence=await next_sequence(session, incoming.conversation),
        author="customer",
        message_id=incoming.message_id,
        text=incoming.text,
        payload={},
        state=RECEIVED,
        at=incoming.at,
    )
    try:
        async with session.begin_nested():
            session.add(message)
    except IntegrityError:  # another gateway was faster with the same id
        known = await message_by_id(session, incoming.conversation, incoming.message_id)
        if known is None:
            raise
        return known, False
    return message, True


async def message_by_id(session: AsyncSession, conversation: str, message_id: str) -> Message | None:
    """A customer's message by the id that its channel gave it."""
    return await session.scalar(
        select(Message).where(Message.conversation == conversation, Message.message_id == message_id)
    )


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
    line = Message(
        conversation=conversation,
        sequence=await next_sequence(session, conversation),
        author=author,
        message_id=message_id,
        text=reply.text,
        payload=reply.as_payload(),
        language=language,
        answers=message.id if message else None,
        at=now,
    )
    session.add(line)
    await session.flush()
    return line


async def lines_after(session: AsyncSession, conversation: str, sequence: int, limit: int = 200) -> list[Message]:
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
    rows = await session.scalars(
        select(Message.payload)
        .where(Message.conversation == conversation, Message.author == "assistant")
        .order_by(Message.sequence.desc())
        .limit(LINES_OF_A_TURN)
    )
    return next((str(payload["asks"]) for payload in rows if "asks" in payload), "")


async def answers_to(session: AsyncSession, message: Message) -> list[Message]:
    """The replies to a message, in order."""
    rows = await session.scalars(select(Message).where(Message.answers == message.id).order_by(Message.sequence))
    return list(rows)


async def unanswered(session: AsyncSession, since: datetime.datetime) -> list[tuple[str, int]]:
    """(conversation, message) of what was received and never answered: work left by a crash."""
    rows = await session.execute(
        select(Message.conversation, Message.id)
        .where(Message.state == RECEIVED, Message.at >= since)
        .order_by(Message.conversation, Message.sequence)
    )
    return [(conversation, message) for conversation, message in rows]


async def open_messages(session: AsyncSession, conversation: str) -> list[Message]:
    """What a conversation's customer wrote and nobody answered yet, oldest first."""
    rows = await session.scalars(
        select(Message)
        .where(Message.conversation == conversation, Message.state == RECEIVED)
        .order_by(Message.sequence)
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
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
