"""The gateway's tables: conversations, the transcript of record, one-time codes and what a session has proved."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime.datetime]):
    """An aware moment, stored and read in UTC (SQLite keeps no zone, PostgreSQL gives its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment must know its zone")
        return value.astimezone(datetime.UTC) if value else None

    def process_result_value(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)


class Base(DeclarativeBase):
    """All tables of the gateway and the desk: one database, one line of migrations."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime.datetime: Moment, dict[str, Any]: JSON}


# Written out: with a parameter in its place no database knows that the index below fits.
OPEN = text("state = 'received'")


class LivingGateway(Base):
    """A gateway process among several, and until when the others believe that it lives."""

    __tablename__ = "gateway"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    alive_until: Mapped[datetime.datetime]


class Conversation(Base):
    """One customer on one channel with one brand."""

    __tablename__ = "conversation"
    __table_args__ = (Index("conversation_handled_by", "handled_by"), Index("conversation_rated_at", "rated_at"))

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    brand: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64))
    # The token before the proof, while it still counts, and the message that the proof was in (`session.py`).
    former_token_hash: Mapped[str | None] = mapped_column(String(64))
    renewed_by: Mapped[int | None]
    language: Mapped[str | None] = mapped_column(String(2))
    handled_by: Mapped[str] = mapped_column(String(12), default="assistant")
    last_sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime.datetime]
    active_at: Mapped[datetime.datetime]
    queued_at: Mapped[datetime.datetime | None]
    # A premier PIN was accepted: before all others of the queue, to level 2.
    premier: Mapped[bool] = mapped_column(default=False)
    # Who holds it while `handled_by` is "agent", since when, and when a person first answered.
    agent: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    taken_at: Mapped[datetime.datetime | None]
    agent_answered_at: Mapped[datetime.datetime | None]
    snoozed_until: Mapped[datetime.datetime | None]
    # The team that an agent handed it to; it goes before the team that triage finds.
    team: Mapped[str | None] = mapped_column(String(40))
    # Resolved on evidence only: "customer" said so, "change" in the backend, or an "agent" closed it. Silence is none of them.
    resolved_at: Mapped[datetime.datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(String(12))
    # The customer's own verdict, 1 to 5; the latest counts.
    rating: Mapped[int | None]
    rating_text: Mapped[str | None] = mapped_column(Text)
    rated_at: Mapped[datetime.datetime | None]
    # The channel that it began on, where its customer went on by text message (`gateway/onward.py`): whoever has its token finds it there.
    home: Mapped[str | None] = mapped_column(String(20))
    # The gateway that takes its turns now, where there are several (`gateway/order.py`).
    gateway: Mapped[str | None] = mapped_column(String(40))
    # Whether it ever proved an account: where not, no turn asks for a proof.
    proved: Mapped[bool] = mapped_column(default=False)


class Message(Base):
    """A line of the transcript. A customer's line has a `state` (received, answered, failed) and what was understood."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation", "sequence"),
        # The client's or provider's id: a repeat cannot be stored, so it cannot be answered twice.
        UniqueConstraint("conversation", "message_id"),
        # What is open, and nothing else: looked at in each turn and every two seconds, however long the transcripts are.
        Index("message_open", "conversation", "sequence", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    sequence: Mapped[int]
    author: Mapped[str] = mapped_column(String(12))
    message_id: Mapped[str | None] = mapped_column(String(128))
    text: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    language: Mapped[str | None] = mapped_column(String(2))
    state: Mapped[str | None] = mapped_column(String(12))
    understood: Mapped[dict[str, Any] | None]
    answers: Mapped[int | None]
    # Said while the conversation had proved who its customer is: shown to them only while that is so.
    private: Mapped[bool] = mapped_column(default=False)
    # By which a customer's message came; None in what was said before that was kept, and in replies.
    channel: Mapped[str | None] = mapped_column(String(20))
    at: Mapped[datetime.datetime]


class Feedback(Base):
    """Whether a reply helped, by the customer's word; the latest counts. `article`: the one that the reply gave."""

    __tablename__ = "feedback"

    reply: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True, autoincrement=False)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    article: Mapped[str | None] = mapped_column(String(120))
    helpful: Mapped[bool]
    at: Mapped[datetime.datetime] = mapped_column(index=True)


class Code(Base):
    """A one-time code that was sent, or, where nothing matched, one that nobody has and that never fits."""

    __tablename__ = "code"
    # The code is worked out from the number, so SQLite must not give the number of a row that is gone to another.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    brand: Mapped[str] = mapped_column(String(40))
    account_given: Mapped[str] = mapped_column(String(40), index=True)
    postal_code: Mapped[str] = mapped_column(String(16))
    account: Mapped[str | None] = mapped_column(String(40))
    code_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    used: Mapped[bool] = mapped_column(default=False)
    # It went to the phone that the conversation itself goes by, though the file has an e-mail address: it proves enough to read.
    reading: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime.datetime]
    expires_at: Mapped[datetime.datetime]


class PhoneCode(Base):
    """A code that went to a phone with which a conversation is to go on. It proves that its customer has the phone, and nothing else.

    `tries`: wrong ones. `used`: it was right, or another one was sent since.
    """

    __tablename__ = "phone_code"
    __table_args__ = (
        Index("phone_code_phone", "brand", "phone", "sent_at"),
        {"sqlite_autoincrement": True},
    )  # as of Code

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    brand: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(20))
    code_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    used: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime.datetime]
    expires_at: Mapped[datetime.datetime]


class CodeFailure(Base):
    """A wrong code: ten in a day close the account to the channel."""

    __tablename__ = "code_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand: Mapped[str] = mapped_column(String(40))
    account: Mapped[str] = mapped_column(String(40), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime.datetime]


class Outgoing(Base):
    """A letter to a phone or a mailbox, until it is out. `key` names its event: one event is told once to an address.

    `letter` says which sentences, `values` what they hold, never a secret. States: `gateway/outbox.py`. `next_at`: when it is tried
    next, or until when it is claimed. `error`: why the last try failed.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        Index("outgoing_state_next", "state", "next_at"),
        Index("outgoing_address", "address", "state"),
        Index("outgoing_created", "channel", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    brand: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    channel: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(254))
    letter: Mapped[str] = mapped_column(String(40))
    values: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12))
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime.datetime]
    expires_at: Mapped[datetime.datetime]
    created_at: Mapped[datetime.datetime]
    ended_at: Mapped[datetime.datetime | None]
    error: Mapped[str | None] = mapped_column(String(200))
    # A text message: the line of the transcript that it carries, the number that it goes out from, its alphabet and parts as they were
    # worked out before it went, and how far it came (`gateway/sms_delivery.py`).
    message: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    sender: Mapped[str | None] = mapped_column(String(40))
    alphabet: Mapped[str | None] = mapped_column(String(8))
    parts: Mapped[int | None]
    provider_id: Mapped[str | None] = mapped_column(String(80))
    delivery: Mapped[str | None] = mapped_column(String(12))


class SmsThread(Base):
    """All texts between a number of a brand and a customer's number. `conversation`: the one that runs now.

    `more`: what is left of the last answer, for who asks for the rest. `choices`: what was offered under a number, in that order.
    `refused_at`: when the customer was last told that they wrote too much for a day.
    """

    __tablename__ = "sms_thread"
    __table_args__ = (UniqueConstraint("number", "customer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(40))
    customer: Mapped[str] = mapped_column(String(20), index=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    more: Mapped[str] = mapped_column(Text, default="")
    choices: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    heard_at: Mapped[datetime.datetime]
    refused_at: Mapped[datetime.datetime | None]


class SmsReceived(Base):
    """A text that came in, by its provider's id: however often and wherever it is handed over, it is one.

    `conversation`: where it stands; None where it was refused.
    """

    __tablename__ = "sms_received"
    __table_args__ = (Index("sms_received_thread_at", "thread", "at"),)

    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    thread: Mapped[int] = mapped_column(ForeignKey("sms_thread.id"))
    conversation: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"))
    at: Mapped[datetime.datetime]


class SmsChoice(Base):
    """That a number wants no more texts of a brand (`out`), or wants them again: when, and by what. The last row counts."""

    __tablename__ = "sms_choice"
    __table_args__ = (Index("sms_choice_who", "brand", "customer", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand: Mapped[str] = mapped_column(String(40))
    customer: Mapped[str] = mapped_column(String(20))
    out: Mapped[bool]
    source: Mapped[str] = mapped_column(String(20))
    word: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime.datetime]


class Proof(Base):
    """What a conversation has proved: which account its customer may read and change, and until when."""

    __tablename__ = "proof"

    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    account: Mapped[str] = mapped_column(String(40))
    verified_at: Mapped[datetime.datetime]
    used_at: Mapped[datetime.datetime]
    renewed: Mapped[bool] = mapped_column(default=False)  # the session got its new token
    # Enough to read, not to change anything (docs/decisions/0015-identity-by-text.md).
    reading: Mapped[bool] = mapped_column(default=False)
    # By which it was given: it is not worth the same by another (`gateway/proof.py`). None: before that was kept.
    channel: Mapped[str | None] = mapped_column(String(20))
