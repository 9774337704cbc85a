"""Automatic payments, one a day and account."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "autopay_charge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('charging', 'paid', 'declined')", name=op.f("ck_autopay_charge_state")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_autopay_charge_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autopay_charge")),
        sa.UniqueConstraint("account_id", "taken_on", name=op.f("uq_autopay_charge_account_id_taken_on")),
        sa.UniqueConstraint("reference", name=op.f("uq_autopay_charge_reference")),
    )
    op.create_index(op.f("ix_autopay_charge_state"), "autopay_charge", ["state"])


def downgrade() -> None:
    op.drop_table("autopay_charge")
