"""What a read costs: few statements, each answered by an index, however many customers there are. Times: `make bench-billing`."""

import json
import sqlite3

import pytest
from sqlalchemy import event

from billing.models import Table
from billing.web import BACKEND
from tests.integration.billing.conftest import ROOT

DOCUMENT = json.loads((ROOT / "billing" / "openapi.json").read_text(encoding="utf-8"))
READING = sorted(
    path
    for path, item in DOCUMENT["paths"].items()
    if "{" not in path and item.get("get", {}).get("security") == [{"account": []}]
)
FEW = {"/v1/account": 1, "/v1/balance": 1, "/v1/bills": 1, "/v1/activity": 1, "/v1/bills/latest": 2}


@pytest.fixture
def statements(client):
    """What the process asks its database, with the values."""
    asked = []

    def remember(connection, cursor, statement, parameters, context, executemany):
        asked.append((statement, parameters))

    event.listen(client.app[BACKEND].database.engine.sync_engine, "before_cursor_execute", remember)
    return asked


@pytest.mark.parametrize("path", FEW)
async def test_what_is_read_most_takes_few_statements(client, bearer, statements, path):
    assert (await client.get(path, headers=bearer())).status == 200
    assert len(statements) == FEW[path]


@pytest.mark.usefixtures("on_sqlite")
@pytest.mark.parametrize("path", [*READING, "/v1/notices"])
async def test_no_read_looks_through_a_whole_table(client, bearer, statements, database_url, path):
    scope = {"scope": "notices"} if path == "/v1/notices" else {}
    for account, brand in (("1002003001", "primus"), ("50010002", "wrs"), ("0012345678", "pitney-bowes")):
        await client.get(path, headers=bearer(account, brand=brand, **scope))
    assert statements
    file = sqlite3.connect(database_url.removeprefix("sqlite+aiosqlite:///"))
    for statement, parameters in statements:
        if statement.startswith("BEGIN"):
            continue
        for *_, step in file.execute(f"EXPLAIN QUERY PLAN {statement}", parameters):
            assert not any(step.startswith(f"SCAN {table}") for table in Table.metadata.tables), (statement, step)
    file.close()
