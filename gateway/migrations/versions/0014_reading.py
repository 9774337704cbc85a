"""Proofs that are enough to read, not to change."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("code", "proof"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("reading", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table in ("code", "proof"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("reading")
