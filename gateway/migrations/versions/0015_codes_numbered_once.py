"""On SQLite the numbers of codes are given once: a code is worked out from its number, and its letter is known by it."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rebuild(numbered_once=True)


def downgrade() -> None:
    _rebuild(numbered_once=False)


def _rebuild(*, numbered_once: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return  # a server's sequence never goes back
    with op.batch_alter_table("code", recreate="always", table_kwargs={"sqlite_autoincrement": numbered_once}):
        pass
