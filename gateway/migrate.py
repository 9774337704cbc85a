"""`python -m gateway.migrate`: brings the database to the newest state; `--make "message"` writes a new migration."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from gateway.database import open_database
from gateway.settings import DATABASE_URL


def configuration(connection: Connection) -> Config:
    """Alembic's settings, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


async def migrate(url: str, make: str | None = None) -> None:
    """Upgrades the database at `url`."""
    engine, _ = open_database(url)
    # As a writer from the start: a gateway that still serves would else get between.
    async with engine.execution_options(writing=True).begin() as connection:
        if make:
            await connection.run_sync(lambda c: command.revision(configuration(c), message=make, autogenerate=True))
        else:
            await connection.run_sync(lambda c: command.upgrade(configuration(c), "head"))
    await engine.dispose()


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--make")
    url = os.environ.get("GATEWAY_DATABASE_URL", DATABASE_URL)
    asyncio.run(migrate(url, parser.parse_args().make))


if __name__ == "__main__":
    main()
