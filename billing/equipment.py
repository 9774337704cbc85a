"""Machines by their serial numbers: queries only. A serial number finds a machine; it proves nothing about the person."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager

from billing.account import normal_account_number
from billing.field_service_models import EquipmentRow, MaintenanceVisitRow
from billing.models import AccountRow, AuditRow

NO_CONTRACT = "none"


async def equipment(session: AsyncSession, *, brand: str, serial: str) -> EquipmentRow | None:
    """The machine with this serial number, in whatever way it is written, with its account loaded."""
    return await session.scalar(
        select(EquipmentRow)
        .join(EquipmentRow.owner)
        .where(AccountRow.brand == brand, EquipmentRow.serial == normal_account_number(serial))
        .options(contains_eager(EquipmentRow.owner))
    )


async def visits_of_year(session: AsyncSession, owner: AccountRow, year: int) -> int:
    """How many preventive visits of an account fall into a calendar year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    counted = await session.scalar(
        select(func.count())
        .select_from(MaintenanceVisitRow)
        .where(MaintenanceVisitRow.account_id == owner.id, MaintenanceVisitRow.preferred_on.between(first, last))
    )
    return counted or 0


async def visit_of_conversation(
    session: AsyncSession, machine: EquipmentRow, day: date, conversation: str
) -> MaintenanceVisitRow | None:
    """The visit for this machine and day that was asked for in this very conversation; those of others stay theirs."""
    return await session.scalar(
        select(MaintenanceVisitRow)
        .join(AuditRow, AuditRow.reference == MaintenanceVisitRow.reference)
        .where(
            MaintenanceVisitRow.equipment_id == machine.id,
            MaintenanceVisitRow.preferred_on == day,
            AuditRow.conversation == conversation,
        )
        .limit(1)
    )


def equipment_rows(owner: AccountRow, entries: list[dict[str, Any]]) -> list[EquipmentRow]:
    """The rows of the machines that an account's data names: [{"serial", "model"}]. The account has its id."""
    return [
        EquipmentRow(account_id=owner.id, serial=normal_account_number(entry["serial"]), model=entry["model"])
        for entry in entries
    ]


def contract_of(owner: AccountRow) -> str:
    """One of `field_service.CONTRACTS`."""
    return str(owner.extra.get("contract", NO_CONTRACT))
