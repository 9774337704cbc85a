"""Payment links, payment reports, promises to pay, profiles of several accounts, call details, and keys of bill lines."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account_user", sa.Column("email", sa.String(254), nullable=True))
    op.add_column("bill_line", sa.Column("key", sa.String(40), nullable=True))
    op.create_table(
        "payment_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("bill_number", sa.String(40), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("choice", sa.String(20), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(40), nullable=True),
        sa.CheckConstraint("state IN ('open', 'charging', 'paid', 'declined')", name=op.f("ck_payment_link_state")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payment_link_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_link")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_link_reference")),
        sa.UniqueConstraint("token", name=op.f("uq_payment_link_token")),
    )
    op.create_index(op.f("ix_payment_link_account_id_state"), "payment_link", ["account_id", "state"])
    op.create_table(
        "payment_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("payer_reference", sa.String(100), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payment_report_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_report")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_report_reference")),
    )
    op.create_index(op.f("ix_payment_report_account_id"), "payment_report", ["account_id"])
    op.create_table(
        "payment_promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("promised_for", sa.Date(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payment_promise_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_promise")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_promise_reference")),
    )
    op.create_index(op.f("ix_payment_promise_account_id"), "payment_promise", ["account_id"])
    op.create_table(
        "profile_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["profile_id"], ["account.id"], name=op.f("fk_profile_account_profile_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_profile_account_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_account")),
        sa.UniqueConstraint("profile_id", "account_id", name=op.f("uq_profile_account_profile_id_account_id")),
    )
    op.create_table(
        "call_detail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_call_detail_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_detail")),
    )
    op.create_index(op.f("ix_call_detail_account_id_at"), "call_detail", ["account_id", "at"])


def downgrade() -> None:
    for table in ("call_detail", "profile_account", "payment_promise", "payment_report", "payment_link"):
        op.drop_table(table)
    # In place, on SQLite too (3.35 or later): a copied table would lose its CHECK constraints there.
    op.drop_column("bill_line", "key")
    op.drop_column("account_user", "email")
