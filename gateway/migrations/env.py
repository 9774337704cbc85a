"""Alembic's environment for the gateway's and the desk's tables."""

from typing import Any, Literal

from alembic import context

from desk import agent_models as _agent_models  # noqa: F401  (the desk's tables are in the same metadata)
from desk import knowledge_models as _knowledge_models  # noqa: F401
from desk import models as _desk_models  # noqa: F401
from desk import record_models as _record_models  # noqa: F401
from gateway.models import Base, Moment


def as_plain_type(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Migrations name database types, not ours: they must still run when ours have changed."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=as_plain_type)
with context.begin_transaction():
    context.run_migrations()
