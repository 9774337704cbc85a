"""Of a customer who has a row in every table, whichever tables there are, all is read out, and nothing is left after an erasure."""

import datetime
import json

import pytest
from sqlalchemy import JSON, DateTime, LargeBinary, String, inspect, select, text

from gateway.customer_data import NOBODYS, erase, read_out
from gateway.database import open_database
from gateway.models import Base
from gateway.subject import Asked, find_subject

MAIL, ACCOUNT = "canari@exemple.example", "1002003001"
NOW = datetime.datetime(2026, 11, 23, 17, 0, tzinfo=datetime.UTC)
TABLES = Base.metadata.sorted_tables
# What rows are found by where no key says whose they are.
KNOWN = {
    ("support_request", "contact"): MAIL,
    ("code_failure", "account"): ACCOUNT,
    ("code_failure", "brand"): "primus",
    ("sms_choice", "customer"): MAIL,
    ("conversation", "brand"): "primus",
    ("conversation", "id"): "canari-talk",
    ("feed_event", "subject"): "canari-talk",
    ("proof", "account"): ACCOUNT,
    ("desk_audit", "what"): "searched",
    ("desk_audit", "details"): {"query": f"où est {MAIL}"},
}
# Kept, as gateway/customer_data.py says: that a number wants no texts, and the log, whose searched words are taken out.
STAY = {"sms_choice", "desk_audit"}


def value_of(table, column, made):
    """What stands in a column of the customer's row: the row it names, or words that can be found again."""
    if (table.name, column.name) in KNOWN:
        return KNOWN[table.name, column.name]
    for key in column.foreign_keys:
        return made[key.column.table.name][key.column.name]
    kind = column.type.impl_instance if hasattr(column.type, "impl_instance") else column.type
    if isinstance(kind, DateTime):
        return NOW
    if isinstance(kind, LargeBinary):
        return b"no words"
    if isinstance(kind, JSON):
        return {"said": f"canari {table.name}"}
    if isinstance(kind, String):
        return f"canari-{table.name}-{column.name}"[: kind.length or 200] if (kind.length or 200) > 8 else "fr"
    return 1


@pytest.fixture
async def sessions(database_url):
    engine, sessions = open_database(database_url)
    yield sessions
    await engine.dispose()


async def put_everywhere(session):
    """A row in each table; those that belong to nobody hold no words of the customer's. Rows by table."""
    made = {}
    for table in TABLES:
        row = {column.name: value_of(table, column, made) for column in table.columns}
        if table.name in NOBODYS:
            row = {
                name: value.replace("canari", "nobody") if isinstance(value, str) else value
                for name, value in row.items()
            }
            row = {name: {} if isinstance(value, dict) else value for name, value in row.items()}
        await session.execute(table.insert().values(row))
        made[table.name] = row
    return made


async def holding(session, *words):
    """The tables, those of the search too, in which one of the words stands; by their names."""
    names = await session.run_sync(lambda one: inspect(one.connection()).get_table_names())
    found = set()
    for name in names:
        rows = (await session.execute(text(f'SELECT * FROM "{name}"'))).all()
        if any(word in str(value) for row in rows for value in row for word in words):
            found.add(name)
    return found


async def test_a_row_in_every_table_is_read_out_and_erased(sessions):
    async with sessions.begin() as session:
        await put_everywhere(session)
    async with sessions.begin() as session:
        everything = {table.name for table in TABLES} - set(NOBODYS)
        assert await holding(session, "canari", ACCOUNT) >= everything, "the test itself"
        subject = await find_subject(session, Asked(brand="primus", account=ACCOUNT))
        found = await read_out(session, subject)
        # Events are ten minutes old at most, and the log holds the company's own doings.
        assert everything - found.keys() == {"feed_event", "desk_audit"}
        for name in (
            "feedback",
            "asked",
            "talk_record",
            "note",
            "triage",
            "open_question",
            "request_event",
            "attachment",
        ):
            assert "canari" in json.dumps(found[name]) or name in ("feedback",), name
        await erase(session, subject)
    async with sessions() as session:
        assert await holding(session, "canari", ACCOUNT) <= STAY
        assert (await session.execute(select(Base.metadata.tables["desk_audit"].c.details))).scalar() == {
            "query": "[…]"
        }
        for table in TABLES:
            left = len((await session.execute(select(table))).all())
            assert left == (1 if table.name in {*NOBODYS, *STAY} else 0), table.name
