"""Parcels on their way, and appointments of installers."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shipment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(40), nullable=False),
        sa.Column("tracking_number", sa.String(40), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("postal_code", sa.String(10), nullable=False),
        sa.CheckConstraint(
            "state IN ('preparing', 'in_transit', 'delivered', 'returned')", name=op.f("ck_shipment_state")
        ),
        sa.CheckConstraint("state <> 'delivered' OR delivered_on IS NOT NULL", name=op.f("ck_shipment_delivered_on")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_shipment_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
    )
    op.create_index(op.f("ix_shipment_account_id_ordered_on"), "shipment", ["account_id", "ordered_on"])
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("window_from", sa.Time(), nullable=False),
        sa.Column("window_to", sa.Time(), nullable=False),
        sa.Column("postal_code", sa.String(10), nullable=False),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.CheckConstraint("kind IN ('installation', 'activation', 'transfer')", name=op.f("ck_appointment_kind")),
        sa.CheckConstraint("state IN ('planned', 'done', 'missed', 'cancelled')", name=op.f("ck_appointment_state")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_appointment_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(op.f("ix_appointment_account_id_day"), "appointment", ["account_id", "day"])


def downgrade() -> None:
    op.drop_table("appointment")
    op.drop_table("shipment")
