"""Everything that goes out to phones and mailboxes waits here: a row in the transaction of what it tells of, sent until it is out.

A row is claimed before it is sent, so that several gateways never send it at once. A gateway that dies between the server's yes and its own
note sends the letter once more under the same id, which mailboxes drop. No secret is kept: a code is worked out again when it is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from gateway.database import Sessions
from gateway.letters import Letters
from gateway.models import Outgoing
from gateway.senders import Letter, Sender, SendFailed
from gateway.sms_consent import PROVIDER, choose
from gateway.sms_gate import SUPPRESSED, SmsGate, cost_of

log = logging.getLogger(__name__)

CLAIMED_FOR = datetime.timedelta(minutes=2)  # longer than any sender's time-out
AT_ONCE = 20
# After the first failure, the second, ... the last over and over, for two days in all.
PAUSES = [datetime.timedelta(seconds=s) for s in (5, 15, 60, 300, 900, 3600)]
KEPT_TRYING = datetime.timedelta(hours=48)
# Nobody can tell whether it went out: the provider's own news of it (`gateway/sms_status.py`) get this long to say that it did.
UNKNOWN_FOR = datetime.timedelta(seconds=30)
LOOK_S = 2.0
PENDING, SENDING, SENT, FAILED, EXPIRED = "pending", "sending", "sent", "failed", "expired"
CODE, PHONE_CODE = "code", "phone_code"
# Text messages whose words are there already: what was said in a conversation, and what answers a keyword.
TEXT, KEYWORD = "text", "keyword"
LINKED = ("agent_invitation", "agent_password")  # hold a one-time link of the desk

_EARLIER = aliased(Outgoing)
# An earlier text of a conversation to the same number is not out yet: what is said in turn arrives in turn.
WAITS_FOR_ANOTHER = and_(
    Outgoing.message.is_not(None),
    exists().where(
        _EARLIER.address == Outgoing.address,
        _EARLIER.sender == Outgoing.sender,
        _EARLIER.state.in_((PENDING, SENDING)),
        _EARLIER.message.is_not(None),
        _EARLIER.id < Outgoing.id,
    ),
)


def put(
    session: AsyncSession,
    *,
    key: str,
    brand: str,
    language: str,
    channel: str,
    address: str,
    letter: str,
    values: dict[str, Any],
    now: datetime.datetime,
    expires_at: datetime.datetime | None = None,
    message: int | None = None,
    sender: str | None = None,
    alphabet: str | None = None,
    parts: int | None = None,
) -> None:
    """Adds a letter in the caller's transaction. `key` names the event: a second row with it cannot be stored.

    The last four are of text messages (`gateway/models.py`).
    """
    session.add(
        Outgoing(
            key=key,
            brand=brand,
            language=language,
            channel=channel,
            address=address,
            letter=letter,
            values=values,
            state=PENDING,
            next_at=now,
            expires_at=expires_at or now + KEPT_TRYING,
            created_at=now,
            message=message,
            sender=sender,
            alphabet=alphabet,
            parts=parts,
        )
    )


class Outbox:
    """Sends what waits. `wake()` after a commit spares the wait until the next look."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        letters: Letters,
        senders: Mapping[str, Sender],
        gate: SmsGate,
        codes: Mapping[str, Callable[[int], str]],
        link: Callable[[str], str],
        now: Callable[[], datetime.datetime],
        reads: Mapping[str, Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]] | None = None,
    ) -> None:
        """`codes`: by letter, the one-time code of a row of its table. `link`: an agent's link by its nonce.

        `reads`: by letter, what is read only when it is sent, from the values of its row.
        """
        self._reads = reads or {}
        self._sessions = sessions
        self._letters = letters
        self._senders = senders
        self._gate = gate
        self._codes = codes
        self._link = link
        self._now = now
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something may wait now."""
        self._woken.set()

    async def run(self) -> None:
        """Runs until cancelled. A database that is away is looked at again."""
        while True:
            self._woken.clear()
            try:
                more = await self.send_due()
            except (SQLAlchemyError, OSError) as error:
                log.warning("the outbox cannot be read: %s", type(error).__name__)
                more = False
            if not more:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), LOOK_S)

    async def send_due(self) -> bool:
        """Sends what is due, at most `AT_ONCE`; whether more may wait: of several texts to one number the next is due now."""
        claimed = await self._claim()
        await asyncio.gather(*(self._send(row) for row in claimed if row.state == SENDING))
        return bool(claimed)

    async def _claim(self) -> list[Outgoing]:
        now = self._now()
        # A row that is being sent is due again once its gateway must have died.
        due = and_(Outgoing.state.in_((PENDING, SENDING)), Outgoing.next_at <= now, ~WAITS_FOR_ANOTHER)
        async with self._sessions() as session:
            if await session.scalar(select(Outgoing.id).where(due).limit(1)) is None:
                return []
        async with self._sessions.begin() as session:
            await session.execute(
                update(Outgoing)
                .where(or_(due, Outgoing.state == PENDING), Outgoing.expires_at <= now)
                .values(state=EXPIRED, ended_at=now)
            )
            rows = list(
                await session.scalars(
                    select(Outgoing).where(due).order_by(Outgoing.id).limit(AT_ONCE).with_for_update(skip_locked=True)
                )
            )
            for row in rows:
                row.state, row.next_at, row.tries = SENDING, now + CLAIMED_FOR, row.tries + 1
                if row.channel == "sms" and row.parts is None:
                    with contextlib.suppress(Exception):  # told where it is sent
                        row.alphabet, row.parts = cost_of(self._letter(row, {}))
            await self._gate.hold_back(session, rows, now)
        return rows

    async def _send(self, row: Outgoing) -> None:
        changes: dict[str, Any]
        try:
            read = self._reads.get(row.letter)
            letter = self._letter(row, await read(row.values) if read else {})
            sent_as = await self._senders[row.channel].send(letter)
            changes = {"state": SENT, "ended_at": self._now(), "error": None}
            if sent_as:
                changes["provider_id"] = sent_as
        except SendFailed as error:
            log.warning("letter %d (%s) did not go out at try %d: %s", row.id, row.letter, row.tries, error)
            changes = self._failed(row, str(error), final=error.final, unknown=error.unknown)
            if error.opted_out:
                await self._opted_out(row)
                changes["state"] = SUPPRESSED
        except Exception as error:  # one letter that cannot be written must not hold up the others
            log.exception("letter %d (%s) could not be written", row.id, row.letter)
            changes = self._failed(row, type(error).__name__, final=True)
        async with self._sessions.begin() as session:
            claim = update(Outgoing).where(Outgoing.id == row.id, Outgoing.state == SENDING)
            await session.execute(claim.values(**changes))

    def _letter(self, row: Outgoing, read: dict[str, Any]) -> Letter:
        if row.letter in (TEXT, KEYWORD):
            return self._gate.letter(row, row.values["text"])
        code = self._codes.get(row.letter)
        values = {"code": code(row.values["id"])} if code else row.values
        if row.letter in LINKED:
            values = {**values, "link": self._link(row.values["nonce"])}
        letter = self._letters.write(row, {**values, **read})
        return self._gate.letter(row, letter.text) if row.channel == "sms" else letter

    async def _opted_out(self, row: Outgoing) -> None:
        """The provider knows of a STOP that never came to us."""
        async with self._sessions.begin() as session:
            choose(session, row.brand, row.address, out=True, source=PROVIDER, now=self._now())

    def _failed(self, row: Outgoing, error: str, *, final: bool, unknown: bool = False) -> dict[str, Any]:
        if final:
            return {"state": FAILED, "ended_at": self._now(), "error": error[:200]}
        pause = max(PAUSES[min(row.tries, len(PAUSES)) - 1], UNKNOWN_FOR if unknown else PAUSES[0])
        return {"state": PENDING, "next_at": self._now() + pause, "error": error[:200]}
