"""Sessions that are new once identity is proved; lines that are shown to the customer only while the proof lasts."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("former_token_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("renewed_by", sa.Integer(), nullable=True))
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("proof", schema=None) as batch_op:
        # A proof of before keeps the session that it was given in.
        batch_op.add_column(sa.Column("renewed", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.drop_column("renewed")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("private")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("renewed_by")
        batch_op.drop_column("former_token_hash")
