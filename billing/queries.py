"""What is read from the database: functions that take a session. They decide nothing: the rules are in `bill.py`."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Date, String, bindparam, cast, func, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from billing.bill import Bill, Ledger, Payment
from billing.models import AccountRow, AccountUserRow, AuditRow, BillRow, PaymentRow

# What every read asks is written down once: to build a statement takes longer than the database needs to answer it.
_ACCOUNT = select(AccountRow).where(AccountRow.brand == bindparam("brand"), AccountRow.number == bindparam("number"))
_ACCOUNT_AND_USERS = _ACCOUNT.add_columns(
    select(func.count()).where(AccountUserRow.account_id == AccountRow.id).scalar_subquery()
)
_LOCATED = _ACCOUNT.where(AccountRow.postal_code == bindparam("postal_code"))
_LATEST_BILL = (
    select(BillRow)
    .where(BillRow.account_id == bindparam("account_id"))
    .order_by(BillRow.issued_on.desc(), BillRow.id.desc())
    .limit(1)
    .options(joinedload(BillRow.lines))
)
# Bills and payments in one statement, as values: a row of an account's history becomes nothing that could be changed.
_LEDGER: CompoundSelect[Any] = union_all(
    select(
        BillRow.id,
        BillRow.issued_on.label("day"),
        BillRow.due_on.label("due_on"),
        BillRow.number,
        BillRow.total.label("amount"),
        cast(null(), String).label("method"),
    ).where(BillRow.account_id == bindparam("account_id")),
    select(
        PaymentRow.id,
        PaymentRow.paid_on,
        cast(null(), Date),
        PaymentRow.number,
        PaymentRow.amount,
        PaymentRow.method,
    ).where(PaymentRow.account_id == bindparam("account_id")),
)


async def located_account(session: AsyncSession, *, brand: str, number: str, postal_code: str) -> AccountRow | None:
    """The account with this number and postal code, both normalised.

    One statement asks for both, so an unknown account and a wrong postal code are one and the same to the database, to
    the code that follows and to whoever measures the time.
    """
    return await session.scalar(_LOCATED, {"brand": brand, "number": number, "postal_code": postal_code})


async def account(session: AsyncSession, *, brand: str, number: str) -> AccountRow | None:
    """The account with this normalised number, without its users and bills."""
    return await session.scalar(_ACCOUNT, {"brand": brand, "number": number})


async def account_and_users(session: AsyncSession, *, brand: str, number: str) -> tuple[AccountRow, int] | None:
    """The account, and how many people use it online."""
    found = (await session.execute(_ACCOUNT_AND_USERS, {"brand": brand, "number": number})).one_or_none()
    return (found[0], found[1]) if found else None


async def locked_account(session: AsyncSession, *, brand: str, number: str) -> AccountRow | None:
    """The account, held until the transaction ends, so that writes to one account take turns (SQLite's always do)."""
    return await session.scalar(_ACCOUNT.with_for_update(), {"brand": brand, "number": number})


async def ledger(session: AsyncSession, owner: AccountRow) -> Ledger:
    """All bills and payments of the account, as the rules take them, each the oldest first."""
    bills: list[tuple[date, int, Bill]] = []
    payments: list[tuple[date, int, Payment]] = []
    for key, day, due_on, number, amount, method in await session.execute(_LEDGER, {"account_id": owner.id}):
        if due_on is not None:
            bills.append((day, key, Bill(number, day, due_on, amount)))
        else:
            payments.append((day, key, Payment(number, day, amount, method)))
    # By the day, then in the order they came in.
    bills.sort(key=lambda one: one[:2])
    payments.sort(key=lambda one: one[:2])
    return Ledger(owner.opening_balance, tuple(one for *_, one in bills), tuple(one for *_, one in payments))


async def latest_bill(session: AsyncSession, owner: AccountRow) -> BillRow | None:
    """The bill issued last, with its lines."""
    return (await session.scalars(_LATEST_BILL, {"account_id": owner.id})).unique().one_or_none()


async def latest_audit(session: AsyncSession, owner: AccountRow, action: str) -> AuditRow | None:
    """The last time this was done on the account."""
    return await session.scalar(
        select(AuditRow)
        .where(AuditRow.account_id == owner.id, AuditRow.action == action)
        .order_by(AuditRow.at.desc(), AuditRow.id.desc())
        .limit(1)
    )
