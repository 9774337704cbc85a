"""What another database could do differently: types, zones, order, and many who write at the same moment."""

import asyncio
import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from billing.app import create_app
from billing.field_service_models import PremierTryRow
from billing.models import AuditRow, IdempotencyKeyRow, PaymentRow, Table
from billing.notice_models import NoticeRow
from billing.settings import Settings
from tests.integration.billing.conftest import ROOT, SECRET

# One customer of each brand.
CUSTOMERS = [("1002003001", "primus"), ("50010002", "wrs"), ("0012345678", "pitney-bowes")]
DOCUMENT = json.loads((ROOT / "billing" / "openapi.json").read_text(encoding="utf-8"))
READING = sorted(
    path
    for path, item in DOCUMENT["paths"].items()
    if "{" not in path and item.get("get", {}).get("security") == [{"account": []}]
)
EBILL = {"email": "comptes@laurier.example"}


@pytest.fixture
def database_url(postgresql_url):
    return postgresql_url


@pytest.fixture
def another(aiohttp_client, clock):
    """Another billing process, at the database with this address."""

    async def start(url):
        return await aiohttp_client(create_app(settings=Settings(token_secret=SECRET, database_url=url), clock=clock))

    return start


async def test_it_is_postgresql(database):
    async with database.reading() as session:
        assert (await session.scalar(text("SELECT version()"))).startswith("PostgreSQL")


async def test_the_migrations_go_down_and_up_and_make_the_tables_of_the_models(database, move):
    def tables(connection):
        return set(inspect(connection).get_table_names())

    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), Table.metadata)

    await move(command.downgrade, "base")
    async with database.engine.connect() as connection:
        assert await connection.run_sync(tables) == {"alembic_version"}
    await move(command.upgrade, "head")
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.parametrize("customer", CUSTOMERS, ids=[brand for _, brand in CUSTOMERS])
async def test_every_answer_is_that_of_sqlite(client, another, sqlite_url, bearer, customer):
    on_sqlite = await another(sqlite_url)
    assert len(READING) > 10
    for path in READING:
        answers = []
        for one in (client, on_sqlite):
            response = await one.get(path, headers=bearer(customer[0], brand=customer[1]))
            answers.append((response.status, await response.json()))
        assert answers[0] == answers[1], path


async def test_a_reader_sees_one_state_while_another_writes(database):
    count = text("SELECT count(*) FROM account WHERE name = 'Changed'")
    async with database.reading() as reader:
        assert await reader.scalar(count) == 0
        async with database.writing() as writer:
            await writer.execute(text("UPDATE account SET name = 'Changed'"))
        assert await reader.scalar(count) == 0


async def test_two_parallel_yeses_make_one_payment(client, another, database_url, write, rows):
    _, link = await write("POST", "/v1/payment-links", {"amount": "100.00"})
    before = len(await rows(PaymentRow))
    path = urlsplit(link["url"]).path
    pages = [client, await another(database_url)]
    answers = await asyncio.gather(*(pages[i % 2].post(path, data={"choice": "pay"}) for i in range(10)))
    assert {answer.status for answer in answers} <= {200, 410}
    (payment,) = (await rows(PaymentRow))[before:]
    assert all(payment.number in page for page in [await answer.text() for answer in answers])
    assert len([row for row in await rows(AuditRow) if row.action == "payment"]) == 1
    assert [row.event for row in await rows(NoticeRow)] == ["payment"]


async def test_the_same_write_twenty_times_at_once_is_done_once(client, another, database_url, write, rows):
    processes = [client, await another(database_url)]
    answers = await asyncio.gather(
        *(write("POST", "/v1/ebill-enrolment", EBILL, key="the-same-key", on=processes[i % 2]) for i in range(20))
    )
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 200
    assert len(await rows(AuditRow)) == len(await rows(IdempotencyKeyRow)) == len(await rows(NoticeRow)) == 1


async def test_twenty_promises_at_once_leave_one_in_force(client, another, database_url, write, read):
    processes = [client, await another(database_url)]
    wrs = {"account": "50010002", "brand": "wrs"}
    body = {"amount": "20.00", "date": "2026-03-09"}
    await asyncio.gather(*(write("POST", "/v1/payment-promises", body, on=processes[i % 2], **wrs) for i in range(20)))
    _, promises = await read("/v1/payment-promises", **wrs)
    assert [promise["state"] for promise in promises].count("open") == 1


async def test_twenty_wrong_pins_at_once_count_as_five(client, another, database_url, bearer, rows):
    processes = [client, await another(database_url)]
    headers = bearer("", brand="pitney-bowes", scope="catalogue")

    async def try_pin(process, pin):
        body = {"account": "0012345681", "pin": pin}
        return (await process.post("/v1/premier-access", json=body, headers=headers)).status

    tries = await asyncio.gather(*(try_pin(processes[i % 2], "0000") for i in range(20)))
    assert set(tries) == {403}
    assert len(await rows(PremierTryRow)) == 5
    assert await try_pin(client, "4821") == 403


async def test_a_notice_is_written_with_the_change_or_neither(write, rows, refusing):
    async with refusing("notice"):
        assert (await write("POST", "/v1/ebill-enrolment", EBILL))[0] == 500
    assert await rows(AuditRow) == []
    status, answer = await write("POST", "/v1/ebill-enrolment", EBILL)
    assert status == 200
    (notice,) = await rows(NoticeRow)
    assert (notice.reference, notice.values["email"]) == (answer["reference"], EBILL["email"])


async def test_a_moment_comes_back_as_it_was(write, rows, clock):
    await write("POST", "/v1/ebill-enrolment", EBILL)
    (audit,) = await rows(AuditRow)
    assert audit.at == clock.now
    assert audit.at.utcoffset() == timedelta(0), "whatever zone the server is set to"


async def test_writes_to_two_accounts_do_not_wait_for_each_other(database, write, clock):
    await write("POST", "/v1/ebill-enrolment", EBILL)
    clock.now += timedelta(days=2)
    async with database.writing() as session:
        # As a write does that forgets old keys and has not ended.
        await session.execute(text("DELETE FROM idempotency_key"))
        async with asyncio.timeout(5):
            status, _ = await write("PUT", "/v1/autopay", account="50010002", brand="wrs")
    assert status == 200


async def test_a_server_that_was_away_for_a_moment_is_asked_again(client, database, read):
    assert (await client.get("/readyz")).status == 200
    async with database.reading() as session:
        # With a time limit it answers once they have ended, not once they were told to.
        ended = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        others = f"{ended} WHERE pid <> pg_backend_pid() AND datname = current_database()"
        assert (await session.execute(text(others))).all()
    assert (await read("/v1/balance"))[0] == 200
