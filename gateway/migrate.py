"""`python -m gateway.migrate`: brings the database to the newest state; `--make "title"` writes a new one, `--down 0007` goes back."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from gateway.database import open_database
from gateway.settings import DATABASE_URL

LOCK_MS = 2000
TRIES, AGAIN_S = 10, 1.0


def configuration(connection: Connection) -> Config:
    """Alembic's settings, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


async def migrate(url: str, make: str | None = None, down: str | None = None) -> None:
    """Upgrades the database at `url`; `down` goes back to an earlier revision instead. All of it or nothing, while gateways serve."""
    engine, _ = open_database(url)

    def change(connection: Connection) -> None:
        if make:
            command.revision(configuration(connection), message=make, autogenerate=True)
        elif down:
            command.downgrade(configuration(connection), down)
        else:
            command.upgrade(configuration(connection), "head")

    for patience in range(TRIES, 0, -1):
        try:
            # As a writer from the start: a gateway that still serves would else get between.
            async with engine.execution_options(writing=True).begin() as connection:
                if connection.dialect.name == "postgresql":
                    # While it waits for a table everybody waits behind it: better to step back and try again.
                    await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_MS}ms'")
                    # In the order in which a message takes its locks: taken one by one by the steps, one of the two would be turned away.
                    for table in ("conversation", "message"):
                        if await connection.scalar(select(func.to_regclass(table))):
                            await connection.exec_driver_sql(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
                await connection.run_sync(change)
            break
        except OperationalError:
            if patience == 1:
                raise
            await asyncio.sleep(AGAIN_S)
    await engine.dispose()


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--make", help="write a new migration with this title")
    parser.add_argument("--down", help="go back to this revision")
    url = os.environ.get("GATEWAY_DATABASE_URL", DATABASE_URL)
    given = parser.parse_args()
    asyncio.run(migrate(url, given.make, given.down))


if __name__ == "__main__":
    main()
