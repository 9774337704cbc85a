"""Loads the demonstration customers: `python -m billing.demo demo/accounts.json`.

The file's days are days from today. Loaded again, it leaves the customers as they are, with whatever they changed in
the meantime, and only moves the days of their demonstration bills, payments and calls, so that what was due in nine days still
is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing import queries
from billing.account import normal_account_number, normal_postal_code
from billing.bill import Bill, Ledger, Payment, balance, standing
from billing.bill_lines import BillLineWords, bill_lines, read_bill_line_words
from billing.database import Database, open_database
from billing.demo_calls import demo_calls
from billing.demo_orders import bring_orders
from billing.equipment import equipment_rows
from billing.field_service_models import EquipmentRow, MaintenanceVisitRow
from billing.migrate import current_revision
from billing.models import AccountRow, AccountUserRow, BillLineRow, BillRow, PaymentRow
from billing.money import CAD
from billing.money_models import CallRow
from billing.readiness import DatabaseState, database_state
from billing.settings import SettingsError, StoreSettings

# The fields of the file that have a column or a table; all others are the brand's own and go to `extra`.
_OWN_FIELDS = frozenset({"_", "brand", "account", "name", "language", "postal_code", "country", "phone", "email"}) | {
    *("delivery", "ebill_email", "pie", "autopay", "users"),
    *("bills", "payments", "balance", "past_due", "disconnected", "maintenance_visits_this_year"),
    *("shipments", "appointments"),
}


class DemoError(Exception):
    """The file cannot be loaded as it is; the message says which account and why."""


async def load_demo(database: Database, accounts: list[dict[str, Any]], *, today: date) -> int:
    """Bring the demonstration customers into the database, all or none; returns how many are new. Raises DemoError."""
    words = read_bill_line_words()
    created = 0
    async with database.writing() as session:
        for entry in accounts:
            number = normal_account_number(entry["account"])
            row = await queries.account(session, brand=entry["brand"], number=number)
            if row is None:
                await _create(session, entry, words, today)
                created += 1
            else:
                await _move_days(session, row, entry, today)
    return created


async def _create(session: AsyncSession, entry: dict[str, Any], words: BillLineWords, today: date) -> None:
    ledger = _ledger(entry, today)
    row = AccountRow(
        brand=entry["brand"],
        number=normal_account_number(entry["account"]),
        name=entry["name"],
        language=entry["language"],
        postal_code=normal_postal_code(entry["postal_code"]),
        country=entry.get("country", "CA"),
        phone=entry.get("phone"),
        email=entry.get("email"),
        delivery=entry.get("delivery"),
        ebill_email=entry.get("ebill_email"),
        pie=entry.get("pie", False),
        autopay=entry.get("autopay", False),
        opening_balance=ledger.opening,
        extra=_extra(entry, today),
    )
    session.add(row)
    await session.flush()
    session.add_all(
        AccountUserRow(account_id=row.id, name=user["name"], role=user["role"]) for user in entry.get("users", [])
    )
    session.add_all(equipment_rows(row, entry.get("equipment", [])))
    session.add_all(_bill_row(row, bill, words) for bill in ledger.bills)
    session.add_all(
        PaymentRow(
            account_id=row.id,
            number=payment.number,
            paid_on=payment.paid_on,
            amount=payment.amount,
            method=payment.method,
        )
        for payment in ledger.payments
    )
    session.add_all(_call_rows(row, entry, today))
    await _bring_visits(session, row, entry, today)
    await bring_orders(session, row, entry, today)


async def _bring_visits(session: AsyncSession, owner: AccountRow, entry: dict[str, Any], today: date) -> None:
    """The preventive visits that the file counts, a month apart and in this year, whatever year it was at the last load."""
    machine = await session.scalar(select(EquipmentRow).where(EquipmentRow.account_id == owner.id).limit(1))
    for n in range(1, entry.get("maintenance_visits_this_year", 0) + 1):
        day = max(today - timedelta(days=30 * n), date(today.year, 1, 1))
        reference = f"T-{owner.number[-4:]}{n:02d}"
        visit = await session.scalar(select(MaintenanceVisitRow).where(MaintenanceVisitRow.reference == reference))
        if visit is not None:
            visit.preferred_on = day
        elif machine is not None:
            session.add(
                MaintenanceVisitRow(
                    account_id=owner.id,
                    equipment_id=machine.id,
                    reference=reference,
                    at=datetime.combine(day, time(12), UTC),
                    preferred_on=day,
                    contact=owner.email or owner.phone or "",
                )
            )


def _call_rows(owner: AccountRow, entry: dict[str, Any], today: date) -> list[CallRow]:
    return [
        CallRow(
            account_id=owner.id, at=call.at, number=call.number, kind=call.kind, seconds=call.seconds, cost=call.cost
        )
        for call in demo_calls(entry.get("calls", 0), account=owner.number, today=today)
    ]


def _bill_row(owner: AccountRow, bill: Bill, words: BillLineWords) -> BillRow:
    lines = bill_lines(
        words,
        brand=owner.brand,
        country=owner.country,
        postal_code=owner.postal_code,
        contract=owner.extra.get("contract"),
        rented_modem=owner.extra.get("modem", {}).get("rented", False),
        total=bill.total,
    )
    return BillRow(
        account_id=owner.id,
        number=bill.number,
        issued_on=bill.issued_on,
        due_on=bill.due_on,
        total=bill.total,
        lines=[
            BillLineRow(
                position=position,
                kind=line.kind,
                key=line.key,
                description_fr=line.description_fr,
                description_en=line.description_en,
                amount=line.amount,
            )
            for position, line in enumerate(lines, start=1)
        ],
    )


async def _move_days(session: AsyncSession, row: AccountRow, entry: dict[str, Any], today: date) -> None:
    """Only the rows that the file names: bills and payments that came since keep their days."""
    ledger = _ledger(entry, today)
    bills = {bill.number: bill for bill in ledger.bills}
    payments = {payment.number: payment for payment in ledger.payments}
    for bill_row in await session.scalars(select(BillRow).where(BillRow.account_id == row.id)):
        if bill := bills.get(bill_row.number):
            bill_row.issued_on, bill_row.due_on = bill.issued_on, bill.due_on
    for payment_row in await session.scalars(select(PaymentRow).where(PaymentRow.account_id == row.id)):
        if payment := payments.get(payment_row.number):
            payment_row.paid_on = payment.paid_on
    if "calls" in entry:
        await session.execute(delete(CallRow).where(CallRow.account_id == row.id))
        session.add_all(_call_rows(row, entry, today))
    await _bring_visits(session, row, entry, today)
    await bring_orders(session, row, entry, today)
    if "disconnected_on" in row.extra:
        row.extra = {**row.extra, "disconnected_on": _extra(entry, today).get("disconnected_on")}


def _ledger(entry: dict[str, Any], today: date) -> Ledger:
    """The account's ledger, with the opening balance that brings it to exactly the figures of the file."""
    bills = tuple(
        Bill(bill["number"], _day(today, bill["day"]), _day(today, bill["due"]), CAD(bill["total"]))
        for bill in entry["bills"]
    )
    payments = tuple(_payments(entry, today))
    without_opening = Ledger(bills=bills, payments=payments)
    ledger = Ledger(CAD(entry["balance"]) - balance(without_opening), bills, payments)
    late = standing(ledger, today).past_due
    if late != CAD(entry["past_due"]):
        raise DemoError(f"account {entry['account']}: past due comes to {late}, the file says {entry['past_due']}")
    return ledger


def _payments(entry: dict[str, Any], today: date) -> Iterator[Payment]:
    """Payments newest first, as in the file. Their receipt numbers are made up, and the same at every load."""
    payments = entry["payments"]
    for position, payment in enumerate(payments):
        number = f"R-{entry['account'][-4:]}{len(payments) - position:02d}"
        yield Payment(number, _day(today, payment["day"]), CAD(payment["amount"]), payment["method"])


def _extra(entry: dict[str, Any], today: date) -> dict[str, Any]:
    extra = {field: value for field, value in entry.items() if field not in _OWN_FIELDS}
    if "disconnected" in entry:
        extra["disconnected_on"] = _day(today, entry["disconnected"]).isoformat()
    return extra


def _day(today: date, days: int) -> date:
    return today + timedelta(days=days)


async def _run(settings: StoreSettings, accounts: list[dict[str, Any]]) -> int:
    database = open_database(settings.database_url)
    try:
        if await database_state(database, current_revision()) is not DatabaseState.READY:
            raise DemoError("the database is not there or not up to date: run `python -m billing.migrate` first")
        return await load_demo(database, accounts, today=datetime.now(UTC).astimezone(settings.time_zone).date())
    finally:
        await database.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m billing.demo", description="Load the demonstration customers.")
    parser.add_argument("file", type=Path, help="such as demo/accounts.json")
    arguments = parser.parse_args()
    try:
        settings = StoreSettings.from_environment(os.environ)
        accounts = json.loads(arguments.file.read_text(encoding="utf-8"))["accounts"]
        created = asyncio.run(_run(settings, accounts))
    except (SettingsError, DemoError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"billing: {created} demonstration customers added, {len(accounts) - created} already there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
