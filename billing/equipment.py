"""Machines by their serial numbers: queries only. A serial number finds a machine; it proves nothing about the person."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager

from billing.account import normal_account_number
from billing.field_service_models import EquipmentRow, MaintenanceVisitRow
from billing.models import AccountRow

NO_CONTRACT = "none"


async def equipment(session: AsyncSession, *, brand: str, serial: str) -> EquipmentRow | None:
    """The machine with this serial number, in whatever way it is written, with its account loaded."""
    return await session.scalar(
        select(EquipmentRow)
        .join(EquipmentRow.owner)
        .where(AccountRow.brand == brand, EquipmentRow.serial == normal_account_number(serial))
        .options(contains_eager(EquipmentRow.owner))
    )


async def visits_asked_for(session: AsyncSession, owner: AccountRow) -> Counter[int]:
    """How many preventive visits were asked for here, by the calendar year of the preferred day."""
    days = await session.scalars(
        select(MaintenanceVisitRow.preferred_on).where(MaintenanceVisitRow.account_id == owner.id)
    )
    return Counter(day.year for day in days)


def equipment_rows(owner: AccountRow, entries: list[dict[str, Any]]) -> list[EquipmentRow]:
    """The rows of the machines that an account's data names: [{"serial", "model"}]. The account has its id."""
    return [
        EquipmentRow(account_id=owner.id, serial=normal_account_number(entry["serial"]), model=entry["model"])
        for entry in entries
    ]


def contract_of(owner: AccountRow) -> str:
    """One of `field_service.CONTRACTS`."""
    return str(owner.extra.get("contract", NO_CONTRACT))


def visits_counted(owner: AccountRow) -> int:
    """The preventive visits that the field service made or planned this year itself."""
    return int(owner.extra.get("maintenance_visits_this_year", 0))
