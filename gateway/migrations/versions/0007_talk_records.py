"""Figures: a row for each conversation with what came of it, what it was about, and the first due time that a request missed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talk_record",
        sa.Column("conversation", sa.String(length=40), sa.ForeignKey("conversation.id"), primary_key=True),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("helped_by", sa.String(length=12), nullable=False),
        sa.Column("first_s", sa.Integer(), nullable=True),
        sa.Column("asked_person_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_s", sa.Integer(), nullable=True),
        sa.Column("owed", sa.Boolean(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=12), nullable=True),
        sa.Column("resolved_s", sa.Integer(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column("unhelpful", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=True),
        sa.Column("contact", sa.String(length=254), nullable=True),
    )
    op.create_index("ix_talk_record_day", "talk_record", ["day"])
    op.create_index("talk_record_account", "talk_record", ["brand", "account"])
    op.create_index("talk_record_contact", "talk_record", ["brand", "contact"])
    op.create_table(
        "asked",
        sa.Column("conversation", sa.String(length=40), sa.ForeignKey("conversation.id"), primary_key=True),
        sa.Column("outcome", sa.String(length=120), primary_key=True),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
    )
    op.create_index("asked_day_outcome", "asked", ["day", "outcome"])
    op.create_table(
        "record_mark",
        sa.Column("name", sa.String(length=20), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("conversation_rated_at", "conversation", ["rated_at"])
    with op.batch_alter_table("support_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_support_request_created_at", "support_request", ["created_at"])
    op.create_index("ix_support_request_changed_at", "support_request", ["changed_at"])


def downgrade() -> None:
    op.drop_index("ix_support_request_changed_at", "support_request")
    op.drop_index("ix_support_request_created_at", "support_request")
    with op.batch_alter_table("support_request", schema=None) as batch_op:
        batch_op.drop_column("missed_at")
    op.drop_index("conversation_rated_at", "conversation")
    for table in ("record_mark", "asked", "talk_record"):
        op.drop_table(table)
