"""Automatic payments on their day: each once, with payment, audit and notice; a card that is declined; a process that ends in between."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from billing import autopay_charges, queries
from billing.brands import read_brands
from billing.models import AccountRow, AuditRow, BillRow, PaymentRow
from billing.money import CAD
from billing.money_models import AutopayChargeRow
from billing.notice_models import NoticeRow
from billing.payment_provider import Charge, ProviderUnavailable, SandboxProvider
from billing.web import BACKEND

# Northgate's bill of 412.30 is of February 28 (primus): taken on March 15. Whitfield (wrs) pays on the 1st.
NORTHGATE, WHITFIELD = "1002003002", "50010001"
MARCH_5_TO_15 = timedelta(days=9, hours=12)  # from 21:30 to 10:30 in Toronto, where the clocks go forward on the 8th
MARCH_5_TO_APRIL_1 = timedelta(days=26, hours=12)


class Provider(SandboxProvider):
    """Counts what it is asked under each key; `away` raises, `dies` ends the process after the money was taken."""

    def __init__(self):
        self.asked = []
        self.away = self.dies = False

    async def charge_on_file(self, *, key, brand, account, amount):
        if self.away:
            raise ProviderUnavailable
        self.asked.append((key, account, str(amount)))
        if self.dies:
            raise asyncio.CancelledError
        return await super().charge_on_file(key=key, brand=brand, account=account, amount=amount)


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def look(client, database, provider):
    """What the job does at each of its looks, at the moment of the clock."""

    async def take():
        await autopay_charges.take_due(database, provider, read_brands(), now=client.app[BACKEND].now())

    return take


async def owner(database, number, brand="primus"):
    async with database.reading() as session:
        return await queries.account(session, brand=brand, number=number)


async def test_it_is_taken_on_its_day_and_once(look, clock, provider, rows, database, read):
    await look()
    assert provider.asked == []
    clock.now += MARCH_5_TO_15 - timedelta(days=1)
    await look()
    assert provider.asked == [], "the day before"
    clock.now += timedelta(days=1)
    for _ in range(3):
        await look()
    [(key, account, amount)] = provider.asked
    assert (account, amount) == (NORTHGATE, "412.30")
    _, balance = await read("/v1/balance", NORTHGATE)
    assert balance["balance"]["amount"] == "0.00"
    [charge] = await rows(AutopayChargeRow)
    assert (charge.reference, charge.state, charge.taken_on.isoformat()) == (key, "paid", "2026-03-15")
    [payment] = [row for row in await rows(PaymentRow) if row.number == key]
    assert (payment.method, payment.paid_on.isoformat(), payment.amount) == ("automatic", "2026-03-15", CAD("412.30"))
    [audit] = await rows(AuditRow)
    assert (audit.action, audit.reference, audit.conversation) == ("autopay_payment", key, "autopay job")
    [notice] = await rows(NoticeRow)
    assert (notice.event, notice.address, notice.values["amount"]["amount"]) == (
        "autopay_payment",
        "office@northgate.example",
        "412.30",
    )
    assert (await owner(database, NORTHGATE)).autopay


async def test_nobody_is_charged_in_the_middle_of_the_night(look, clock, provider):
    clock.now += timedelta(days=9, hours=7)  # 5:30 on the 15th
    await look()
    assert provider.asked == []


async def test_a_customer_who_paid_in_time_is_not_charged(look, clock, provider, database):
    person = await owner(database, NORTHGATE)
    async with database.writing() as session:
        session.add(
            PaymentRow(
                account_id=person.id, number="R-1", paid_on=clock.now.date(), amount=CAD("412.30"), method="card"
            )
        )
    clock.now += MARCH_5_TO_15
    await look()
    assert provider.asked == []


async def test_the_first_of_the_month_takes_all_that_is_owed(look, clock, provider, database, today):
    person = await owner(database, WHITFIELD, "wrs")
    async with database.writing() as session:
        session.add(BillRow(account_id=person.id, number="W-50000", issued_on=today, due_on=today, total=CAD("62.09")))
    clock.now += MARCH_5_TO_APRIL_1
    await look()
    assert [asked[1:] for asked in provider.asked if asked[1] == WHITFIELD] == [(WHITFIELD, "62.09")]


async def test_without_automatic_payment_nothing_is_taken(look, clock, provider, database):
    async with database.writing() as session:
        (await session.get_one(AccountRow, (await owner(database, NORTHGATE)).id)).autopay = False
    clock.now += MARCH_5_TO_15
    await look()
    assert provider.asked == []


async def test_what_was_due_before_it_was_turned_on_is_left_to_the_customer(look, clock, provider, write):
    """Laurier's bill of 100.00 had its day in February; the one of 184.52 has it on March 8."""
    assert (await write("PUT", "/v1/autopay", None, account="1002003001"))[0] == 200
    clock.now += timedelta(days=1, hours=12)
    await look()
    assert provider.asked == []
    clock.now += timedelta(days=1)
    await look()
    clock.now += timedelta(hours=1)
    await look()
    assert [asked[1:] for asked in provider.asked] == [("1002003001", "184.52")]


async def test_a_missed_day_is_made_up_for(look, clock, provider):
    clock.now += MARCH_5_TO_15 + timedelta(days=3)
    await look()
    assert [asked[1:] for asked in provider.asked] == [(NORTHGATE, "412.30")]


async def test_after_a_long_absence_nothing_is_taken_on_an_unexpected_day(look, clock, provider):
    clock.now += MARCH_5_TO_15 + timedelta(days=4)
    await look()
    assert provider.asked == []


async def test_a_declined_card_stops_it_and_the_customer_is_told(look, clock, provider, rows, database, read):
    async with database.writing() as session:
        bill = await session.scalar(select(BillRow).where(BillRow.number == "P-90990"))
        bill.total = CAD("412.13")
    clock.now += MARCH_5_TO_15
    for _ in range(2):
        await look()
    assert len(provider.asked) == 1, "a card that is declined is not tried again"
    assert not (await owner(database, NORTHGATE)).autopay
    [charge] = await rows(AutopayChargeRow)
    assert charge.state == "declined"
    [audit], [notice] = await rows(AuditRow), await rows(NoticeRow)
    assert audit.action == notice.event == "autopay_declined"
    assert not [row for row in await rows(PaymentRow) if row.number == charge.reference]
    _, state = await read("/v1/autopay", NORTHGATE)
    assert (state["active"], state["last"]) == (
        False,
        {"date": "2026-03-15", "amount": {"amount": "412.13", "currency": "CAD"}, "state": "declined"},
    )


async def test_a_process_that_ends_between_the_money_and_the_note_takes_it_once(look, clock, provider, rows):
    clock.now += MARCH_5_TO_15
    provider.dies = True
    with pytest.raises(asyncio.CancelledError):
        await look()
    [charge] = await rows(AutopayChargeRow)
    assert charge.state == "charging"
    provider.dies = False
    await look()
    assert len({key for key, _, _ in provider.asked}) == 1, "the same key again: the provider takes nothing more"
    assert len([row for row in await rows(PaymentRow) if row.number == charge.reference]) == 1


async def test_a_provider_that_is_away_is_asked_again(look, clock, provider, rows):
    clock.now += MARCH_5_TO_15
    provider.away = True
    await look()
    provider.away = False
    clock.now += timedelta(hours=30)
    await look()
    [charge] = await rows(AutopayChargeRow)
    assert (charge.state, charge.taken_on.isoformat()) == ("paid", "2026-03-15")


async def test_two_processes_at_once_take_it_once(look, clock, provider, rows):
    clock.now += MARCH_5_TO_15
    await asyncio.gather(*(look() for _ in range(5)))
    assert len({key for key, _, _ in provider.asked}) == 1
    [charge] = await rows(AutopayChargeRow)
    assert len([row for row in await rows(PaymentRow) if row.number == charge.reference]) == 1
    assert len(await rows(NoticeRow)) == 1


async def test_the_sandbox_declines_what_ends_in_13_cents():
    async def charge(amount):
        return await SandboxProvider().charge_on_file(key="C-1", brand="wrs", account="1", amount=CAD(amount))

    assert await charge("62.09") == Charge(paid=True)
    assert await charge("1.13") == Charge(paid=False)
