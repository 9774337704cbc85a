"""The desk's tables of work: support requests and their logs, attachments, notes, how a conversation is sorted, canned answers.

Who works at the desk stands in `agent_models.py`. Rows carry no rules: `request_states.py`, `service_levels.py` and `triage.py` decide.
"""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gateway.models import Base


class SupportRequest(Base):
    """What a customer asked a person to do. `number` is what the customer keeps."""

    __tablename__ = "support_request"
    __table_args__ = (
        # A repeat of the same turn finds the request that the first one made.
        UniqueConstraint("key"),
        Index("support_request_conversation", "conversation", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    key: Mapped[str] = mapped_column(String(128))
    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    brand: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    description: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(String(254))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime.datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime.datetime] = mapped_column(index=True)
    # The account that the conversation had proved when it was opened: `list_requests` finds it by this, never by what was typed.
    account: Mapped[str | None] = mapped_column(String(40), index=True)
    team: Mapped[str] = mapped_column(String(40), default="general")
    urgency: Mapped[str] = mapped_column(String(10), default="normal")
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    agent: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    # Until when the desk owes the next step, why (a name of service_levels.py), and whether the warning before it went out.
    due_at: Mapped[datetime.datetime | None]
    due_for: Mapped[str | None] = mapped_column(String(40))
    warned_at: Mapped[datetime.datetime | None]
    # The first due time that passed before the desk did what it owed.
    missed_at: Mapped[datetime.datetime | None]
    # The end of the first contact with remote help, once a technician is needed: the clock of on-site targets starts here.
    dispatched_at: Mapped[datetime.datetime | None]
    solved_at: Mapped[datetime.datetime | None]


class RequestEvent(Base):
    """One change of a request: who, what, when. `visible`: the customer may read it."""

    __tablename__ = "request_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    request: Mapped[int] = mapped_column(ForeignKey("support_request.id"), index=True)
    actor: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text, default="")
    visible: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime.datetime]


class Attachment(Base):
    """A file that a customer or an agent added to a request; its bytes are in a folder outside the web root, under `stored`."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    request: Mapped[int] = mapped_column(ForeignKey("support_request.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    stored: Mapped[str] = mapped_column(String(80), unique=True)
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime.datetime]


class Note(Base):
    """What an agent wrote for colleagues only, on a conversation or on a request."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    request: Mapped[int | None] = mapped_column(ForeignKey("support_request.id"), index=True)
    agent: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime.datetime]


class Triage(Base):
    """How a conversation is sorted now: made anew at each turn (`triage.py`). `reasons` are names of sentences in data."""

    __tablename__ = "triage"

    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    topic: Mapped[str | None] = mapped_column(String(80))
    category: Mapped[str] = mapped_column(String(40))
    team: Mapped[str] = mapped_column(String(40))
    urgency: Mapped[str] = mapped_column(String(10))
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    known: Mapped[dict[str, Any]] = mapped_column(default=dict)
    missing: Mapped[list[str]] = mapped_column(JSON, default=list)
    at: Mapped[datetime.datetime]


class CannedAnswer(Base):
    """A text that agents send often, in both languages. `brand` is None where it fits all."""

    __tablename__ = "canned_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand: Mapped[str | None] = mapped_column(String(40))
    shortcut: Mapped[str] = mapped_column(String(40), unique=True)
    text_fr: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)


class FeedEvent(Base):
    """Something that agents' pages show at once, on whichever gateway it happened: `kind`, and of which conversation or request."""

    __tablename__ = "feed_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(40))
    brand: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime.datetime] = mapped_column(index=True)
