"""The parcels and appointments of the demonstration customers, some days from today."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from billing.account import normal_postal_code
from billing.models import AccountRow
from billing.order_models import AppointmentRow, ShipmentRow


async def bring_orders(session: AsyncSession, owner: AccountRow, entry: dict[str, Any], today: date) -> None:
    """Those that the file names take the place of those that are there: nothing here is the customer's own doing."""

    def day(of: dict[str, Any], name: str) -> date | None:
        return today + timedelta(days=of[name]) if name in of else None

    place = normal_postal_code(entry["postal_code"])
    for table in (ShipmentRow, AppointmentRow):
        await session.execute(delete(table).where(table.account_id == owner.id))
    session.add_all(
        ShipmentRow(
            account_id=owner.id,
            carrier=one["carrier"],
            tracking_number=one.get("tracking"),
            state=one["state"],
            ordered_on=day(one, "ordered"),
            shipped_on=day(one, "shipped"),
            expected_on=day(one, "expected"),
            delivered_on=day(one, "delivered"),
            postal_code=normal_postal_code(one.get("postal_code", place)),
        )
        for one in entry.get("shipments", [])
    )
    session.add_all(
        AppointmentRow(
            account_id=owner.id,
            kind=one["kind"],
            state=one["state"],
            day=day(one, "day"),
            window_from=time.fromisoformat(one["from"]),
            window_to=time.fromisoformat(one["until"]),
            postal_code=normal_postal_code(one.get("postal_code", place)),
            phone=entry.get("phone"),
        )
        for one in entry.get("appointments", [])
    )
