"""The desk's tables of people: agents, their sessions and one-time links, and the log of what each read and did."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from gateway.models import Base


class Agent(Base):
    """A person at the desk. `role`: "agent", "lead" or "administrator". `brands`: whose conversations, all where it is empty."""

    __tablename__ = "agent"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(2))
    brands: Mapped[list[str]] = mapped_column(JSON, default=list)
    team: Mapped[str] = mapped_column(String(40), default="general")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_used: Mapped[int] = mapped_column(default=0)  # the last time step whose code was taken: none is taken twice
    active: Mapped[bool] = mapped_column(default=True)
    available: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime.datetime]


class AgentSession(Base):
    """A signed-in browser. Only the hash of its token is kept; `form_token` goes with every form."""

    __tablename__ = "agent_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    form_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime.datetime]
    used_at: Mapped[datetime.datetime]


class AgentLink(Base):
    """A one-time link: the first administrator's set-up, an invitation, a new password."""

    __tablename__ = "agent_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    role: Mapped[str] = mapped_column(String(16))
    expires_at: Mapped[datetime.datetime]
    used_at: Mapped[datetime.datetime | None]


class SignInFailure(Base):
    """A wrong password or code: too many close the address for a while."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    at: Mapped[datetime.datetime]


class DeskAudit(Base):
    """What an agent read or did, and to what. Never updated."""

    __tablename__ = "desk_audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent: Mapped[int | None] = mapped_column(ForeignKey("agent.id"), index=True)
    what: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime.datetime] = mapped_column(index=True)
