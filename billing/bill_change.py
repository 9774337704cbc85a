"""Rules on explaining a bill: each line against the same line of the bill before, and which bills are still printed here.

A rule file: it imports the standard library and other rule files only.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.bill import Line
from billing.money import CAD, ZERO


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line and what became of it: "new", "gone", "more", "less" or "same".

    `line` is that of the later bill, or of the earlier one where it is gone; `previous` is None for a new line.
    `difference` is what the line adds to the total against the bill before.
    """

    line: Line
    change: str
    previous: CAD | None
    difference: CAD


def line_changes(lines: Sequence[Line], before: Sequence[Line]) -> tuple[LineChange, ...]:
    """The lines of a bill in their order, then those that are gone. The differences come to that of the two totals.

    Lines are the same by their key; of two with one key, the first is compared with the first. Lines without a key are
    the same by their English words.
    """
    left = list(before)
    changes = []
    for line in lines:
        match = next((old for old in left if _identity(old) == _identity(line)), None)
        if match is None:
            changes.append(LineChange(line, "new", None, line.amount))
            continue
        left.remove(match)
        changes.append(
            LineChange(line, amount_change(line.amount - match.amount), match.amount, line.amount - match.amount)
        )
    changes += [LineChange(old, "gone", old.amount, -old.amount) for old in left]
    return tuple(changes)


def amount_change(difference: CAD) -> str:
    """ "more", "less" or "same"."""
    if difference == ZERO:
        return "same"
    return "more" if difference > ZERO else "less"


def is_reprinted(issued_on: date, today: date, months: int | None) -> bool:
    """Whether a bill of that day is young enough to be printed again: at most that many months old, None for no limit.

    Months are the calendar's: on 31 May, three months reach back to the last day of February.
    """
    if months is None:
        return True
    count = today.year * 12 + today.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return issued_on >= date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def _identity(line: Line) -> tuple[str, str]:
    return line.kind, line.key or line.description_en
