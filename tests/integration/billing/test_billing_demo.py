"""The demonstration customers come out exactly as demo/accounts.json gives them."""

import copy
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from billing import queries
from billing.bill import standing
from billing.demo import DemoError, load_demo, main
from billing.models import AccountRow, AuditRow, BillLineRow, BillRow, PaymentRow, Table
from billing.money import CAD, total
from billing.tax import tax_amounts, taxes


async def standings(database, today):
    async with database.reading() as session:
        accounts = (await session.scalars(select(AccountRow))).all()
        return {account.number: standing(await queries.ledger(session, account), today) for account in accounts}


async def counts(database):
    async with database.reading() as session:
        return [
            await session.scalar(select(func.count()).select_from(table))
            for table in sorted(Table.metadata.tables.values(), key=str)
        ]


async def test_balance_and_past_due_are_those_of_the_file(database, demo_accounts, today):
    found = await standings(database, today)
    assert {number: (str(stands.balance), str(stands.past_due)) for number, stands in found.items()} == {
        entry["account"]: (entry["balance"], entry["past_due"]) for entry in demo_accounts
    }


async def test_the_lines_of_each_bill_come_to_its_total_with_the_taxes_of_its_province(database, demo_accounts):
    async with database.reading() as session:
        rows = await session.execute(
            select(BillRow, AccountRow)
            .join(AccountRow, BillRow.account_id == AccountRow.id)
            .options(selectinload(BillRow.lines))
        )
        checked = 0
        for bill, account in rows:
            services = [line for line in bill.lines if line.kind == "service"]
            charged = taxes(account.country, account.postal_code)
            asked = [line.amount for line in bill.lines if line.kind == "tax"]
            assert total(line.amount for line in bill.lines) == bill.total
            assert services
            assert all(line.amount > CAD("0") for line in bill.lines)
            price = total(line.amount for line in services)
            for due, amount in zip(tax_amounts(price, charged), asked, strict=True):
                assert abs(due - amount) <= CAD("0.01")
            checked += 1
    assert checked == sum(len(entry["bills"]) for entry in demo_accounts)


async def lines_of(database, number):
    async with database.reading() as session:
        rows = await session.scalars(
            select(BillLineRow)
            .join(BillRow, BillLineRow.bill_id == BillRow.id)
            .where(BillRow.number == number)
            .order_by(BillLineRow.position)
        )
        return [(line.description_fr, line.description_en, str(line.amount)) for line in rows]


async def test_a_quebec_bill_names_its_taxes_in_both_languages(database):
    assert (await lines_of(database, "P-90871"))[-2:] == [
        ("TPS (5\u00a0%)", "GST (5%)", "8.02"),
        ("TVQ (9,975\u00a0%)", "QST (9.975%)", "16.01"),
    ]


async def test_only_a_customer_who_rents_a_modem_pays_for_one(database):
    assert any(line[1] == "Modem rental" for line in await lines_of(database, "W-40112"))
    assert not any(line[1] == "Modem rental" for line in await lines_of(database, "W-40120"))


async def test_a_us_bill_bears_no_canadian_tax(database):
    assert await lines_of(database, "B-70031") == [
        ("Entretien du logiciel", "Software maintenance", "2555.00"),
        ("Soutien prioritaire", "Premier support", "1095.00"),
    ]


async def test_loading_again_on_the_same_day_changes_nothing(database, demo_accounts, today):
    before = await counts(database)
    assert await load_demo(database, demo_accounts, today=today) == 0
    assert await counts(database) == before


async def test_loading_on_a_later_day_moves_the_days_and_keeps_the_figures(database, demo_accounts, today):
    before = await counts(database)
    later = today + timedelta(days=40)
    await load_demo(database, demo_accounts, today=later)
    assert await counts(database) == before
    found = await standings(database, later)
    for entry in demo_accounts:
        stands = found[entry["account"]]
        assert (str(stands.balance), str(stands.past_due)) == (entry["balance"], entry["past_due"])
    async with database.reading() as session:
        account = await queries.account(session, brand="wrs", number="50010003")
    assert account.extra["disconnected_on"] == (later - timedelta(days=6)).isoformat()


async def test_loading_again_keeps_what_customers_did_in_the_meantime(database, demo_accounts, today):
    async with database.writing() as session:
        account = await queries.account(session, brand="primus", number="1002003001")
        account.delivery, account.ebill_email = "ebill", "amelie@laurier.example"
        session.add(
            PaymentRow(account_id=account.id, number="X-1", paid_on=today, amount=CAD("84.52"), method="online")
        )
    await load_demo(database, demo_accounts, today=today + timedelta(days=1))
    async with database.reading() as session:
        account = await queries.account(session, brand="primus", number="1002003001")
        payment = await session.scalar(select(PaymentRow).where(PaymentRow.number == "X-1"))
        assert (account.delivery, account.ebill_email) == ("ebill", "amelie@laurier.example")
        assert payment.paid_on == today
        assert standing(await queries.ledger(session, account), today).balance == CAD("200.00")


async def test_a_file_whose_figures_contradict_its_bills_is_refused_whole(database, demo_accounts, today):
    entries = copy.deepcopy(demo_accounts[:2])
    for entry in entries:
        entry["account"] = "9" + entry["account"]
    entries[1]["past_due"] = "1.00"
    with pytest.raises(DemoError, match="91002003002"):
        await load_demo(database, entries, today=today)
    async with database.reading() as session:
        assert await queries.account(session, brand="primus", number="91002003001") is None


async def test_figures_that_the_bills_do_not_explain_become_an_opening_balance(database, demo_accounts):
    async with database.reading() as session:
        rows = await session.scalars(select(AccountRow))
        opened = {row.number: str(row.opening_balance) for row in rows if row.opening_balance}
    assert opened == {"50010002": "51.69", "0012345678": "240.00"}


async def test_no_demonstration_leaves_an_audit_row(database):
    async with database.reading() as session:
        assert (await session.scalars(select(AuditRow))).all() == []


def test_the_command_asks_for_migrations_first(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BILLING_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}")
    (tmp_path / "accounts.json").write_text('{"accounts": []}')
    monkeypatch.setattr("sys.argv", ["demo", str(tmp_path / "accounts.json")])
    assert main() == 2
    assert "python -m billing.migrate" in capsys.readouterr().err
