"""The premier PIN: right or not, and nothing else is told, kept or logged."""

import asyncio
import logging
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from billing.field_service_models import PremierTryRow
from billing.models import AuditRow
from billing.notice_models import NoticeRow
from billing.web import BACKEND

HUDSON = {"serial": "SW-2290017"}
RIGHT, WRONG = "4821", "1928"


@pytest.fixture
def try_pin(client, bearer):
    async def post(pin, *, brand="pitney-bowes", language="en", conversation="conversation-1", **named):
        headers = {
            **bearer(brand=brand, scope="catalogue", conversation=conversation),
            "Accept-Language": language,
        }
        response = await client.post("/v1/premier-access", json={**(named or HUDSON), "pin": pin}, headers=headers)
        return response.status, await response.json()

    return post


async def rows(database, table):
    async with database.reading() as session:
        return (await session.scalars(select(table))).all()


REFUSED = {
    "type": "urn:billing:problem:premier-refused",
    "title": "PIN refused",
    "status": 403,
    "detail": "This PIN does not give access to premier support, or it is locked for now.",
}
OPENED = (200, {"level": 2, "priority": "premier"})


@pytest.mark.parametrize(
    "named", [HUDSON, {"serial": "sw2290017"}, {"account": "0012345681"}, {"account": "0012-345681"}]
)
@pytest.mark.parametrize("pin", [RIGHT, " 4821 ", "４８２１"])
async def test_the_right_pin_leads_to_level_2(try_pin, named, pin):
    assert await try_pin(pin, **named) == OPENED


@pytest.mark.parametrize(
    "named",
    [
        HUDSON,
        {"account": "0012345681"},
        {"serial": "0000000000"},
        {"serial": "--"},
        {"account": "0000000000"},
        {"serial": "3A01234567"},
        {"account": "0012345680"},
        {"account": "1002003001"},
    ],
)
async def test_wrong_unknown_and_without_a_pin_are_one_answer(try_pin, named):
    assert await try_pin(WRONG, **named) == (403, REFUSED)


async def test_five_wrong_pins_close_the_conversation_to_it_and_no_other(try_pin, database):
    for _ in range(5):
        assert await try_pin(WRONG) == (403, REFUSED)
    assert await try_pin(RIGHT) == (403, REFUSED)
    assert len(await rows(database, PremierTryRow)) == 5
    assert await try_pin(RIGHT, conversation="conversation-2") == OPENED, "who guesses keeps nobody else out"


async def test_a_conversation_that_guesses_at_many_machines_is_closed_too(try_pin):
    for number in range(5):
        await try_pin(WRONG, serial=f"X{number}")
    assert await try_pin(RIGHT) == (403, REFUSED)


async def test_four_wrong_pins_do_not_and_the_right_one_starts_over(try_pin, database):
    for _ in range(2):
        for _ in range(4):
            await try_pin(WRONG)
        assert await try_pin(RIGHT) == OPENED
    assert await rows(database, PremierTryRow) == []


async def wrong_from_others(try_pin, number):
    for n in range(number):
        assert (await try_pin(WRONG, conversation=f"guesser-{n // 4}"))[0] == 403


async def test_ten_wrong_pins_from_many_conversations_let_it_rest_a_quarter_of_an_hour(try_pin, clock, database):
    await wrong_from_others(try_pin, 9)
    assert await try_pin(RIGHT) == OPENED
    assert await rows(database, NoticeRow) == []
    await try_pin(WRONG, conversation="guesser-9")
    assert await try_pin(RIGHT) == (403, REFUSED)
    clock.now += timedelta(minutes=15)
    assert await try_pin(RIGHT) == OPENED
    [notice] = await rows(database, NoticeRow)
    assert (notice.event, notice.address, notice.values) == (
        "premier_locked",
        "it@hudsonfreight.example",
        {"wrong": 10},
    )


async def test_while_somebody_guesses_one_try_counts_in_a_quarter_of_an_hour(try_pin, clock, database):
    await wrong_from_others(try_pin, 10)
    for n in range(8):
        await try_pin(WRONG, conversation=f"later-{n}")  # not even looked at
    assert len(await rows(database, PremierTryRow)) == 10
    clock.now += timedelta(minutes=15)
    await try_pin(WRONG, conversation="later-9")
    assert await try_pin(RIGHT) == (403, REFUSED)
    assert len(await rows(database, NoticeRow)) == 1, "told once"


async def test_tries_by_serial_and_by_account_number_count_together(try_pin):
    for number in range(5):
        await try_pin(WRONG, **({"account": "0012345681"} if number % 2 else HUDSON))
    assert await try_pin(RIGHT, account="0012345681") == (403, REFUSED)


async def test_a_conversation_may_try_again_after_24_hours(try_pin, clock):
    for _ in range(5):
        await try_pin(WRONG)
    clock.now += timedelta(hours=23, minutes=59)
    assert (await try_pin(RIGHT))[0] == 403
    clock.now += timedelta(minutes=1)
    assert await try_pin(RIGHT) == OPENED


async def test_five_in_any_24_hours_count_however_they_are_spread(try_pin, clock):
    for _ in range(5):
        await try_pin(WRONG)
        clock.now += timedelta(hours=4)
    assert (await try_pin(RIGHT))[0] == 403
    clock.now += timedelta(hours=4)  # the first is 24 hours old
    assert await try_pin(RIGHT) == OPENED


async def test_tries_at_others_do_not_close_it(try_pin):
    for number in range(12):
        await try_pin(WRONG, conversation=f"guesser-{number}", serial="3A01234567")
    assert await try_pin(RIGHT) == OPENED


async def test_a_hundred_at_once_are_five_tries(try_pin, database):
    pins = [f"{number:04}" for number in range(4780, 4880)]
    answers = await asyncio.gather(*(try_pin(pin) for pin in pins))
    wrong_before = [status for (status, _), pin in zip(answers, pins, strict=True) if pin == RIGHT]
    assert wrong_before in ([200], [403])
    assert len(await rows(database, PremierTryRow)) <= 5


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**HUDSON}, "pin"),
        ({"pin": RIGHT}, "serial"),
        ({**HUDSON, "account": "0012345681", "pin": RIGHT}, "serial"),
        ({**HUDSON, "pin": 4821}, "pin"),
        ({**HUDSON, "pin": "482"}, "pin"),
        ({**HUDSON, "pin": "48211"}, "pin"),
        ({**HUDSON, "pin": "48a1"}, "pin"),
        ({**HUDSON, "pin": "none"}, "pin"),
        ({"serial": "", "pin": RIGHT}, "serial"),
        ({"account": "1" * 41, "pin": RIGHT}, "account"),
        ({**HUDSON, "pin": RIGHT, "level": 2}, "level"),
    ],
)
async def test_a_body_of_another_shape_is_refused_and_counts_for_nothing(client, bearer, database, body, field):
    headers = bearer(brand="pitney-bowes", scope="catalogue")
    response = await client.post("/v1/premier-access", json=body, headers=headers)
    answer = await response.json()
    assert (response.status, answer["field"]) == (422, field)
    assert await rows(database, PremierTryRow) == []


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ({"brand": "wrs", "scope": "catalogue"}, 403),
        ({"brand": "pitney-bowes", "scope": "account"}, 403),
        ({"brand": "pitney-bowes", "scope": "locate"}, 403),
        ({"brand": "pitney-bowes", "scope": "catalogue", "exp": 1}, 401),
    ],
)
async def test_nobody_tries_a_pin_without_the_right_token(client, bearer, database, token, expected):
    response = await client.post("/v1/premier-access", json={**HUDSON, "pin": RIGHT}, headers=bearer(**token))
    assert response.status == expected
    assert await rows(database, PremierTryRow) == []


async def test_the_pin_of_one_brand_is_none_of_another(try_pin):
    assert (await try_pin(RIGHT, brand="primus"))[1]["type"] == "urn:billing:problem:not-offered"


async def test_opening_and_locking_are_audited(try_pin, database):
    await try_pin(RIGHT)
    await wrong_from_others(try_pin, 12)
    opened, locked = await rows(database, AuditRow)
    assert (opened.action, opened.after, opened.conversation) == ("premier_access", {"level": 2}, "conversation-1")
    assert (locked.action, locked.after) == ("premier_locked", {"wrong": 10})
    assert opened.reference != locked.reference


async def test_the_pin_is_nowhere_but_where_it_was(try_pin, database, caplog):
    with caplog.at_level(logging.DEBUG):
        said = [await try_pin(RIGHT), *[await try_pin(WRONG) for _ in range(6)], await try_pin(RIGHT)]
    for pin in (RIGHT, WRONG):
        assert pin not in str(said)
        assert not any(pin in record.getMessage() for record in caplog.records if record.name.startswith("billing"))
        async with database.reading() as session:
            for table in ("audit", "premier_try", "idempotency_key"):
                kept = (await session.execute(text(f"SELECT * FROM {table}"))).all()
                assert not any(pin == str(value) for row in kept for value in row)
                # Not as a part of a text either, but for what is made up at random.
                assert not any(pin in str(value) for row in kept for value in row[4:7])


async def test_wrong_and_unknown_cost_the_database_the_same(client, try_pin):
    statements = []

    def remember(connection, cursor, statement, parameters, context, executemany):
        statements.append(statement)

    event.listen(client.app[BACKEND].database.engine.sync_engine, "before_cursor_execute", remember)
    seen = []
    for serial in ("SW-2290017", "3A01234567", "0000000000"):
        statements.clear()
        await try_pin(WRONG, serial=serial)
        seen.append(list(statements))
    assert seen[0] == seen[1] == seen[2]
