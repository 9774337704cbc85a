"""Indexes that hold all that the page of figures counts."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COUNTED = (
    *(
        "day",
        "brand",
        "channel",
        "helped_by",
        "language",
        "hour",
        "first_s",
        "person_s",
        "rating",
        "helpful",
        "unhelpful",
    ),
    *("owed", "resolved_at", "resolved_by", "resolved_s", "returned_at", "last_at"),
)


def upgrade() -> None:
    op.drop_index("ix_talk_record_day", "talk_record")
    op.create_index("talk_record_figures", "talk_record", list(COUNTED))
    op.drop_index("asked_day_outcome", "asked")
    op.create_index("asked_figures", "asked", ["day", "brand", "channel", "outcome"])
    op.create_index("outgoing_created", "outgoing", ["channel", "created_at"])


def downgrade() -> None:
    op.drop_index("outgoing_created", "outgoing")
    op.drop_index("asked_figures", "asked")
    op.create_index("asked_day_outcome", "asked", ["day", "outcome"])
    op.drop_index("talk_record_figures", "talk_record")
    op.create_index("ix_talk_record_day", "talk_record", ["day"])
