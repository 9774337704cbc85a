"""What is read from the database: functions that take a session. They decide nothing: the rules are in `bill.py`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from billing.bill import Bill, Ledger, Payment
from billing.models import AccountRow, AuditRow, BillRow, PaymentRow


async def located_account(session: AsyncSession, *, brand: str, number: str, postal_code: str) -> AccountRow | None:
    """The account with this number and postal code, both normalised.

    One statement asks for both, so an unknown account and a wrong postal code are one and the same to the database, to
    the code that follows and to whoever measures the time.
    """
    return await session.scalar(
        select(AccountRow).where(
            AccountRow.brand == brand, AccountRow.number == number, AccountRow.postal_code == postal_code
        )
    )


async def account(session: AsyncSession, *, brand: str, number: str) -> AccountRow | None:
    """The account with this normalised number, without its users and bills."""
    return await session.scalar(select(AccountRow).where(AccountRow.brand == brand, AccountRow.number == number))


async def account_with_users(session: AsyncSession, *, brand: str, number: str) -> AccountRow | None:
    return await session.scalar(
        select(AccountRow)
        .where(AccountRow.brand == brand, AccountRow.number == number)
        .options(selectinload(AccountRow.users))
    )


async def locked_account(session: AsyncSession, *, brand: str, number: str) -> AccountRow | None:
    """The account, held until the transaction ends, so that writes to one account take turns (SQLite's always do)."""
    return await session.scalar(
        select(AccountRow).where(AccountRow.brand == brand, AccountRow.number == number).with_for_update()
    )


async def ledger(session: AsyncSession, owner: AccountRow) -> Ledger:
    """All bills and payments of the account, as the rules take them."""
    bills = await session.scalars(select(BillRow).where(BillRow.account_id == owner.id))
    payments = await session.scalars(select(PaymentRow).where(PaymentRow.account_id == owner.id))
    return Ledger(owner.opening_balance, tuple(map(bill_of, bills)), tuple(map(payment_of, payments)))


async def latest_bill(session: AsyncSession, owner: AccountRow) -> BillRow | None:
    """The bill issued last, with its lines."""
    return await session.scalar(
        select(BillRow)
        .where(BillRow.account_id == owner.id)
        .order_by(BillRow.issued_on.desc(), BillRow.id.desc())
        .limit(1)
        .options(selectinload(BillRow.lines))
    )


async def latest_bills(session: AsyncSession, owner: AccountRow, limit: int) -> Sequence[BillRow]:
    """The bills issued last, newest first, without their lines."""
    rows = await session.scalars(
        select(BillRow)
        .where(BillRow.account_id == owner.id)
        .order_by(BillRow.issued_on.desc(), BillRow.id.desc())
        .limit(limit)
    )
    return rows.all()


async def latest_payments(session: AsyncSession, owner: AccountRow, limit: int) -> Sequence[PaymentRow]:
    """The payments that came in last, newest first."""
    rows = await session.scalars(
        select(PaymentRow)
        .where(PaymentRow.account_id == owner.id)
        .order_by(PaymentRow.paid_on.desc(), PaymentRow.id.desc())
        .limit(limit)
    )
    return rows.all()


async def latest_audit(session: AsyncSession, owner: AccountRow, action: str) -> AuditRow | None:
    """The last time this was done on the account."""
    return await session.scalar(
        select(AuditRow)
        .where(AuditRow.account_id == owner.id, AuditRow.action == action)
        .order_by(AuditRow.at.desc(), AuditRow.id.desc())
        .limit(1)
    )


def bill_of(row: BillRow) -> Bill:
    return Bill(number=row.number, issued_on=row.issued_on, due_on=row.due_on, total=row.total)


def payment_of(row: PaymentRow) -> Payment:
    return Payment(number=row.number, paid_on=row.paid_on, amount=row.amount, method=row.method)
