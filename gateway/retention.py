"""How long what is kept: removes what is older, a little at a time, for as long as the gateway runs. `make purge` does it at once.

A conversation goes when nobody wrote in it for so long and no request of it is left; a request when it has been settled for so long.
"""

from __future__ import annotations

import asyncio
import datetime
import logging
from collections.abc import Callable

from sqlalchemy import delete, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.agent_models import DeskAudit
from desk.attachments import Files
from desk.models import SupportRequest
from desk.record_models import RecordMark
from desk.request_states import CLOSED, SOLVED
from desk.search import tidy
from gateway.customer_data import erase
from gateway.database import Sessions
from gateway.days import Days
from gateway.models import Code, CodeFailure, Conversation, Outgoing, PhoneCode, Proof
from gateway.rasa_client import AssistantError, RasaClient
from gateway.subject import Subject, pieces

log = logging.getLogger(__name__)

FIRST_S, EVERY_S = 60.0, 6 * 3600.0
AT_ONCE = 100  # conversations or requests of one transaction: nobody waits for it
MEMORY = "memory_forgotten"  # the mark up to which Rasa's memory has been emptied
NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class Retention:
    """Removes what is over. Several gateways may: what one has removed the next does not find."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        files: Files,
        assistant: RasaClient,
        days: Days,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._files = files
        self._assistant = assistant
        self._days = days
        self._now = now

    async def run(self) -> None:
        """Runs until cancelled; begins a little later, as a start has other work."""
        await asyncio.sleep(FIRST_S)
        while True:
            try:
                gone = await self.purge()
                if gone:
                    log.info(
                        "removed as their time is over: %s", ", ".join(f"{k} {v}" for k, v in sorted(gone.items()))
                    )
            except (SQLAlchemyError, OSError) as error:
                log.warning("what is over could not be removed: %s", type(error).__name__)
            await asyncio.sleep(EVERY_S)

    async def purge(self) -> dict[str, int]:
        """Removes all that is over; how many rows of each table."""
        gone: dict[str, int] = {}
        await self._small(gone)
        while await self._requests(gone):
            pass
        while await self._conversations(gone):
            pass
        try:
            await self._memory(gone)
        except AssistantError as error:
            log.warning("the assistant did not forget old conversations, it is asked again: %s", error)
        if gone:
            await checkpoint(self._sessions)
        return gone

    def _before(self, days: int) -> datetime.datetime:
        return self._now() - datetime.timedelta(days=days)

    async def _small(self, gone: dict[str, int]) -> None:
        old = {
            "outgoing": delete(Outgoing).where(Outgoing.created_at < self._before(self._days.letters)),
            "code": delete(Code).where(Code.expires_at < self._before(self._days.codes)),
            "phone_code": delete(PhoneCode).where(PhoneCode.expires_at < self._before(self._days.codes)),
            "code_failure": delete(CodeFailure).where(CodeFailure.at < self._before(self._days.codes)),
            "proof": delete(Proof).where(Proof.verified_at < self._before(self._days.codes)),
            "desk_audit": delete(DeskAudit).where(DeskAudit.at < self._before(self._days.log)),
        }
        async with self._sessions.begin() as session:
            for name, statement in old.items():
                done = await session.execute(statement)
                if done.rowcount:  # type: ignore[attr-defined]
                    gone[name] = int(done.rowcount)  # type: ignore[attr-defined]

    async def _requests(self, gone: dict[str, int]) -> bool:
        over = SupportRequest.state.in_((SOLVED, CLOSED)), SupportRequest.changed_at < self._before(self._days.requests)
        async with self._sessions.begin() as session:
            found = list(await session.scalars(select(SupportRequest.id).where(*over).limit(AT_ONCE)))
            await self._erase(session, Subject(requests=set(found)), gone)
        return len(found) == AT_ONCE

    async def _conversations(self, gone: dict[str, int]) -> bool:
        held = select(SupportRequest.id).where(SupportRequest.conversation == Conversation.id).exists()
        over = Conversation.active_at < self._before(self._days.conversations), ~held
        async with self._sessions() as session:
            found = list(await session.scalars(select(Conversation.id).where(*over).limit(AT_ONCE)))
        if not found:
            return False
        try:
            # First: what is forgotten here is found by nobody there. In no transaction: an assistant that hangs would hold up writers.
            await self._assistant.erase(found)
        except AssistantError as error:
            log.warning("old conversations stay until the assistant can forget them too: %s", error)
            return False
        async with self._sessions.begin() as session:
            # Who wrote meanwhile is not over any more.
            still = list(await session.scalars(select(Conversation.id).where(Conversation.id.in_(found), *over)))
            subject = Subject()
            subject.add(still, "over")
            await self._erase(session, subject, gone)
        return len(found) == AT_ONCE

    async def _erase(self, session: AsyncSession, subject: Subject, gone: dict[str, int]) -> None:
        if not subject.conversations and not subject.requests:
            return
        erased = await erase(session, subject)
        for name, count in erased.rows.items():
            gone[name] = gone.get(name, 0) + count
        for stored in erased.files:
            self._files.forget(stored)

    async def _memory(self, gone: dict[str, int]) -> None:
        """What Rasa remembers of conversations in which nobody wrote for a while; the transcript of record stays."""
        until = self._before(self._days.memory)
        async with self._sessions() as session:
            mark = await session.get(RecordMark, MEMORY)
            since = mark.at if mark and mark.at else NEVER
            between = Conversation.active_at >= since, Conversation.active_at < until
            found = list(await session.scalars(select(Conversation.id).where(*between)))
        known = sum([await self._assistant.erase(piece) for piece in pieces(found)])
        if known:
            gone["memory"] = known
        async with self._sessions.begin() as session:
            await session.merge(RecordMark(name=MEMORY, number=0, at=until))


async def checkpoint(sessions: Sessions) -> None:
    """SQLite: what was erased is overwritten in the search's index and the write-ahead log too. Elsewhere the server does so itself."""
    async with sessions.begin() as session:
        await tidy(session)
    async with sessions() as session:
        if session.get_bind().dialect.name == "sqlite":
            connection = await session.connection()
            await connection.exec_driver_sql("COMMIT")  # no checkpoint within a transaction
            await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            await connection.exec_driver_sql("BEGIN")
