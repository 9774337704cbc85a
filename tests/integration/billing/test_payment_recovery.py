"""A payment that is cut short between the charge and its record is one payment all the same."""

import asyncio
from urllib.parse import urlsplit

import pytest

from billing.app import create_app
from billing.models import AuditRow, PaymentRow
from billing.money_models import PaymentLinkRow
from billing.payment_provider import Charge, ProviderUnavailable
from billing.settings import Settings

SECRET = "c0ffee" * 8


class Bank:
    """A provider with a book of its own: the same key is charged once. `fails`: it charges, but its answer is lost."""

    method = "card"
    demonstration = False
    choices = ("pay",)

    def __init__(self):
        self.book = {}
        self.calls = 0
        self.fails = False
        self.answers = asyncio.Event()
        self.answers.set()

    async def charge(self, *, key, amount, choice):
        self.calls += 1
        self.book.setdefault(key, amount)
        if self.fails:
            raise ProviderUnavailable
        await self.answers.wait()
        return Charge(paid=True)


@pytest.fixture
def bank():
    return Bank()


@pytest.fixture
async def client(aiohttp_client, database_url, clock, bank):
    return await aiohttp_client(app_of(database_url, clock, bank))


def app_of(database_url, clock, bank):
    return create_app(settings=Settings(token_secret=SECRET, database_url=database_url), clock=clock, provider=bank)


@pytest.fixture
async def link(write):
    _, answer = await write("POST", "/v1/payment-links", {"amount": "100.00"})
    return urlsplit(answer["url"]).path, answer["reference"]


async def payments_by_card(rows):
    return [row for row in await rows(PaymentRow) if row.method == "card"]


async def test_a_real_provider_s_page_is_no_demonstration(client, link):
    text = await (await client.get(link[0])).text()
    assert "démonstration" not in text
    assert text.count("<button") == 1


async def test_a_lost_answer_says_so_and_the_next_look_finishes(client, bank, link, rows, read):
    path, reference = link
    bank.fails = True
    response = await client.post(path, data={"choice": "pay"})
    assert response.status == 503
    assert response.headers["Retry-After"] == "60"
    assert "Ne payez pas une seconde fois" in await response.text()
    assert await payments_by_card(rows) == []
    assert (await read(f"/v1/payment-links/{reference}"))[1]["state"] == "charging"
    bank.fails = False
    opened = await client.get(path)
    assert opened.status == 410
    (payment,) = await payments_by_card(rows)
    assert payment.number in await opened.text()
    assert list(bank.book) == [reference]
    assert bank.calls > 1


async def test_asking_for_the_state_finishes_too(client, bank, link, rows, read):
    path, reference = link
    bank.fails = True
    await client.post(path, data={"choice": "pay"})
    bank.fails = False
    assert (await read(f"/v1/payment-links/{reference}"))[1]["state"] == "paid"
    assert len(await payments_by_card(rows)) == 1


async def test_a_process_killed_after_the_charge_makes_one_payment_at_its_next_start(
    client, aiohttp_client, database_url, clock, bank, link, rows
):
    path, reference = link
    bank.answers.clear()
    request = asyncio.create_task(client.post(path, data={"choice": "pay"}))
    while not bank.book:
        await asyncio.sleep(0.01)
    # The bank has charged; the process that asked it ends without hearing so.
    request.cancel()
    await client.server.close()
    assert (await rows(PaymentLinkRow))[0].state == "charging"
    bank.answers.set()
    await aiohttp_client(app_of(database_url, clock, bank))
    (payment,) = await payments_by_card(rows)
    assert str(payment.amount) == "100.00"
    assert (await rows(PaymentLinkRow))[0].receipt == payment.number
    assert list(bank.book) == [reference]


async def test_a_start_with_a_provider_that_is_away_still_serves(
    client, aiohttp_client, database_url, clock, bank, link, rows
):
    bank.fails = True
    await client.post(link[0], data={"choice": "pay"})
    again = await aiohttp_client(app_of(database_url, clock, bank))
    assert (await again.get("/healthz")).status == 200
    assert (await rows(PaymentLinkRow))[0].state == "charging"


async def test_ten_who_finish_at_once_record_one_payment(client, bank, link, rows):
    bank.fails = True
    await client.post(link[0], data={"choice": "pay"})
    bank.fails = False
    await asyncio.gather(*(client.get(link[0]) for _ in range(10)))
    assert len(await payments_by_card(rows)) == 1
    assert len([row for row in await rows(AuditRow) if row.action == "payment"]) == 1
