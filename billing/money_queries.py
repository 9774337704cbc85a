"""What is read from the tables of `money_models.py`: functions that take a session. They decide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from billing.models import AccountRow, AccountUserRow, BillRow
from billing.money_models import (
    AutopayChargeRow,
    CallRow,
    PaymentLinkRow,
    PaymentPromiseRow,
    PaymentReportRow,
    ProfileAccountRow,
)


async def payment_link(session: AsyncSession, owner: AccountRow, reference: str) -> PaymentLinkRow | None:
    return await session.scalar(
        select(PaymentLinkRow).where(PaymentLinkRow.account_id == owner.id, PaymentLinkRow.reference == reference)
    )


async def link_with_account(session: AsyncSession, token: str) -> tuple[PaymentLinkRow, AccountRow] | None:
    """The link with this token, and whose it is."""
    found = await session.execute(
        select(PaymentLinkRow, AccountRow)
        .join(AccountRow, PaymentLinkRow.account_id == AccountRow.id)
        .where(PaymentLinkRow.token == token)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


async def last_autopay_charge(session: AsyncSession, owner: AccountRow) -> AutopayChargeRow | None:
    """The latest automatic payment that was carried out, or tried, here."""
    return await session.scalar(
        select(AutopayChargeRow)
        .where(AutopayChargeRow.account_id == owner.id)
        .order_by(AutopayChargeRow.taken_on.desc())
        .limit(1)
    )


async def reports(session: AsyncSession, owner: AccountRow) -> Sequence[PaymentReportRow]:
    """The reports of payments, newest first."""
    rows = await session.scalars(
        select(PaymentReportRow)
        .where(PaymentReportRow.account_id == owner.id)
        .order_by(PaymentReportRow.at.desc(), PaymentReportRow.id.desc())
    )
    return rows.all()


async def promises(session: AsyncSession, owner: AccountRow) -> Sequence[PaymentPromiseRow]:
    """The promises to pay, newest first."""
    rows = await session.scalars(
        select(PaymentPromiseRow)
        .where(PaymentPromiseRow.account_id == owner.id)
        .order_by(PaymentPromiseRow.at.desc(), PaymentPromiseRow.id.desc())
    )
    return rows.all()


async def latest_bills_with_lines(session: AsyncSession, owner: AccountRow, limit: int) -> Sequence[BillRow]:
    """The bills issued last, newest first, with their lines."""
    rows = await session.scalars(
        select(BillRow)
        .where(BillRow.account_id == owner.id)
        .order_by(BillRow.issued_on.desc(), BillRow.id.desc())
        .limit(limit)
        .options(selectinload(BillRow.lines))
    )
    return rows.all()


async def bill(session: AsyncSession, owner: AccountRow, number: str) -> BillRow | None:
    """The account's bill with this number, with its lines."""
    return await session.scalar(
        select(BillRow)
        .where(BillRow.account_id == owner.id, BillRow.number == number)
        .options(selectinload(BillRow.lines))
    )


async def users(session: AsyncSession, owner: AccountRow) -> Sequence[AccountUserRow]:
    """The people registered on the account, first registered first."""
    rows = await session.scalars(
        select(AccountUserRow).where(AccountUserRow.account_id == owner.id).order_by(AccountUserRow.id)
    )
    return rows.all()


async def located_in(
    session: AsyncSession, *, brands: Sequence[str], number: str, postal_code: str
) -> AccountRow | None:
    """The account of one of these brands with this number and postal code: one statement, as `located_account`."""
    return await session.scalar(
        select(AccountRow)
        .where(AccountRow.brand.in_(brands), AccountRow.number == number, AccountRow.postal_code == postal_code)
        .limit(1)
    )


async def added_accounts(session: AsyncSession, profile: AccountRow) -> int:
    """How many accounts were added to the profile of this account."""
    count = await session.scalar(
        select(func.count()).select_from(ProfileAccountRow).where(ProfileAccountRow.profile_id == profile.id)
    )
    return count or 0


async def is_added(session: AsyncSession, profile: AccountRow, account: AccountRow) -> bool:
    """Whether the account was added to the profile."""
    found = await session.scalar(
        select(ProfileAccountRow.id).where(
            ProfileAccountRow.profile_id == profile.id, ProfileAccountRow.account_id == account.id
        )
    )
    return found is not None


async def calls(session: AsyncSession, owner: AccountRow, since: datetime) -> Sequence[CallRow]:
    """The calls from this moment on, in the order they were made."""
    rows = await session.scalars(
        select(CallRow).where(CallRow.account_id == owner.id, CallRow.at >= since).order_by(CallRow.at, CallRow.id)
    )
    return rows.all()
