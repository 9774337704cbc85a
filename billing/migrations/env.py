"""Alembic runs this file for each command. `billing.migrate` hands it an open connection in the configuration."""

from alembic import context

from billing import field_service_models, money_models, notice_models, order_models  # noqa: F401  their tables count too
from billing.models import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    # SQLite changes a table by copying it; PostgreSQL is not concerned.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
