"""Machines by serial number, preventive visits, tries of a premier PIN.

The machines that accounts already have are taken from their own data, so that a serial number finds them at once.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    equipment = op.create_table(
        "equipment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(40), nullable=False),
        sa.Column("model", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_equipment_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
        sa.UniqueConstraint("serial", name=op.f("uq_equipment_serial")),
    )
    op.create_index(op.f("ix_equipment_account_id"), "equipment", ["account_id"])
    op.create_table(
        "maintenance_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("equipment_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("preferred_on", sa.Date(), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_maintenance_visit_account_id")),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], name=op.f("fk_maintenance_visit_equipment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_visit")),
        sa.UniqueConstraint("reference", name=op.f("uq_maintenance_visit_reference")),
    )
    op.create_index(
        op.f("ix_maintenance_visit_account_id_preferred_on"), "maintenance_visit", ["account_id", "preferred_on"]
    )
    op.create_table(
        "premier_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premier_try")),
    )
    op.create_index(op.f("ix_premier_try_subject_at"), "premier_try", ["subject", "at"])
    _take_machines_over(equipment)


def _take_machines_over(equipment: sa.Table) -> None:
    account = sa.table("account", sa.column("id", sa.Integer()), sa.column("extra", sa.JSON()))
    found: dict[str, dict[str, object]] = {}
    for account_id, extra in op.get_bind().execute(sa.select(account.c.id, account.c.extra).order_by(account.c.id)):
        for machine in extra.get("equipment", []):
            serial = _plain(machine["serial"])
            # A number that two accounts have is kept for the first: the other must be looked at by a person.
            found.setdefault(serial, {"account_id": account_id, "serial": serial, "model": machine["model"]})
    if found:
        op.bulk_insert(equipment, list(found.values()))


def _plain(serial: str) -> str:
    # As `billing.account.normal_account_number` was when this was written.
    return "".join(sign for sign in unicodedata.normalize("NFKC", serial).upper() if sign.isascii() and sign.isalnum())


def downgrade() -> None:
    for table in ("premier_try", "maintenance_visit", "equipment"):
        op.drop_table(table)
