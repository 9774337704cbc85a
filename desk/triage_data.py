"""Reads the desk's data of triage: words, weights and sentences of reasons (`triage.yml`), teams and categories (`teams.yml`)."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml

from desk.triage import Rules

DATA = Path(__file__).parent / "data"


@functools.cache
def read_rules() -> Rules:
    """The rules of triage, read once."""
    return Rules.of(_read("triage.yml"), _read("teams.yml"))


def _read(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
