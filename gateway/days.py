"""For how many days each kind of data is kept: settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Days:
    """For how many days each kind is kept (docs/operations.md says why)."""

    conversations: int = 400
    requests: int = 1095
    letters: int = 90
    codes: int = 7
    memory: int = 30
    log: int = 1095


NAMES = {
    "RETENTION_CONVERSATIONS_DAYS": "conversations",
    "RETENTION_REQUESTS_DAYS": "requests",
    "RETENTION_LETTERS_DAYS": "letters",
    "RETENTION_CODES_DAYS": "codes",
    "RETENTION_MEMORY_DAYS": "memory",
    "RETENTION_LOG_DAYS": "log",
}
LEAST = 2  # an account that is closed after wrong codes stays so for a day: its failures must stay as long


def read_days(env: Mapping[str, str], problems: list[str]) -> Days:
    """The days from the settings; what is wrong with one is added to `problems`."""
    found = {}
    for name, kind in NAMES.items():
        value = env.get(name)
        if value and not (value.isascii() and value.isdigit() and LEAST <= int(value[:6]) <= 36500):
            problems.append(f"{name} must be a number of days, {LEAST} or more, not {value!r}")
        elif value:
            found[kind] = int(value)
    return Days(**found)
