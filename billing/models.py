"""The tables. Rows carry no rules: `bill.py` decides, `queries.py` fetches.

Relations raise where they were not asked for in the query (`lazy="raise_on_sql"`): no hidden statement, and none
outside the event loop.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from billing.column_types import Cents, Moment
from billing.money import CAD, ZERO


class Table(DeclarativeBase):
    # Named constraints, or SQLite could never change one in a later migration.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {CAD: Cents, datetime: Moment, dict[str, Any]: JSON}


class AccountRow(Table):
    """A customer's account with one brand. `number` and `postal_code` are kept normalised (see `account.py`)."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("brand", "number"),
        CheckConstraint("language IN ('fr', 'en')", name="language"),
        CheckConstraint("delivery IN ('paper', 'ebill')", name="delivery"),
        # Paper or e-bill, never both: one field says which, and e-bill needs an address.
        CheckConstraint("delivery <> 'ebill' OR ebill_email IS NOT NULL", name="ebill_email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    postal_code: Mapped[str] = mapped_column(String(10))
    country: Mapped[str] = mapped_column(String(2))
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    # None where the brand keeps no choice between paper and e-bill.
    delivery: Mapped[str | None] = mapped_column(String(5))
    ebill_email: Mapped[str | None] = mapped_column(String(254))
    pie: Mapped[bool] = mapped_column(default=False)
    autopay: Mapped[bool] = mapped_column(default=False)
    opening_balance: Mapped[CAD] = mapped_column("opening_balance_cents", default=ZERO)
    # What only one brand knows: network, plan, modem, contract, equipment ... Some of it is secret (premier_pin): only
    # the fields that `answers.PUBLIC_FIELDS` lists may leave.
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)

    users: Mapped[list[AccountUserRow]] = relationship(lazy="raise_on_sql", order_by="AccountUserRow.id")


class AccountUserRow(Table):
    """A person of the company who uses its account online. `role`: "administrator" or "secondary".

    `email` is None for people who were registered before this backend kept it.
    """

    __tablename__ = "account_user"
    __table_args__ = (CheckConstraint("role IN ('administrator', 'secondary')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))


class BillRow(Table):
    __tablename__ = "bill"
    __table_args__ = (UniqueConstraint("account_id", "number"), Index(None, "account_id", "issued_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    number: Mapped[str] = mapped_column(String(40))
    issued_on: Mapped[date]
    due_on: Mapped[date]
    total: Mapped[CAD] = mapped_column("total_cents")

    lines: Mapped[list[BillLineRow]] = relationship(lazy="raise_on_sql", order_by="BillLineRow.position")


class BillLineRow(Table):
    """One line of a bill, worded in both languages when the bill was issued: an issued bill does not change."""

    __tablename__ = "bill_line"
    __table_args__ = (
        UniqueConstraint("bill_id", "position"),
        CheckConstraint("kind IN ('service', 'tax')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    # What the line is, such as "internet" or "gst": bills are compared by it. None on bills from before it was kept.
    key: Mapped[str | None] = mapped_column(String(40))
    description_fr: Mapped[str] = mapped_column(String(200))
    description_en: Mapped[str] = mapped_column(String(200))
    amount: Mapped[CAD] = mapped_column("amount_cents")


class PaymentRow(Table):
    __tablename__ = "payment"
    __table_args__ = (UniqueConstraint("account_id", "number"), Index(None, "account_id", "paid_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    number: Mapped[str | None] = mapped_column(String(40))
    paid_on: Mapped[date]
    amount: Mapped[CAD] = mapped_column("amount_cents")
    method: Mapped[str] = mapped_column(String(40))


class IdempotencyKeyRow(Table):
    """The answer given to a write, so that the same request sent again changes nothing and hears the same."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    key: Mapped[str] = mapped_column(String(128))
    request_hash: Mapped[str] = mapped_column(String(64))
    response: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)


class AuditRow(Table):
    """Who changed what: written in the transaction of the change, never updated. `conversation` leads to the words."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "account_id", "action", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    conversation: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(40))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
