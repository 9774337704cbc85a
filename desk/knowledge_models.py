"""The tables of articles: what each is now, and every version of its two files. The folder's files are served; these rows are the record.

A version is never changed once it is written, only its state is (`articles.py` says which and when).
"""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gateway.models import Base


class KnowledgeArticle(Base):
    """An article of a brand, `id` as "brand/slug". `latest`: the number of its newest version, by which two editors are told apart.

    `live`: the version that customers read, None before the first. `retired`: that version takes it away. The titles are the newest's.
    """

    __tablename__ = "knowledge_article"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    brand: Mapped[str] = mapped_column(String(40), index=True)
    title_fr: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    latest: Mapped[int]
    live: Mapped[int | None]
    retired: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime.datetime]


class KnowledgeVersion(Base):
    """Both files of an article as they were at a time, whole; None for a language that was not there, for both where it was taken away.

    `agent` wrote it, None where it was found on disk; `publisher` decided that it goes live. `live_at`: when it went live, or will.
    """

    __tablename__ = "knowledge_version"
    __table_args__ = (UniqueConstraint("article", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article: Mapped[str] = mapped_column(ForeignKey("knowledge_article.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), index=True)
    origin: Mapped[str] = mapped_column(String(12))
    french: Mapped[str | None] = mapped_column(Text)
    english: Mapped[str | None] = mapped_column(Text)
    # SHA-256 of each file, by which a file in a folder is known again.
    french_hash: Mapped[str | None] = mapped_column(String(64))
    english_hash: Mapped[str | None] = mapped_column(String(64))
    agent: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    publisher: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime.datetime]
    live_at: Mapped[datetime.datetime | None]


class QuestionGroup(Base):
    """Questions like one another that nobody could answer, of one brand and language. `meaning`: the vector of the first, signed bytes.

    `state`: "open", "dismissed" for a `reason`, or "written": `article` is to answer it; a question after that opens it again.
    """

    __tablename__ = "question_group"
    __table_args__ = (Index("question_group_brand_state", "brand", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    meaning: Mapped[bytes] = mapped_column(LargeBinary)
    times: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime.datetime]
    last_at: Mapped[datetime.datetime]
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(300), default="")
    agent: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    article: Mapped[str | None] = mapped_column(String(120))


class OpenQuestion(Base):
    """A customer's message that got no good answer, and why it counts as one. Its text stands in the transcript, masked as it is there."""

    __tablename__ = "open_question"

    message: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True, autoincrement=False)
    group: Mapped[int] = mapped_column(ForeignKey("question_group.id"), index=True)
    why: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime.datetime]
