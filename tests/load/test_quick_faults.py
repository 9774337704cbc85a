"""The quick part of `make test-faults`: real processes, few messages. The whole of it prints a table and takes half an hour."""

import pytest

from tests.load.faults import run_part
from tests.load.fleet import servers
from tests.load.table import Table
from tests.postgresql import why_not
from tests.redis_server import why_not as why_no_redis


@pytest.fixture(scope="module")
def both():
    if reason := why_not() or why_no_redis():
        pytest.skip(reason)
    with servers() as started:
        yield started


@pytest.mark.parametrize("part", ["bursts", "stop", "disk", "migration"])
def test_what_was_promised_is_seen(part, both, tmp_path, capsys):
    table = Table()
    run_part(part, table, True, tmp_path, *both)
    assert table.end() == 0, capsys.readouterr().out
