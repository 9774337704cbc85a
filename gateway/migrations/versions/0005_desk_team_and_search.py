"""The team that a conversation was handed to, and an index of words for the desk's search."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The letters of French without their marks, signs as blanks (else R-123 is "minus 123"). The same text stands in desk/search.py, or
# PostgreSQL does not use the index.
WORDS = "to_tsvector('simple', translate(lower({text}), 'àâäçéèêëîïôöùûüÿœ-@.+/_', 'aaaceeeeiioouuuyo      '))"
TEXTS = {
    "message": "text",
    "note": "text",
    "support_request": "number || ' ' || description || ' ' || contact",
}


def upgrade() -> None:
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team", sa.String(length=40), nullable=True))
        batch_op.create_index("conversation_handled_by", ["handled_by"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for table, text in TEXTS.items():
            op.execute(f"CREATE INDEX desk_search_{table} ON {table} USING gin ({WORDS.format(text=text)})")
        return
    # No triggers: SQLite drops them with the table whenever a later migration changes one of its columns.
    op.execute(
        "CREATE VIRTUAL TABLE desk_search USING fts5("
        "text, kind UNINDEXED, ref UNINDEXED, brand UNINDEXED, tokenize='unicode61 remove_diacritics 2')"
    )
    op.create_table(
        "desk_search_state",
        sa.Column("kind", sa.String(length=20), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in TEXTS:
            op.execute(f"DROP INDEX desk_search_{table}")
    else:
        op.execute("DROP TABLE desk_search")
        op.drop_table("desk_search_state")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index("conversation_handled_by")
        batch_op.drop_column("team")
