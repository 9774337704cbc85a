"""Who is at the desk: passwords, sign-in, sessions in a browser, and the log of what each person reads and does.

A wrong password, an unknown address, a missing code and a closed agent get the same answer in the same time. Every attempt is counted
before the password is looked at, so that many at once are still ten.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import hashlib
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk.agent_models import Agent, AgentSession, DeskAudit, SignInFailure
from desk.authenticator import step_of

AGENT, LEAD, ADMINISTRATOR = "agent", "lead", "administrator"
ROLES = (AGENT, LEAD, ADMINISTRATOR)
IDLE, WHOLE = datetime.timedelta(minutes=30), datetime.timedelta(hours=12)
FAILURES, FAILURES_WITHIN = 10, datetime.timedelta(minutes=15)
READ_AGAIN = datetime.timedelta(minutes=10)
TOUCHED_EVERY = datetime.timedelta(seconds=30)  # a click does not write each time
PASSWORD_LEAST, PASSWORD_MOST = 12, 256  # NIST SP 800-63B: length, no rules of composition; the top spares the hash

_hasher = PasswordHasher()  # argon2id, by RFC 9106's second recommendation
_NOBODY = _hasher.hash(secrets.token_hex(16))
# Two at a time: each takes 64 MB, and whoever tries passwords by the hundred must not take the machine.
_hashing = ThreadPoolExecutor(2, "passwords")


@dataclasses.dataclass(frozen=True)
class SignedIn:
    """The agent of a request, and the token that its forms must carry."""

    agent: Agent
    form_token: str
    token_hash: str


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of signing in: the agent and the session's token, or neither; `closed` where there were too many failures."""

    agent: Agent | None = None
    token: str | None = None
    closed: bool = False


def digest(token: str) -> str:
    """What is stored of a token: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


async def hash_password(password: str) -> str:
    """The argon2id hash; in a thread, as it takes tens of milliseconds."""
    return await asyncio.get_running_loop().run_in_executor(_hashing, _hasher.hash, password)


async def fits(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Takes as long where there is none."""
    try:
        given = password[:PASSWORD_MOST]
        right = await asyncio.get_running_loop().run_in_executor(
            _hashing, _hasher.verify, password_hash or _NOBODY, given
        )
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def address(email: str) -> str:
    """A mail address as it is stored and compared."""
    return email.strip().lower()


class Doors:
    """Lets agents in and out. Each method makes its whole change; `client` is the network address that an attempt came from."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], now: Callable[[], datetime.datetime]) -> None:
        self._sessions = sessions
        self._now = now

    async def sign_in(self, email: str, password: str, code: str, client: str) -> Outcome:
        """A new session where address, password and, for who has an authenticator, its code are right."""
        email, at = address(email)[:254], self._now()
        keys = [email, f"client {client}"]  # no mail address holds a blank
        async with self._sessions.begin() as session:
            for key in keys:
                if await _failures(session, key, at) >= FAILURES:
                    return Outcome(closed=True)
            attempts = [SignInFailure(email=key, at=at) for key in keys]
            session.add_all(attempts)
            agent = await session.scalar(select(Agent).where(Agent.email == email))
        right = await fits(agent.password_hash if agent else None, password)
        if agent is None or not right or not agent.active:
            return Outcome()
        async with self._sessions.begin() as session:
            if agent.totp_secret and not await take_code(session, agent, code, at):
                return Outcome()
            own = SignInFailure.id.in_([attempt.id for attempt in attempts])
            await session.execute(delete(SignInFailure).where(or_(own, SignInFailure.email == email)))
            token = await open_session(session, agent, at)
            audit(session, agent.id, "signed_in", f"agent:{agent.id}", at)
        return Outcome(agent, token)

    async def who(self, token: str | None, *, touch: bool) -> SignedIn | None:
        """Whose session this is, None where it is over. `touch`: a person did something, so the idle time starts again."""
        if not token:
            return None
        at = self._now()
        async with self._sessions() as session:
            signed = select(AgentSession, Agent).join(Agent, Agent.id == AgentSession.agent)
            found = (await session.execute(signed.where(AgentSession.token_hash == digest(token)))).one_or_none()
        if found is None or not found[1].active:
            return None
        row, agent = found
        if row.used_at <= at - IDLE or row.created_at <= at - WHOLE:
            return None
        if touch and row.used_at <= at - TOUCHED_EVERY:
            async with self._sessions.begin() as session:
                own = AgentSession.token_hash == row.token_hash
                await session.execute(update(AgentSession).where(own).values(used_at=at))
        return SignedIn(agent, row.form_token, row.token_hash)

    async def sign_out(self, signed: SignedIn) -> None:
        """Ends this session."""
        async with self._sessions.begin() as session:
            await session.execute(delete(AgentSession).where(AgentSession.token_hash == signed.token_hash))
            audit(session, signed.agent.id, "signed_out", f"agent:{signed.agent.id}", self._now())


async def open_session(session: AsyncSession, agent: Agent, now: datetime.datetime) -> str:
    """A new session's token, which is kept nowhere but in the browser. Sessions that are over are removed."""
    over = or_(AgentSession.used_at <= now - IDLE, AgentSession.created_at <= now - WHOLE)
    await session.execute(delete(AgentSession).where(over))
    await session.execute(delete(SignInFailure).where(SignInFailure.at <= now - FAILURES_WITHIN))
    token = secrets.token_urlsafe(32)
    session.add(
        AgentSession(
            token_hash=digest(token),
            agent=agent.id,
            form_token=secrets.token_urlsafe(24),
            created_at=now,
            used_at=now,
        )
    )
    return token


async def end_sessions(session: AsyncSession, agent: int, but: str | None = None) -> None:
    """Ends an agent's sessions, all but one: after a new password, a change of role, or where the agent leaves."""
    ended = delete(AgentSession).where(AgentSession.agent == agent)
    await session.execute(ended.where(AgentSession.token_hash != but) if but else ended)


async def take_code(session: AsyncSession, agent: Agent, code: str, now: datetime.datetime) -> bool:
    """Whether the authenticator's code is right and was not taken before: of two at once, one is."""
    step = step_of(agent.totp_secret or "", code, now)
    if step is None:
        return False
    taken = await session.execute(
        update(Agent).where(Agent.id == agent.id, Agent.totp_used < step).values(totp_used=step)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def audit(
    session: AsyncSession, agent: int | None, what: str, subject: str, now: datetime.datetime, **details: Any
) -> None:
    """A row of the log, in the caller's transaction: what an agent read or did, and to what ("conversation:…", "request:R-…")."""
    session.add(DeskAudit(agent=agent, what=what, subject=subject[:80], details=details, at=now))


async def audit_reading(session: AsyncSession, agent: int, what: str, subject: str, now: datetime.datetime) -> None:
    """Logs that an agent read something: once in `READ_AGAIN` for what stays open on the page."""
    recent = await session.scalar(
        select(DeskAudit.id)
        .where(
            DeskAudit.agent == agent,
            DeskAudit.at > now - READ_AGAIN,
            DeskAudit.what == what,
            DeskAudit.subject == subject,
        )
        .limit(1)
    )
    if recent is None:
        audit(session, agent, what, subject, now)


async def _failures(session: AsyncSession, key: str, now: datetime.datetime) -> int:
    recent = (SignInFailure.email == key) & (SignInFailure.at > now - FAILURES_WITHIN)
    return await session.scalar(select(func.count()).select_from(SignInFailure).where(recent)) or 0
