"""The tables of what customers do about money and of their profile; the accounts and bills are in `models.py`.

Rows carry no rules: `payment_link.py`, `promise.py` and the other rule files decide.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from billing.models import Table
from billing.money import CAD


class PaymentLinkRow(Table):
    """A link to the payment page: one amount, one use. The states are those of `payment_link.py`.

    `token` is the secret part of the link and the key under which the provider charges; `choice` is what the customer
    chose on the page, kept before the provider is called, so that a charge cut short ends as it began.
    """

    __tablename__ = "payment_link"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'charging', 'paid', 'declined')", name="state"),
        Index(None, "account_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    conversation: Mapped[str] = mapped_column(Text)
    amount: Mapped[CAD] = mapped_column("amount_cents")
    bill_number: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    choice: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    receipt: Mapped[str | None] = mapped_column(String(40))


class AutopayChargeRow(Table):
    """An automatic payment of one day: made before the provider is asked, so that a day is taken once. `reference` is the key there."""

    __tablename__ = "autopay_charge"
    __table_args__ = (
        UniqueConstraint("account_id", "taken_on"),
        CheckConstraint("state IN ('charging', 'paid', 'declined')", name="state"),
        Index(None, "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    taken_on: Mapped[date]
    amount: Mapped[CAD] = mapped_column("amount_cents")
    state: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class DocumentLinkRow(Table):
    """A link to a document: `token` is its address, `number` that of a bill, "" for call details."""

    __tablename__ = "document_link"
    __table_args__ = (
        CheckConstraint("kind IN ('bill', 'calls')", name="kind"),
        Index(None, "account_id", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    expires_at: Mapped[datetime]


class PaymentReportRow(Table):
    """A payment that the customer says was made and that the account does not show yet."""

    __tablename__ = "payment_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    at: Mapped[datetime]
    amount: Mapped[CAD] = mapped_column("amount_cents")
    paid_on: Mapped[date]
    method: Mapped[str] = mapped_column(String(40))
    payer_reference: Mapped[str | None] = mapped_column(String(100))


class PaymentPromiseRow(Table):
    """What the customer promised to pay, and by when. `replaced_at`: when another promise took its place."""

    __tablename__ = "payment_promise"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    at: Mapped[datetime]
    amount: Mapped[CAD] = mapped_column("amount_cents")
    made_on: Mapped[date]
    promised_for: Mapped[date]
    replaced_at: Mapped[datetime | None]


class ProfileAccountRow(Table):
    """An account that a company added to the profile of another of its accounts, its first."""

    __tablename__ = "profile_account"
    __table_args__ = (UniqueConstraint("profile_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class CallRow(Table):
    """One outgoing call of an account whose call details are online. `kind` is one of `calls.KINDS`."""

    __tablename__ = "call_detail"
    __table_args__ = (Index(None, "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    number: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    seconds: Mapped[int]
    cost: Mapped[CAD] = mapped_column("cost_cents")
