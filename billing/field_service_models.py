"""The tables of the field service: machines by serial number, preventive visits asked for, tries of a premier PIN."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.models import AccountRow, Table


class EquipmentRow(Table):
    """A machine or software of an account. `serial` is kept as `account.normal_account_number` writes it.

    The contract is the account's (`extra`): it covers all the machines of an account alike.
    """

    __tablename__ = "equipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    serial: Mapped[str] = mapped_column(String(40), unique=True)
    model: Mapped[str] = mapped_column(String(100))

    owner: Mapped[AccountRow] = relationship(lazy="raise_on_sql")


class MaintenanceVisitRow(Table):
    """A preventive visit that was asked for here. The year of `preferred_on` is the one whose visits it uses up."""

    __tablename__ = "maintenance_visit"
    __table_args__ = (Index(None, "account_id", "preferred_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"))
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    at: Mapped[datetime]
    preferred_on: Mapped[date]
    contact: Mapped[str] = mapped_column(String(200))


class PremierTryRow(Table):
    """A wrong premier PIN, and the conversation that tried it. `subject` is whose PIN it was, or a hash of what was named where there is
    none.

    The PIN itself is never kept here.
    """

    __tablename__ = "premier_try"
    __table_args__ = (Index(None, "subject", "at"), Index(None, "conversation", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
