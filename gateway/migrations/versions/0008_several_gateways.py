"""Which gateway takes a conversation's turns, which gateways live, and an index of the open messages alone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'received'")


def upgrade() -> None:
    op.create_table(
        "gateway",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("alive_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    # Without a new copy of the table: it is the longest but one, and people write in it meanwhile.
    op.add_column("conversation", sa.Column("gateway", sa.String(length=40), nullable=True))
    op.create_index("message_open", "message", ["conversation", "sequence"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_index("message_state", table_name="message")


def downgrade() -> None:
    # In the order in which a message takes its locks, as above: the other way round one of the two would be turned away.
    op.drop_column("conversation", "gateway")
    op.create_index("message_state", "message", ["state"])
    op.drop_index("message_open", table_name="message")
    op.drop_table("gateway")
