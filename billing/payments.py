"""Payment links: made, opened, charged and recorded, each payment once.

A link goes from open to charging before the provider is asked, and from charging to paid or declined with the payment's
row. A process that ends in between leaves it charging; whoever finds it so asks the provider again under the same key,
and records what it says.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from billing import money_queries, notices, queries
from billing.bill import standing
from billing.brands import Brand
from billing.database import Database
from billing.models import AccountRow, AuditRow, PaymentRow
from billing.money import CAD
from billing.money_answers import money, payment_link
from billing.money_models import PaymentLinkRow
from billing.payment_link import VALID_FOR, AmountTooLarge, AmountTooSmall, NothingOwed, link_amount, link_state
from billing.payment_provider import Charge, PaymentProvider, ProviderUnavailable
from billing.problems import Problem
from billing.writes import Outcome, Writer, new_reference

logger = logging.getLogger(__name__)

# The customer's browser is waiting; what is not settled by then is settled at the next look.
_PROVIDER_S = 10.0


async def make_link(
    session: AsyncSession,
    owner: AccountRow,
    reference: str,
    *,
    writer: Writer,
    brand: Brand,
    asked: CAD | None,
    public_url: str,
    now: datetime,
) -> Outcome:
    """A new link; the account's older ones that nobody used end, so that one debt is not paid twice. Raises Problem."""
    stands = standing(await queries.ledger(session, owner), now.date())
    try:
        amount = link_amount(
            asked, balance=stands.balance, least=brand.least_payment, above_balance=brand.above_balance
        )
    except NothingOwed as error:
        raise Problem("nothing-owed") from error
    except AmountTooSmall as error:
        raise _amount_problem("amount-too-small", "least", error.least) from error
    except AmountTooLarge as error:
        raise _amount_problem("amount-too-large", "largest", error.largest) from error
    await session.execute(
        update(PaymentLinkRow)
        .where(PaymentLinkRow.account_id == owner.id, PaymentLinkRow.state == "open", PaymentLinkRow.expires_at > now)
        .values(expires_at=now)
    )
    bill = await queries.latest_bill(session, owner)
    row = PaymentLinkRow(
        account_id=owner.id,
        reference=reference,
        token=secrets.token_urlsafe(24),
        conversation=writer.conversation,
        amount=amount,
        bill_number=bill.number if bill else None,
        state="open",
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    session.add(row)
    answer = {"url": f"{public_url}/pay/{row.token}", **payment_link(row, now)}
    return Outcome(answer, after={"amount": str(amount), "expires_at": answer["expires_at"]})


async def pay(
    database: Database, provider: PaymentProvider, row: PaymentLinkRow, *, choice: str, now: datetime
) -> PaymentLinkRow:
    """Use the link: charge its amount and record the outcome. Raises ProviderUnavailable.

    Of two at once, one claims the link and both end with the same payment. A link that is used, or expired, stays as it is.
    """
    async with database.writing() as session:
        await session.execute(
            update(PaymentLinkRow)
            .where(PaymentLinkRow.id == row.id, PaymentLinkRow.state == "open", PaymentLinkRow.expires_at > now)
            .values(state="charging", choice=choice)
        )
    return await settled(database, provider, row.id, now=now)


async def settled(database: Database, provider: PaymentProvider, link_id: int, *, now: datetime) -> PaymentLinkRow:
    """The link as it is, after ending a charge that was cut short. Raises ProviderUnavailable."""
    async with database.reading() as session:
        row = await session.get_one(PaymentLinkRow, link_id)
    if row.state != "charging":
        return row
    try:
        async with asyncio.timeout(_PROVIDER_S):
            charge = await provider.charge(key=row.reference, amount=row.amount, choice=row.choice or "")
    except TimeoutError as error:
        raise ProviderUnavailable from error
    return await _record(database, provider, link_id, charge, now=now)


async def settle_all(database: Database, provider: PaymentProvider, *, now: datetime) -> None:
    """End all charges that were cut short. Those that the provider cannot settle now wait for their next look."""
    async with database.reading() as session:
        ids = (await session.scalars(select(PaymentLinkRow.id).where(PaymentLinkRow.state == "charging"))).all()
    for link_id in ids:
        try:
            await settled(database, provider, link_id, now=now)
        except ProviderUnavailable:
            logger.warning("payment link %d is still being charged", link_id)


async def _record(
    database: Database, provider: PaymentProvider, link_id: int, charge: Charge, *, now: datetime
) -> PaymentLinkRow:
    action = "payment" if charge.paid else "payment_declined"
    reference = new_reference(action)
    async with database.writing() as session:
        result = await session.execute(
            update(PaymentLinkRow)
            .where(PaymentLinkRow.id == link_id, PaymentLinkRow.state == "charging")
            .values(
                state="paid" if charge.paid else "declined",
                settled_at=now,
                receipt=reference if charge.paid else None,
            )
        )
        row = await session.get_one(PaymentLinkRow, link_id)
        # Nobody else recorded it in the meantime.
        if isinstance(result, CursorResult) and result.rowcount == 1:
            if charge.paid:
                session.add(
                    PaymentRow(
                        account_id=row.account_id,
                        number=reference,
                        paid_on=now.date(),
                        amount=row.amount,
                        method=provider.method,
                    )
                )
                owner = await session.get_one(AccountRow, row.account_id)
                told = {"amount": money(row.amount), "bill": row.bill_number}
                notices.tell(session, owner, event=action, reference=reference, values=told, now=now)
            session.add(
                AuditRow(
                    at=now,
                    account_id=row.account_id,
                    conversation=row.conversation,
                    action=action,
                    before={"link": row.reference, "state": "charging"},
                    after={"link": row.reference, "state": row.state, "amount": str(row.amount)},
                    reference=reference,
                )
            )
        return row


async def link_of(session: AsyncSession, owner: AccountRow, reference: str) -> PaymentLinkRow:
    """The account's link with this reference. Raises Problem."""
    row = await money_queries.payment_link(session, owner, reference)
    if row is None:
        raise Problem("no-such-link")
    return row


def state_of(row: PaymentLinkRow, now: datetime) -> str:
    """What a caller hears of the link's state (`payment_link.link_state`)."""
    return link_state(row.state, row.expires_at, now)


def _amount_problem(slug: str, member: str, amount: CAD) -> Problem:
    members: dict[str, Any] = {"field": "amount", member: money(amount)}
    return Problem(slug, members=members)
