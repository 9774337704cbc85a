"""Brings the database to the current tables: `python -m billing.migrate`. Safe to run again; it keeps all rows."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from billing.database import make_folder, open_database
from billing.settings import SettingsError, StoreSettings

_MIGRATIONS = Path(__file__).parent / "migrations"


async def migrate(url: str) -> None:
    """Run the migrations that the database at this URL lacks, all in one transaction."""
    make_folder(url)
    database = open_database(url)
    try:
        async with database.engine.execution_options(writing=True).begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await database.close()


def current_revision() -> str:
    """The revision that this code needs the database to be at."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise LookupError(f"no migration in {_MIGRATIONS}")
    return revision


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def main() -> int:
    try:
        settings = StoreSettings.from_environment(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    asyncio.run(migrate(settings.database_url))
    print(f"billing: database at revision {current_revision()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
