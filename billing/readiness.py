"""Can this process serve? Its database must answer and have the tables of this code."""

from __future__ import annotations

import asyncio
import logging
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from billing.database import Database

logger = logging.getLogger(__name__)

# A probe that waits longer than its caller says nothing.
_PATIENCE_S = 2.0


class DatabaseState(StrEnum):
    READY = "ready"
    NOT_MIGRATED = "not_migrated"
    UNREACHABLE = "unreachable"


async def database_state(database: Database, revision: str) -> DatabaseState:
    """Whether the database answers within 2 s and stands at the revision. Never raises."""
    try:
        async with asyncio.timeout(_PATIENCE_S), database.reading() as session:
            await session.execute(text("SELECT 1"))
            try:
                found = await session.scalar(text("SELECT version_num FROM alembic_version"))
            except SQLAlchemyError:
                return DatabaseState.NOT_MIGRATED
    # Each driver has its own errors for a server that is away; whatever it is, this process cannot serve.
    except Exception as error:
        logger.warning("database unreachable: %s", type(error).__name__)
        return DatabaseState.UNREACHABLE
    return DatabaseState.READY if found == revision else DatabaseState.NOT_MIGRATED
