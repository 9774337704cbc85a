"""The machines that accounts had before there was a table for them are found by their serial numbers after the migration."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, select

import billing
from billing import queries
from billing.equipment import contract_of, equipment
from billing.field_service_models import EquipmentRow
from billing.migrate import migrate

MIGRATIONS = Path(billing.__file__).parent / "migrations"
BEFORE = "0002"


async def go_back(database):
    """To the tables as they were before the field service, with all accounts kept."""

    def downgrade(connection):
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)

    async with database.engine.execution_options(writing=True).begin() as connection:
        await connection.run_sync(downgrade)


async def machines(database):
    async with database.reading() as session:
        rows = await session.execute(select(EquipmentRow.serial, EquipmentRow.model).order_by(EquipmentRow.serial))
        return [tuple(row) for row in rows]


async def test_the_migration_takes_over_the_machines_that_accounts_have(database, database_url):
    before = await machines(database)
    assert len(before) == 4
    await go_back(database)
    async with database.engine.connect() as connection:
        assert not await connection.run_sync(lambda sync: inspect(sync).has_table("equipment"))
    await migrate(database_url)
    assert await machines(database) == before


async def test_a_serial_number_that_two_accounts_have_stays_with_the_first(database, database_url):
    await go_back(database)
    async with database.writing() as session:
        second = await queries.account(session, brand="pitney-bowes", number="0012345679")
        second.extra = {**second.extra, "equipment": [{"model": "Copied", "serial": "3a-01234567"}]}
    await migrate(database_url)
    async with database.reading() as session:
        machine = await equipment(session, brand="pitney-bowes", serial="3A01234567")
    assert (machine.model, machine.owner.number) == ("SendPro C", "0012345678")
    assert len(await machines(database)) == 3


async def test_an_account_without_a_contract_has_none(database):
    async with database.writing() as session:
        owner = await queries.account(session, brand="pitney-bowes", number="0012345678")
        owner.extra = {name: value for name, value in owner.extra.items() if name != "contract"}
    async with database.reading() as session:
        machine = await equipment(session, brand="pitney-bowes", serial="3A01234567")
    assert contract_of(machine.owner) == "none"
