"""What a proof of identity counts for, and for how long: 15 minutes without a message, 60 in all.

Why it depends on the channel: docs/decisions/0017-continue-by-text.md.
"""

from __future__ import annotations

import datetime

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.models import Conversation, Message, Proof

IDLE = datetime.timedelta(minutes=15)
WHOLE = datetime.timedelta(minutes=60)
SMS = "sms"
VERIFIED, READING, NONE = "verified", "reading", "none"


def lasts(now: datetime.datetime) -> ColumnElement[bool]:
    """The condition of a proof that counts at this moment."""
    return and_(Proof.used_at > now - IDLE, Proof.verified_at > now - WHOLE)


def worth(proof: Proof, channel: str) -> str:
    """What a proof that lasts counts for by a channel: VERIFIED, enough for READING, or NONE."""
    if proof.channel in (None, channel):
        return READING if proof.reading else VERIFIED
    # Given on a page, used by text: whoever forges the sender changes nothing, and the answer goes to the customer's phone. Given by text,
    # used on the page: who else has that page, the phone does not know.
    return READING if channel == SMS else NONE


def told_of(proof: Proof | None, channel: str) -> dict[str, str | None]:
    """What the assistant is told of a proof: "verified", enough for "reading", or "none", and the account's last digits."""
    if proof is None:
        return {"identity": NONE, "account_ending": None}
    return {"identity": worth(proof, channel), "account_ending": proof.account[-4:]}


async def valid_proof(session: AsyncSession, conversation: str, now: datetime.datetime, channel: str) -> Proof | None:
    """The conversation's proof, where it counts for something by this channel at this moment."""
    proof: Proof | None = await session.scalar(select(Proof).where(Proof.conversation == conversation, lasts(now)))
    return proof if proof and worth(proof, channel) != NONE else None


async def has_proof(session: AsyncSession, conversation: str, now: datetime.datetime, channel: str) -> bool:
    """Whether the conversation has proved who its customer is, as far as this channel goes, at this moment."""
    return await valid_proof(session, conversation, now, channel) is not None


async def touch(session: AsyncSession, conversation: str, now: datetime.datetime, channel: str) -> Proof | None:
    """The customer is active: the idle time starts again; an ended proof does not come back. The one that counts by the channel."""
    found: Proof | None = await session.scalar(
        update(Proof).where(Proof.conversation == conversation, lasts(now)).values(used_at=now).returning(Proof),
        execution_options={"populate_existing": True},
    )
    return found if found and worth(found, channel) != NONE else None


async def channel_of_turn(session: AsyncSession, conversation: str) -> str:
    """By which the message came whose turn it is, the first that is not answered; where none is open, by which its customer wrote last."""
    open_one = (
        select(Message.channel)
        .where(Message.conversation == conversation, Message.state == "received")
        .order_by(Message.sequence)
        .limit(1)
    )
    now = select(Conversation.channel).where(Conversation.id == conversation)
    return str(await session.scalar(open_one) or await session.scalar(now) or "")


def page_of(conversation: Conversation) -> str:
    """The channel of whoever has the conversation's token: a page or a program, also while its customer writes texts."""
    return conversation.home or conversation.channel
