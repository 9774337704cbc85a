"""Automatic payments carried out on their day, each once, by a job of the process; and what customers then hear.

A charge is written down before the provider is asked, and settled with the payment's row, its audit and the notice. A process that ends
in between leaves it charging; the next look, of this process or another, asks the provider again under the same key. A card that is
declined is not tried again: automatic payment stops, and the customer is told to pay that bill (WRS's text says the same of PayPal).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, exists, false, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from billing import notices, queries
from billing.autopay import TakenRule, amount_taken, taken_days
from billing.bill import unpaid
from billing.brands import Brand, Brands
from billing.database import Database
from billing.models import AccountRow, AuditRow, BillRow, PaymentRow
from billing.money import ZERO
from billing.money_answers import money
from billing.money_models import AutopayChargeRow
from billing.payment_provider import Charge, PaymentProvider, ProviderUnavailable
from billing.writes import new_reference

logger = logging.getLogger(__name__)

EVERY_S = 600.0
TAKEN_FROM = time(6)  # of the company's day: nobody is charged in the middle of the night
# A process that was away for longer leaves what it missed to people: money must not be taken on a day that nobody expects.
CATCH_UP = timedelta(days=3)
_PROVIDER_S = 10.0
_JOB = "autopay job"  # stands in the audit where a conversation would
METHOD = "automatic"


async def run(database: Database, provider: PaymentProvider, brands: Brands, now: Callable[[], datetime]) -> None:
    """Looks every ten minutes until cancelled. A database that is away is looked at again."""
    while True:
        try:
            await take_due(database, provider, brands, now=now())
        except (SQLAlchemyError, OSError) as error:
            logger.warning("automatic payments were not looked at: %s", type(error).__name__)
        await asyncio.sleep(EVERY_S)


async def take_due(database: Database, provider: PaymentProvider, brands: Brands, *, now: datetime) -> None:
    """Charges what is due today, or was in the last days, and ends what was cut short. `now` in the company's zone."""
    await _settle_all(database, provider, now=now)
    if now.time() < TAKEN_FROM:
        return
    for brand in brands.entries.values():
        if brand.autopay is None:
            continue
        async with database.reading() as session:
            accounts = (await session.scalars(_candidates(brand, brand.autopay, now.date()))).all()
        for number in accounts:
            for charge_id in await _begin(database, brand.id, number, brand.autopay, now=now):
                await _settle(database, provider, charge_id, now=now)


def _candidates(brand: Brand, rule: TakenRule, today: date) -> Select[str]:
    """The numbers of the accounts that may have something to be taken in these days."""
    found = select(AccountRow.number).where(AccountRow.brand == brand.id, AccountRow.autopay.is_(True))
    if rule.rule == "day_of_month":
        days = taken_days(rule, (), first=today - CATCH_UP, last=today)
        return found if days else found.where(false())
    last = today - timedelta(days=rule.value)
    issued = (BillRow.account_id == AccountRow.id, BillRow.issued_on.between(last - CATCH_UP, last))
    return found.where(exists().where(*issued))


async def _begin(database: Database, brand: str, number: str, rule: TakenRule, *, now: datetime) -> list[int]:
    """Writes down the charges of an account that are due and were not made yet; their ids."""
    today = now.date()
    async with database.writing() as session:
        owner = await queries.locked_account(session, brand=brand, number=number)
        if owner is None or not owner.autopay:
            return []
        made = set(
            await session.scalars(select(AutopayChargeRow.taken_on).where(AutopayChargeRow.account_id == owner.id))
        )
        first = max(today - CATCH_UP, await _started_on(session, owner, now) or date.min)
        owed = unpaid(await queries.ledger(session, owner))
        rows = [
            AutopayChargeRow(
                account_id=owner.id,
                reference=new_reference("autopay_payment"),
                taken_on=day,
                amount=amount,
                state="charging",
                at=now,
            )
            for day in taken_days(rule, owed, first=first, last=today)
            if day not in made and (amount := amount_taken(rule, owed, day)) > ZERO
        ]
        # One at a time: what a later day takes is what the earlier one left, which the next look knows.
        session.add_all(rows[:1])
        await session.flush()
        return [row.id for row in rows[:1]]


async def _started_on(session: AsyncSession, owner: AccountRow, now: datetime) -> date | None:
    """The day on which automatic payment was turned on here: nothing that was due before is taken."""
    last = await queries.latest_audit(session, owner, "autopay")
    return last.at.astimezone(now.tzinfo).date() if last else None


async def _settle_all(database: Database, provider: PaymentProvider, *, now: datetime) -> None:
    async with database.reading() as session:
        ids = (await session.scalars(select(AutopayChargeRow.id).where(AutopayChargeRow.state == "charging"))).all()
    for charge_id in ids:
        await _settle(database, provider, charge_id, now=now)


async def _settle(database: Database, provider: PaymentProvider, charge_id: int, *, now: datetime) -> None:
    """Asks the provider and records what it says; without an answer the charge waits for the next look."""
    async with database.reading() as session:
        row = await session.get_one(AutopayChargeRow, charge_id)
        owner = await session.get_one(AccountRow, row.account_id)
    try:
        async with asyncio.timeout(_PROVIDER_S):
            charge = await provider.charge_on_file(
                key=row.reference, brand=owner.brand, account=owner.number, amount=row.amount
            )
    except (ProviderUnavailable, TimeoutError):
        logger.warning("automatic payment %s is still being charged", row.reference)
        return
    await _record(database, charge_id, charge, now=now)


async def _record(database: Database, charge_id: int, charge: Charge, *, now: datetime) -> None:
    action = "autopay_payment" if charge.paid else "autopay_declined"
    async with database.writing() as session:
        ended = await session.execute(
            update(AutopayChargeRow)
            .where(AutopayChargeRow.id == charge_id, AutopayChargeRow.state == "charging")
            .values(state="paid" if charge.paid else "declined", settled_at=now)
        )
        if not (isinstance(ended, CursorResult) and ended.rowcount == 1):  # another process was faster
            return
        row = await session.get_one(AutopayChargeRow, charge_id)
        owner = await session.get_one(AccountRow, row.account_id)
        if charge.paid:
            payment = {"number": row.reference, "paid_on": now.date(), "amount": row.amount, "method": METHOD}
            session.add(PaymentRow(account_id=owner.id, **payment))
        else:
            owner.autopay = False
        session.add(
            AuditRow(
                at=now,
                account_id=owner.id,
                conversation=_JOB,
                action=action,
                before={"active": True},
                after={"active": charge.paid, "amount": str(row.amount), "taken_on": row.taken_on.isoformat()},
                reference=row.reference,
            )
        )
        told = {"amount": money(row.amount), "date": row.taken_on.isoformat()}
        notices.tell(session, owner, event=action, reference=row.reference, values=told, now=now)
