"""What a turn writes: its message as it comes in, and its outcome. As few statements as may be, each built once.

A statement costs the gateway more than the database: building and compiling it, handing it over, making objects of what comes back. So the
row of the conversation is taken, counted up and claimed by one UPDATE, which locks it until the transaction ends.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, Table, bindparam, case, exists, func, insert, select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.message import Incoming, Reply
from gateway.models import OPEN, Conversation, Message, Proof
from gateway.proof import has_proof, touch
from gateway.transcript import ANSWERED, RECEIVED, close_turn, message_by_id
from monitoring import request_id

# As tables: what the object layer does for each statement costs as much again.
_TALK = cast(Table, Conversation.__table__)
_MESSAGE = cast(Table, Message.__table__)


@dataclasses.dataclass(frozen=True)
class Recorded:
    """A message as it stands in the transcript, and its conversation; `new` where it did not stand there before.

    `proof`: what its customer has proved, as far as the channel goes. `first`: nothing that came before it is open.
    """

    message: Message
    conversation: Conversation
    new: bool
    proof: Proof | None = None
    first: bool = False


@dataclasses.dataclass(frozen=True)
class Closing:
    """The outcome of a turn, to be written. `since`: what is older than that counts as open no more."""

    state: str
    language: str
    replies: Sequence[Reply]
    understood: dict[str, Any] | None
    now: datetime.datetime
    since: datetime.datetime


class AlreadyClosed(Exception):
    """Another worker has closed the turn: nothing of this one may be kept."""


def _open(*narrow: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a message of the conversation is open."""
    return exists(select(1).where(_MESSAGE.c.conversation == bindparam("talk"), OPEN, *narrow)).correlate(None)


_KNOWN = exists(
    select(1).where(_MESSAGE.c.conversation == bindparam("talk"), _MESSAGE.c.message_id == bindparam("given_id"))
).correlate(None)
_TAKE = (
    update(_TALK)
    .where(_TALK.c.id == bindparam("talk"), ~_KNOWN)
    .values(
        last_sequence=_TALK.c.last_sequence + 1,
        active_at=bindparam("at", type_=_TALK.c.active_at.type),
        channel=func.coalesce(bindparam("by", type_=_TALK.c.channel.type), _TALK.c.channel),
        gateway=func.coalesce(_TALK.c.gateway, bindparam("claimant", type_=_TALK.c.gateway.type)),
    )
    .returning(*_TALK.c, _open())
)
_LATER = _open(
    _MESSAGE.c.sequence > bindparam("after"), _MESSAGE.c.at >= bindparam("since", type_=_MESSAGE.c.at.type)
)  # than the last that is answered now
_ANSWER = (
    update(_TALK)
    .where(_TALK.c.id == bindparam("talk"))
    .values(
        language=bindparam("spoken", type_=_TALK.c.language.type),
        # Somebody may have taken it while the assistant was thinking: it must not talk over them.
        last_sequence=_TALK.c.last_sequence + case((_TALK.c.handled_by == "agent", 0), else_=bindparam("replies")),
        # Nothing is left to answer: whoever hears the next message first may take it.
        gateway=case((_LATER, _TALK.c.gateway), else_=None),
    )
    .returning(*_TALK.c)
)
_ANSWER_CLAIMED = _ANSWER.where(_TALK.c.gateway == bindparam("claimant"))
_CLOSE = (
    update(_MESSAGE)
    .where(_MESSAGE.c.id == bindparam("message"), _MESSAGE.c.state == RECEIVED)
    .values(
        state=bindparam("outcome"),
        language=bindparam("spoken", type_=_MESSAGE.c.language.type),
        understood=bindparam("meant", type_=_MESSAGE.c.understood.type),
    )
    .returning(_LATER)
)
_RELEASE = update(_TALK).where(_TALK.c.id == bindparam("talk")).values(gateway=None)
_LINE = insert(_MESSAGE).returning(_MESSAGE.c.id)


async def record(
    session: AsyncSession,
    incoming: Incoming,
    payload: dict[str, Any] | None = None,
    *,
    gateway: str | None = None,
    answered_in: str | None = None,
) -> Recorded:
    """Puts a customer's message into the transcript; a repeat of a message id finds the first.

    Its customer is active: the idle time of what is proved starts again. `gateway`: the name of who claims the conversation, if nobody has.
    `answered_in`: the language of a message that needs no turn.

    Raises NoResultFound for a conversation that is not there, IntegrityError where another gateway was faster with the same id: begin
    again, and it is found.
    """
    talk = incoming.conversation
    await session.flush()  # a conversation that begins with this message
    asked = {"talk": talk, "given_id": incoming.message_id, "at": incoming.at}
    row = await _first(session, _TAKE, {**asked, "by": incoming.channel or None, "claimant": gateway})
    if row is None:
        known = await message_by_id(session, talk, incoming.message_id)
        if known is None:
            raise NoResultFound(talk)
        return Recorded(known, await session.get_one(Conversation, talk), new=False)
    *columns, others = row
    conversation = _conversation(columns)
    proof = await touch(session, talk, incoming.at, conversation.channel) if conversation.proved else None
    message = await _put(
        session,
        conversation=talk,
        sequence=conversation.last_sequence,
        author="customer",
        message_id=incoming.message_id,
        text=incoming.text,
        payload={**(payload or {}), "request": request_id.current()},
        private=proof is not None,
        channel=conversation.channel,
        language=answered_in,
        state=ANSWERED if answered_in else RECEIVED,
        at=incoming.at,
    )
    return Recorded(message, conversation, new=True, proof=proof, first=not others)


async def close(
    session: AsyncSession, messages: Sequence[Message], closing: Closing, gateway: str | None
) -> tuple[Conversation, list[Message], bool] | None:
    """Writes the outcome of a turn: the conversation, the replies as lines, and whether more messages are open.

    `messages`: what it answers, the last one by the replies. `gateway`: who must have the conversation's claim, where there are several.
    None where another has it. Raises AlreadyClosed; then the transaction must be undone.
    """
    last = messages[-1]
    asked = {"talk": last.conversation, "after": last.sequence, "since": closing.since}
    taken = {"spoken": closing.language, "replies": len(closing.replies), "claimant": gateway}
    row = await _first(session, _ANSWER_CLAIMED if gateway else _ANSWER, {**asked, **taken})
    if row is None:
        return None
    conversation = _conversation(row)
    for one in messages[:-1]:
        await close_turn(session, one, closing.state, closing.language, None)
    # Asked anew, now that the row is locked: a message may have come while this waited for the lock.
    closed = {
        "message": last.id,
        "outcome": closing.state,
        "spoken": closing.language,
        "meant": closing.understood,
    }
    more = await session.scalar(_CLOSE, {**asked, **closed})
    if more is None:
        raise AlreadyClosed
    if not more and conversation.gateway:
        await session.execute(_RELEASE, {"talk": conversation.id})
        conversation.gateway = None
    return conversation, await _say(session, conversation, last, closing), bool(more)


async def _say(session: AsyncSession, talk: Conversation, message: Message, closing: Closing) -> list[Message]:
    replies = [] if talk.handled_by == "agent" else closing.replies
    if not replies:
        return []
    channel = message.channel or talk.channel
    private = talk.proved and await has_proof(session, talk.id, closing.now, channel)
    before = talk.last_sequence - len(replies)
    return [
        await _put(
            session,
            conversation=talk.id,
            sequence=before + number,
            author="assistant",
            text=reply.text,
            payload=reply.as_payload(),
            language=closing.language,
            answers=message.id,
            private=private,
            at=closing.now,
        )
        for number, reply in enumerate(replies, 1)
    ]


async def _first(session: AsyncSession, statement: Executable, values: dict[str, Any]) -> Sequence[Any] | None:
    """The row that an UPDATE gives back, None where it found none."""
    found: Sequence[Any] | None = await session.run_sync(lambda inner: inner.execute(statement, values).first())
    return found


def _conversation(columns: Sequence[Any]) -> Conversation:
    """The row as an object that is no part of the session."""
    return Conversation(**dict(zip(_TALK.c.keys(), columns, strict=True)))


async def _put(session: AsyncSession, **values: Any) -> Message:
    """A new line of the transcript; the object is no part of the session."""
    number = await session.scalar(_LINE, values)
    return Message(id=number, **values)
