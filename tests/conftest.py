"""Fixtures that more than one kind of test uses. The whole program is started once, on ports and files of its own."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web_app

from tests import postgresql as postgresql_server
from tests.redis_server import RedisServer
from tests.redis_server import why_not as why_no_redis
from tests.stack import Stack, running

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgresql", action="store_true", help="run the tests of billing and the gateway on PostgreSQL, all of them"
    )


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs in both languages."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgresql_server.Cluster]:
    """A PostgreSQL server of the tests' own, started once; the tests that ask for it are skipped where none is installed."""
    reason = postgresql_server.why_not()
    if reason:
        pytest.skip(reason)
    cluster = postgresql_server.Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of the test's own; skipped where none is installed."""
    reason = why_no_redis()
    if reason:
        pytest.skip(reason)
    server = RedisServer()
    try:
        server.start()
        yield server
    finally:
        server.end()


@pytest.fixture
def on_sqlite(request: pytest.FixtureRequest) -> None:
    """For tests of what only SQLite has."""
    if request.config.getoption("--postgresql"):
        pytest.skip("about SQLite")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The four processes, real, on SQLite in a temporary folder."""
    with running(ROOT, tmp_path_factory.mktemp("stack")) as program:
        yield program


@pytest.fixture(autouse=True)
def no_application_stays() -> Iterator[None]:
    """aiohttp remembers the last thousand applications by their middlewares, and with them ten thousand objects each.

    One look of the garbage collector at all of them stopped a gateway's loop for five seconds, in whatever test it came: a message was not
    stored in time, or a lock was not given back.
    """
    yield
    web_app._cached_build_middleware.cache_clear()


@pytest.fixture(scope="module", autouse=True)
def little_to_collect() -> Iterator[None]:
    """What is alive after a module (SQLAlchemy's statements above all) is left out of later collections."""
    yield
    gc.collect()
    gc.freeze()
