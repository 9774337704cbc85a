"""Rules on the reminders of a late account: which stage of the ladder it has reached.

A rule file: it imports the standard library only. Source: WRS reminds a few days after the due date, sends an overdue
notice a month later, then texts, calls and writes, and may then cancel the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

STAGES = ("none", "reminder", "overdue", "calls", "disconnected")


@dataclass(frozen=True, slots=True)
class Ladder:
    """From how many days after the oldest due date each stage applies, in rising order."""

    reminder_days: int
    overdue_days: int
    calls_days: int

    def __post_init__(self) -> None:
        if not 0 < self.reminder_days < self.overdue_days < self.calls_days:
            raise ValueError(f"the stages must follow each other: {self}")


def stage(ladder: Ladder, *, past_due_since: date | None, disconnected: bool, today: date) -> str:
    """One of STAGES. `past_due_since`: the due date of the oldest late bill, None where nothing is late."""
    if disconnected:
        return "disconnected"
    if past_due_since is None:
        return "none"
    late = (today - past_due_since).days
    for name, days in (
        ("calls", ladder.calls_days),
        ("overdue", ladder.overdue_days),
        ("reminder", ladder.reminder_days),
    ):
        if late >= days:
            return name
    return "none"
