"""What is read from the database: functions that take a session. They decide nothing: the rules are in `bill.py`."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Date, String, bindparam, cast, func, literal_column, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from billing.bill import Bill, Ledger, Line, Payment
from billing.models import AccountRow, AccountUserRow, AuditRow, BillLineRow, BillRow, PaymentRow
from billing.money import CAD

# What every read asks is written down once: to build a statement takes longer than the database needs to answer it.
_OWN = (AccountRow.brand == bindparam("brand"), AccountRow.number == bindparam("account"))
_ACCOUNT = select(AccountRow).where(*_OWN)
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
# What the account owed at its opening, its bills and its payments: all that decides what it owes, in one statement, so that it is
# one state of the database. The columns are those of the first part.
_OPENING, _BILL, _PAYMENT = "opening", "bill", "payment"
_LEDGER: CompoundSelect[Any] = union_all(
    select(
        literal_column(f"'{_OPENING}'").label("kind"),
        AccountRow.id,
        cast(null(), Date).label("day"),
        cast(null(), Date).label("due_on"),
        cast(null(), String).label("number"),
        AccountRow.opening_balance.label("amount"),
        cast(null(), String).label("method"),
    ).where(*_OWN),
    select(
        literal_column(f"'{_BILL}'"),
        BillRow.id,
        BillRow.issued_on,
        BillRow.due_on,
        BillRow.number,
        BillRow.total,
        cast(null(), String),
    )
    .join(AccountRow, AccountRow.id == BillRow.account_id)
    .where(*_OWN),
    select(
        literal_column(f"'{_PAYMENT}'"),
        PaymentRow.id,
        PaymentRow.paid_on,
        cast(null(), Date),
        PaymentRow.number,
        PaymentRow.amount,
        PaymentRow.method,
    )
    .join(AccountRow, AccountRow.id == PaymentRow.account_id)
    .where(*_OWN),
)
_LINES = (
    select(
        BillLineRow.kind, BillLineRow.description_fr, BillLineRow.description_en, BillLineRow.amount, BillLineRow.key
    )
    .join(BillRow, BillRow.id == BillLineRow.bill_id)
    .join(AccountRow, AccountRow.id == BillRow.account_id)
    .where(*_OWN, BillRow.number == bindparam("bill"))
    .order_by(BillLineRow.position)
)


async def located_account(session: AsyncSession, *, brand: str, number: str, postal_code: str) -> AccountRow | None:
    """The account with this number and postal code, both normalised.

    One statement asks for both, so an unknown account and a wrong postal code are one and the same to the database, to
    the code that follows and to whoever measures the time.
    """
    return await session.scalar(_LOCATED, {"brand": brand, "account": number, "postal_code": postal_code})


async def account(session: AsyncSession, *, brand: str, number: str) -> AccountRow | None:
    """The account with this normalised number, without its users and bills."""
    return await session.scalar(_ACCOUNT, {"brand": brand, "account": number})


async def account_and_users(session: AsyncSession, *, brand: str, number: str) -> tuple[AccountRow, int] | None:
    """The account, and how many people use it online."""
    found = (await session.execute(_ACCOUNT_AND_USERS, {"brand": brand, "account": number})).one_or_none()
    return (found[0], found[1]) if found else None


async def locked_account(session: AsyncSession, *, brand: str, number: str) -> AccountRow | None:
    """The account, held until the transaction ends, so that writes to one account take turns (SQLite's always do)."""
    return await session.scalar(_ACCOUNT.with_for_update(), {"brand": brand, "account": number})


async def ledger_of(session: AsyncSession, *, brand: str, number: str) -> Ledger | None:
    """All bills and payments of the account with this normalised number, as the rules take them, each the oldest first."""
    opening: CAD | None = None
    bills: list[tuple[date, int, Bill]] = []
    payments: list[tuple[date, int, Payment]] = []
    for kind, key, day, due_on, name, amount, method in await session.execute(
        _LEDGER, {"brand": brand, "account": number}
    ):
        if kind == _BILL:
            bills.append((day, key, Bill(name, day, due_on, amount)))
        elif kind == _PAYMENT:
            payments.append((day, key, Payment(name, day, amount, method)))
        else:
            opening = amount
    if opening is None:
        return None
    # By the day, then in the order they came in.
    bills.sort(key=lambda one: one[:2])
    payments.sort(key=lambda one: one[:2])
    return Ledger(opening, tuple(one for *_, one in bills), tuple(one for *_, one in payments))


async def ledger(session: AsyncSession, owner: AccountRow) -> Ledger:
    """The ledger of an account that is there."""
    found = await ledger_of(session, brand=owner.brand, number=owner.number)
    return found or Ledger(owner.opening_balance)


async def bill_lines(session: AsyncSession, *, brand: str, number: str, bill: str) -> tuple[Line, ...]:
    """The lines of the account's bill with this number, in their order. What was issued does not change."""
    rows = await session.execute(_LINES, {"brand": brand, "account": number, "bill": bill})
    return tuple(Line(*row) for row in rows)


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
