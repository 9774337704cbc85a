"""Text messages: threads, what came in, who wants none, and what is known of each that goes out."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sms_thread",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("brand", sa.String(40), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("customer", sa.String(20), nullable=False),
        sa.Column("conversation", sa.String(40), sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("more", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("number", "customer"),
    )
    op.create_index("ix_sms_thread_conversation", "sms_thread", ["conversation"])
    op.create_index("ix_sms_thread_customer", "sms_thread", ["customer"])
    op.create_table(
        "sms_received",
        sa.Column("key", sa.String(128), primary_key=True),
        sa.Column("thread", sa.Integer(), sa.ForeignKey("sms_thread.id"), nullable=False),
        sa.Column("conversation", sa.String(40), sa.ForeignKey("conversation.id"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("sms_received_thread_at", "sms_received", ["thread", "at"])
    op.create_table(
        "sms_choice",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("brand", sa.String(40), nullable=False),
        sa.Column("customer", sa.String(20), nullable=False),
        sa.Column("out", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("word", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("sms_choice_who", "sms_choice", ["brand", "customer", "id"])
    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sender", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("alphabet", sa.String(8), nullable=True))
        batch_op.add_column(sa.Column("parts", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("provider_id", sa.String(80), nullable=True))
        batch_op.add_column(sa.Column("delivery", sa.String(12), nullable=True))
        batch_op.create_foreign_key("outgoing_message", "message", ["message"], ["id"])
        batch_op.create_index("ix_outgoing_message", ["message"])
        batch_op.create_index("outgoing_address", ["address", "state"])


def downgrade() -> None:
    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.drop_index("outgoing_address")
        batch_op.drop_index("ix_outgoing_message")
        batch_op.drop_constraint("outgoing_message", type_="foreignkey")
        for name in ("delivery", "provider_id", "parts", "alphabet", "sender", "message"):
            batch_op.drop_column(name)
    op.drop_table("sms_choice")
    op.drop_table("sms_received")
    op.drop_table("sms_thread")
