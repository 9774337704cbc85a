"""Migrations go up and down on a database with customers in it, and keep what the tables before them hold."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from billing.models import Table

NEW_TABLES = {"payment_link", "payment_report", "payment_promise", "profile_account", "call_detail"}


async def tables(database):
    async with database.engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def counts(database):
    async with database.reading() as session:
        return [
            await session.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("account", "account_user", "bill", "bill_line", "payment")
        ]


async def test_down_to_the_first_tables_and_up_again_keeps_the_customers(database, move):
    before = await counts(database)
    await move(command.downgrade, "0001")
    assert not NEW_TABLES & await tables(database)
    assert await counts(database) == before
    async with database.engine.connect() as connection:
        columns = await connection.run_sync(lambda sync: inspect(sync).get_columns("bill_line"))
    assert "key" not in {column["name"] for column in columns}
    await move(command.upgrade, "head")
    assert await tables(database) >= NEW_TABLES
    assert await counts(database) == before

    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), Table.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_what_the_tables_refused_they_still_refuse_after_a_downgrade(database, move):
    await move(command.downgrade, "0001")
    for change in ("UPDATE bill_line SET kind = 'gift'", "UPDATE account_user SET role = 'owner'"):
        with pytest.raises(IntegrityError):
            async with database.writing() as session:
                await session.execute(text(change))


async def test_down_to_nothing_leaves_nothing(database, move):
    await move(command.downgrade, "base")
    assert await tables(database) == {"alembic_version"}
