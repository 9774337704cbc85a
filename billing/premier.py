"""The premier PIN: four digits that lead past the queue, to level 2.

Who tries is limited first: five wrong ones in a conversation within 24 hours, and it may try no more, whatever it names. The PIN itself
never closes for long, or anybody who knows a serial number could keep its owner out: after ten wrong ones in 24 hours, from whatever
conversations, it rests for 15 minutes after each, so that 10,000 of them take months. The owner hears of it.

An unknown machine, a wrong PIN and a resting one get one and the same answer, by the same statements. The PIN is compared in
constant time, and is written nowhere: not to the log, not to the audit, not under an idempotency key, where a hash of four
digits would be read at once. So a try that is sent twice counts twice.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing import notices, queries
from billing.account import normal_account_number
from billing.database import Database
from billing.equipment import equipment
from billing.field_service_models import PremierTryRow
from billing.models import AccountRow, AuditRow
from billing.tokens import Visitor
from billing.writes import new_reference

TRIES = 5  # of one conversation
COUNTED_FOR = timedelta(hours=24)
WRONG_OF_ALL = 10  # of all conversations, before the PIN rests
RESTS_FOR = timedelta(minutes=15)
_OPENED, _RESTS = "premier_access", "premier_locked"
# Compared with where there is no PIN; no four digits are equal to it.
_NO_PIN = "none"


async def try_pin(
    database: Database, *, visitor: Visitor, serial: str | None, account: str | None, pin: str, now: datetime
) -> bool:
    """Whether the PIN is that of the machine's or the account's owner; exactly one of both is given."""
    async with database.writing() as session:
        # Not those that somebody else's try is forgetting at this moment: they are not counted below, either.
        old = select(PremierTryRow.id).where(PremierTryRow.at <= now - COUNTED_FOR).with_for_update(skip_locked=True)
        await session.execute(delete(PremierTryRow).where(PremierTryRow.id.in_(old)))
        owner = await _owner(session, visitor.brand, serial, account)
        subject = _subject(owner, serial, account)
        recent = PremierTryRow.at > now - COUNTED_FOR
        own = await session.scalar(
            select(func.count()).where(PremierTryRow.conversation == visitor.conversation, recent)
        )
        wrong, last = (
            await session.execute(
                select(func.count(), func.max(PremierTryRow.at)).where(PremierTryRow.subject == subject, recent)
            )
        ).one()
        right = hmac.compare_digest(_pin(owner).encode(), pin.encode())
        if (own or 0) >= TRIES or (wrong >= WRONG_OF_ALL and last > now - RESTS_FOR):
            return False
        if not right:
            session.add(PremierTryRow(subject=subject, conversation=visitor.conversation, at=now))
            if owner is not None and wrong == WRONG_OF_ALL - 1:
                reference = _audit(session, visitor, owner, _RESTS, {"wrong": WRONG_OF_ALL}, now)
                notices.tell(session, owner, event=_RESTS, reference=reference, values={"wrong": WRONG_OF_ALL}, now=now)
            return False
        # What others got wrong stays counted: a customer who comes in must not open the way to who guesses.
        own_tries = delete(PremierTryRow).where(
            PremierTryRow.subject == subject, PremierTryRow.conversation == visitor.conversation
        )
        await session.execute(own_tries)
        if owner is not None:
            _audit(session, visitor, owner, _OPENED, {"level": 2}, now)
        return True


async def _owner(session: AsyncSession, brand: str, serial: str | None, account: str | None) -> AccountRow | None:
    """The account, locked: tries at one PIN take turns, or a hundred at once would all count as the first."""
    number = normal_account_number(account or "")
    if serial is not None:
        machine = await equipment(session, brand=brand, serial=serial)
        number = machine.owner.number if machine else ""
    return await queries.locked_account(session, brand=brand, number=number)


def _subject(owner: AccountRow | None, serial: str | None, account: str | None) -> str:
    """Whose tries are counted. By serial or by account number, the PIN is one, so its tries are counted together."""
    if owner is not None:
        return f"account:{owner.id}"
    named = f"serial:{normal_account_number(serial)}" if serial is not None else f"number:{account}"
    return f"unknown:{hashlib.sha256(named.encode()).hexdigest()}"


def _pin(owner: AccountRow | None) -> str:
    return str(owner.extra.get("premier_pin", _NO_PIN)) if owner is not None else _NO_PIN


def _audit(
    session: AsyncSession, visitor: Visitor, owner: AccountRow, action: str, after: dict[str, object], now: datetime
) -> str:
    """The reference of what was audited."""
    reference = new_reference(action)
    session.add(
        AuditRow(
            at=now,
            account_id=owner.id,
            conversation=visitor.conversation,
            action=action,
            before={},
            after=after,
            reference=reference,
        )
    )
    return reference
