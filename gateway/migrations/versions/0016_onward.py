"""A conversation that goes on by text message: where it began, by what each message came, and the codes that prove who has the phone."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COLUMNS = (("conversation", "home"), ("message", "channel"), ("proof", "channel"))


def upgrade() -> None:
    for table, column in COLUMNS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.String(length=20), nullable=True))
    op.create_table(
        "phone_code",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("conversation", sa.String(length=40), sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_phone_code_conversation", "phone_code", ["conversation"])
    op.create_index("phone_code_phone", "phone_code", ["brand", "phone", "sent_at"])


def downgrade() -> None:
    op.drop_table("phone_code")
    for table, column in COLUMNS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
