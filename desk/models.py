"""The desk's tables: support requests and the log of what happened to each."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
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
    created_at: Mapped[datetime.datetime]
    changed_at: Mapped[datetime.datetime]


class RequestEvent(Base):
    """One change of a request: who, what, when."""

    __tablename__ = "request_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    request: Mapped[int] = mapped_column(ForeignKey("support_request.id"), index=True)
    actor: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime.datetime]
