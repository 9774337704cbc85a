"""The table of what customers are to be told about a change on their account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from billing.models import Table


class NoticeRow(Table):
    """One notice to one address, written in the transaction of the change that it tells of.

    `event` says which sentences fit, `values` what they hold. `ended_at`: when the gateway took it over, or when it had become
    untrue before it was due (`dropped`).
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("channel IN ('sms', 'email')", name="channel"),
        # One event is told once to an address, whatever is sent again.
        UniqueConstraint("reference", "event", "address"),
        Index(None, "ended_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(254))
    values: Mapped[dict[str, Any]]
    ended_at: Mapped[datetime | None]
    dropped: Mapped[bool] = mapped_column(default=False)
