"""Whether a conversation ever proved an account stands in its own row: most never do, and their turns need not ask."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proved", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE conversation SET proved = true WHERE id IN (SELECT conversation FROM proof)")


def downgrade() -> None:
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("proved")
