"""Who tried a premier PIN. Those from before are forgotten: they counted for a day, and nobody knows whose they were."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM premier_try")
    with op.batch_alter_table("premier_try") as table:
        table.add_column(sa.Column("conversation", sa.String(200), nullable=False))
    op.create_index(op.f("ix_premier_try_conversation_at"), "premier_try", ["conversation", "at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_premier_try_conversation_at"), "premier_try")
    with op.batch_alter_table("premier_try") as table:
        table.drop_column("conversation")
