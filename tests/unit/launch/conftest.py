"""A folder that stands for a checkout, and a terminal whose text can be read."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from launch.stopping import Stop
from launch.terminal import Terminal


class Screen(Terminal):
    """A terminal that is none: plain lines, kept in `text`."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        super().__init__(self.out)

    @property
    def text(self) -> str:
        return self.out.getvalue()


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch) -> Stop:
    """Nobody has asked to stop; `stop.asked = 1` asks."""
    monkeypatch.delenv("MAKELEVEL", raising=False)
    return Stop()


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment with the system's programs only, and a home of its own."""
    home = tmp_path / "home"
    home.mkdir()
    return {"PATH": "/usr/bin:/bin", "HOME": str(home)}


@pytest.fixture
def script() -> Callable[[Path, str], Path]:
    """Writes an executable shell script."""

    def write(path: Path, body: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return write


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
