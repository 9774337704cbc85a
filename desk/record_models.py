"""The desk's tables of figures: a row for each conversation with what came of it, made anew as it goes on (`records.py`).

They repeat what stands elsewhere, so that a page of figures over 100,000 conversations asks one narrow table.
"""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gateway.models import Base


class TalkRecord(Base):
    """One conversation in which the customer said something. `day` and `hour`: when it began, by the brand's clock.

    `helped_by`: "assistant", "person", "request" (a person was asked by a support request) or "nobody". `owed`: it waits for a person, has
    one, or a request of it still runs. Times in seconds are from the first message, `person_s` from when a person was asked for.
    """

    __tablename__ = "talk_record"
    __table_args__ = (
        # All that is counted, so that no row is looked up: a quarter of a year is read five times as fast.
        Index(
            "talk_record_figures",
            "day",
            "brand",
            "channel",
            "helped_by",
            "language",
            "hour",
            "first_s",
            "person_s",
            "rating",
            "helpful",
            "unhelpful",
            "owed",
            "resolved_at",
            "resolved_by",
            "resolved_s",
            "returned_at",
            "last_at",
        ),
        Index("talk_record_account", "brand", "account"),
        Index("talk_record_contact", "brand", "contact"),
    )

    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    brand: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    day: Mapped[str] = mapped_column(String(10))
    hour: Mapped[int]
    started_at: Mapped[datetime.datetime]
    last_at: Mapped[datetime.datetime]
    helped_by: Mapped[str] = mapped_column(String(12))
    first_s: Mapped[int | None]
    asked_person_at: Mapped[datetime.datetime | None]
    person_s: Mapped[int | None]
    owed: Mapped[bool]
    resolved_at: Mapped[datetime.datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(String(12))
    resolved_s: Mapped[int | None]
    returned_at: Mapped[datetime.datetime | None]
    rating: Mapped[int | None]
    helpful: Mapped[int]
    unhelpful: Mapped[int]
    # Who the customer is, as far as it was proved or given: by these a return in another conversation is found.
    account: Mapped[str | None] = mapped_column(String(40))
    contact: Mapped[str | None] = mapped_column(String(254))


class Asked(Base):
    """What a conversation was about: an outcome ("do/check_balance", "primus/pay-online", "do/out_of_scope") and how often it was said."""

    __tablename__ = "asked"
    __table_args__ = (Index("asked_figures", "day", "brand", "channel", "outcome"),)

    conversation: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(120), primary_key=True)
    brand: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    day: Mapped[str] = mapped_column(String(10))
    times: Mapped[int]


class RecordMark(Base):
    """How far the figures have been made: by number for lines of transcripts, by moment for all else."""

    __tablename__ = "record_mark"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime.datetime | None]
