"""The customer's verdict: when a conversation was rated, and whether a reply helped."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("reply", sa.Integer(), sa.ForeignKey("message.id"), primary_key=True, autoincrement=False),
        sa.Column("conversation", sa.String(length=40), sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("article", sa.String(length=120), nullable=True),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_feedback_conversation", "feedback", ["conversation"])
    op.create_index("ix_feedback_at", "feedback", ["at"])
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("rated_at")
    op.drop_table("feedback")
