"""Migrations, SQLite's settings, and the two kinds of transactions."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from billing import queries
from billing.migrate import current_revision, main, migrate
from billing.models import AccountRow, BillRow, PaymentRow, Table
from billing.money import CAD


async def test_migrations_make_exactly_the_tables_of_the_models(database):
    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), Table.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_again_keeps_every_row(database_url, database):
    await migrate(database_url)
    async with database.reading() as session:
        assert len((await session.scalars(select(AccountRow))).all()) == 11
        assert await session.scalar(text("SELECT version_num FROM alembic_version")) == current_revision()


def test_the_command_makes_the_folder_and_the_database(tmp_path, monkeypatch, capsys):
    path = tmp_path / "var" / "billing.sqlite"
    monkeypatch.setenv("BILLING_DATABASE_URL", f"sqlite+aiosqlite:///{path}")
    assert main() == 0
    assert path.exists()
    assert current_revision() in capsys.readouterr().out


@pytest.mark.usefixtures("on_sqlite")
async def test_every_sqlite_connection_has_its_pragmas(database):
    async with database.reading() as one, database.reading() as other:
        for session in (one, other):
            assert await session.scalar(text("PRAGMA journal_mode")) == "wal"
            assert await session.scalar(text("PRAGMA busy_timeout")) == 4000
            assert await session.scalar(text("PRAGMA foreign_keys")) == 1


async def test_a_row_without_its_account_is_refused(database, today):
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            session.add(PaymentRow(account_id=999, number="R-1", paid_on=today, amount=CAD("1.00"), method="online"))


@pytest.mark.parametrize(
    "change",
    ["delivery = 'both'", "delivery = 'ebill', ebill_email = NULL", "language = 'de'", "number = '1002003002'"],
)
async def test_the_tables_refuse_what_no_account_can_be(database, change):
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            await session.execute(text(f"UPDATE account SET {change} WHERE number = '1002003001'"))


async def test_money_is_kept_in_whole_cents(database):
    async with database.reading() as session:
        bill = await session.scalar(select(BillRow).where(BillRow.number == "P-90871"))
        assert bill.total == CAD("184.52")
        kept = await session.scalar(text("SELECT total_cents FROM bill WHERE number = 'P-90871'"))
    assert (kept, type(kept)) == (18452, int)


async def test_a_relation_that_was_not_asked_for_raises_instead_of_querying(database):
    async with database.reading() as session:
        account = await queries.account(session, brand="primus", number="1002003001")
        with pytest.raises(InvalidRequestError, match="raise_on_sql"):
            _ = account.users


async def test_a_reader_sees_one_state_while_another_writes(database):
    count = text("SELECT count(*) FROM account WHERE name = 'Changed'")
    async with database.reading() as reader:
        assert await reader.scalar(count) == 0
        async with database.writing() as writer:
            await writer.execute(text("UPDATE account SET name = 'Changed'"))
        assert await reader.scalar(count) == 0
    async with database.reading() as later:
        assert await later.scalar(count) == 11


async def test_nothing_of_a_transaction_that_fails_stays(database, today):
    async def change_then_fail():
        async with database.writing() as session:
            await session.execute(text("UPDATE account SET name = 'Changed'"))
            session.add(PaymentRow(account_id=999, number="R-1", paid_on=today, amount=CAD("1.00"), method="online"))

    with pytest.raises(IntegrityError):
        await change_then_fail()
    async with database.reading() as session:
        assert await session.scalar(text("SELECT count(*) FROM account WHERE name = 'Changed'")) == 0
