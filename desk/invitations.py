"""One-time links: the set-up of the first administrator, an invitation, a new password. Only their hashes are kept.

A link's token is worked out from our secret and a nonce, so that a letter that waits in the outbox holds the nonce, never the link.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import secrets

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.agent_models import Agent, AgentLink
from desk.agents import ADMINISTRATOR, address, audit, digest, end_sessions

LINK_LIFE = datetime.timedelta(hours=24)


class Taken(Exception):
    """An agent has this mail address already."""


def link_token(secret: str, nonce: str) -> str:
    """The token of a link: 256 bits."""
    made = hmac.new(secret.encode(), f"desk link {nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def link_address(public_url: str, secret: str, nonce: str) -> str:
    """Where somebody chooses their password."""
    return f"{public_url}/desk/link/{link_token(secret, nonce)}"


async def setup_nonce(session: AsyncSession, secret: str, now: datetime.datetime) -> str | None:
    """The nonce of the one link that makes the first administrator; None where there is an agent. Earlier links are void."""
    if await session.scalar(select(func.count()).select_from(Agent)):
        return None
    await session.execute(delete(AgentLink).where(AgentLink.agent.is_(None)))
    return _new_link(session, secret, None, ADMINISTRATOR, now)


async def invite(
    session: AsyncSession,
    secret: str,
    *,
    by: int,
    email: str,
    name: str,
    role: str,
    language: str,
    team: str,
    brands: list[str],
    now: datetime.datetime,
) -> tuple[Agent, str]:
    """A new agent without a password, and the nonce of the link that sets one. Raises Taken."""
    agent = Agent(
        email=address(email),
        name=name,
        role=role,
        language=language,
        brands=brands,
        team=team,
        created_at=now,
    )
    try:
        async with session.begin_nested():
            session.add(agent)
    except IntegrityError as error:
        raise Taken from error
    audit(session, by, "invited", f"agent:{agent.id}", now, role=role)
    return agent, _new_link(session, secret, agent.id, role, now)


async def password_nonce(session: AsyncSession, secret: str, by: int, agent: Agent, now: datetime.datetime) -> str:
    """The nonce of a link that sets a new password; the agent's earlier links are void."""
    await session.execute(delete(AgentLink).where(AgentLink.agent == agent.id))
    audit(session, by, "password_link", f"agent:{agent.id}", now)
    return _new_link(session, secret, agent.id, agent.role, now)


async def link_of(session: AsyncSession, token: str, now: datetime.datetime) -> AgentLink | None:
    """The link of a token, None where it was used, is over, or never was."""
    link = await session.get(AgentLink, digest(token))
    return link if link and link.used_at is None and link.expires_at > now else None


async def use_link(session: AsyncSession, link: AgentLink, now: datetime.datetime) -> bool:
    """Spends a link: of two at once, one gets True."""
    spent = await session.execute(
        update(AgentLink)
        .where(AgentLink.token_hash == link.token_hash, AgentLink.used_at.is_(None))
        .values(used_at=now)
    )
    return bool(spent.rowcount)  # type: ignore[attr-defined]


async def set_password(session: AsyncSession, agent: Agent, password_hash: str, now: datetime.datetime) -> None:
    """A new password: whoever is signed in with the old one is signed out, an authenticator stays."""
    agent.password_hash = password_hash
    await end_sessions(session, agent.id)
    audit(session, agent.id, "password_set", f"agent:{agent.id}", now)


async def first_administrator(
    session: AsyncSession, *, email: str, name: str, language: str, password_hash: str, now: datetime.datetime
) -> Agent | None:
    """The first agent; None where somebody else was faster."""
    if await session.scalar(select(func.count()).select_from(Agent)):
        return None
    agent = Agent(
        email=address(email),
        name=name,
        role=ADMINISTRATOR,
        language=language,
        brands=[],
        password_hash=password_hash,
        created_at=now,
    )
    session.add(agent)
    await session.flush()
    audit(session, agent.id, "set_up", f"agent:{agent.id}", now)
    return agent


def _new_link(session: AsyncSession, secret: str, agent: int | None, role: str, now: datetime.datetime) -> str:
    nonce = secrets.token_urlsafe(16)
    token_hash = digest(link_token(secret, nonce))
    session.add(AgentLink(token_hash=token_hash, agent=agent, role=role, expires_at=now + LINK_LIFE))
    return nonce
