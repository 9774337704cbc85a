"""Fixtures that more than one kind of test uses. The whole program is started once, on ports and files of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import Stack, why_not

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs in both languages."""
    return str(request.param)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The four processes, real, on SQLite in a temporary folder."""
    reason = why_not(ROOT)
    if reason:
        pytest.skip(reason)
    running = Stack(ROOT, tmp_path_factory.mktemp("stack"))
    try:
        running.start()
        yield running
    finally:
        running.stop()
