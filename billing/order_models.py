"""The tables of an order on its way: parcels, and appointments of installers. The company's own system fills them.

Rows carry no rules: `orders.py` decides.
"""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from billing.models import Table


class ShipmentRow(Table):
    """A parcel. `postal_code` is where it goes, kept as `account.normal_postal_code` writes it: often, but not always, the account's.

    `expected_on`: the day that the carrier names; None where it named none yet.
    """

    __tablename__ = "shipment"
    __table_args__ = (
        CheckConstraint("state IN ('preparing', 'in_transit', 'delivered', 'returned')", name="state"),
        CheckConstraint("state <> 'delivered' OR delivered_on IS NOT NULL", name="delivered_on"),
        Index(None, "account_id", "ordered_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    carrier: Mapped[str] = mapped_column(String(40))
    tracking_number: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    ordered_on: Mapped[date]
    shipped_on: Mapped[date | None]
    expected_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    postal_code: Mapped[str] = mapped_column(String(10))


class AppointmentRow(Table):
    """A visit of an installer, between two times of a day as clocks show them there. `phone`: whom the installer calls before."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("kind IN ('installation', 'activation', 'transfer')", name="kind"),
        CheckConstraint("state IN ('planned', 'done', 'missed', 'cancelled')", name="state"),
        Index(None, "account_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]
    window_from: Mapped[time]
    window_to: Mapped[time]
    postal_code: Mapped[str] = mapped_column(String(10))
    phone: Mapped[str | None] = mapped_column(String(20))
