"""Questions that nobody could answer, grouped by likeness."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_group",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("meaning", sa.LargeBinary(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("agent", sa.Integer(), sa.ForeignKey("agent.id"), nullable=True),
        sa.Column("article", sa.String(length=120), nullable=True),
    )
    op.create_index("question_group_brand_state", "question_group", ["brand", "state"])
    op.create_table(
        "open_question",
        sa.Column("message", sa.Integer(), sa.ForeignKey("message.id"), primary_key=True, autoincrement=False),
        sa.Column("group", sa.Integer(), sa.ForeignKey("question_group.id"), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_open_question_group", "open_question", ["group"])


def downgrade() -> None:
    op.drop_table("open_question")
    op.drop_table("question_group")
