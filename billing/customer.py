"""`python -m billing.customer export|purge`: what billing holds of an account, as JSON; and the notices whose time is over.

Bills, payments and the audit of changes are kept: the law asks for six years (Income Tax Act, 230). So nothing of an account is erased
here; what goes is what only served to tell somebody something.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.account import normal_account_number
from billing.database import Database, open_database
from billing.models import AccountRow, Table
from billing.money import CAD
from billing.notice_models import NoticeRow
from billing.settings import SettingsError, StoreSettings

NOTICES_KEPT_DAYS = 90
SECRET = {"premier_pin", "token_hash", "key", "request_hash", "response"}


async def read_out(session: AsyncSession, brand: str, account: str) -> dict[str, Any]:
    """All rows of an account by table, empty where there is no such account. Secrets are not data of the customer's."""
    number = normal_account_number(account)
    found = await session.scalar(select(AccountRow.id).where(AccountRow.brand == brand, AccountRow.number == number))
    if found is None:
        return {}
    result: dict[str, Any] = {}
    ids: dict[str, list[int]] = {"account": [found]}
    for table in Table.metadata.sorted_tables:
        conditions = [
            table.columns[column.name].in_(ids[key.column.table.name])
            for column in table.columns
            for key in column.foreign_keys
            if ids.get(key.column.table.name)
        ]
        if table.name == "account":
            conditions = [table.columns["id"].in_([found])]
        rows = {}
        for condition in conditions:
            for row in (await session.execute(select(table).where(condition))).mappings():
                rows[row[_first(table)]] = {name: _plain(value) for name, value in row.items() if name not in SECRET}
        if rows:
            ids[table.name] = [int(key) for key in rows if isinstance(key, int)]
            result[table.name] = list(rows.values())
    return result


async def purge(session: AsyncSession, now: datetime, days: int = NOTICES_KEPT_DAYS) -> int:
    """Removes the notices that the gateway took so long ago; how many."""
    old = NoticeRow.ended_at < now - timedelta(days=days)
    done = await session.execute(delete(NoticeRow).where(old))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _first(table: SqlTable) -> str:
    return str(next(iter(table.primary_key.columns)).name)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if name not in SECRET}
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, CAD) else value


async def _run(database: Database, given: argparse.Namespace) -> int:
    try:
        if given.what == "purge":
            async with database.writing() as session:
                print(f"billing: {await purge(session, datetime.now(UTC), given.days)} notices removed")
            return 0
        async with database.reading() as session:
            found = await read_out(session, given.brand, given.account)
    finally:
        await database.close()
    if not found:
        print(f"billing: no account {given.account} of {given.brand}", file=sys.stderr)
        return 1
    text = json.dumps(found, ensure_ascii=False, indent=2)
    with open(os.open(given.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    print(f"billing: {sum(len(rows) for rows in found.values())} rows of {len(found)} tables in {given.out}")
    return 0


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m billing.customer", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    export = commands.add_parser("export")
    export.add_argument("--brand", required=True)
    export.add_argument("--account", required=True)
    export.add_argument("--out", type=Path, required=True)
    commands.add_parser("purge").add_argument("--days", type=int, default=NOTICES_KEPT_DAYS)
    given = parser.parse_args()
    try:
        database = open_database(StoreSettings.from_environment(os.environ).database_url)
        return asyncio.run(_run(database, given))
    except (SettingsError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
