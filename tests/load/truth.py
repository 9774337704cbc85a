"""What the transcripts hold after a fault, against what was acknowledged to the customers and heard by them."""

from __future__ import annotations

import collections
from typing import Any

from tests.load.load import rows
from tests.load.widgets import Widget

TRANSCRIPT = (
    "SELECT conversation, sequence, author, text, answers, id, state FROM message ORDER BY conversation, sequence"
)


class Truth:
    """What the transcripts say afterwards, held against what was acknowledged and heard. The widgets' texts are different ones.

    `several`: the assistant may say several lines in a turn, as the real one does. A message that was answered twice then has lines
    that do not stand together, or the same line twice.
    """

    def __init__(self, database: str, widgets: list[Widget], *, several: bool = False) -> None:
        found = rows(database, TRANSCRIPT)
        self.by_talk: dict[str, list[Any]] = collections.defaultdict(list)
        for row in found:
            self.by_talk[row[0]].append(row)
        said = collections.Counter(row[3] for row in found if row[2] == "customer")
        self.acknowledged = {one.text for widget in widgets for one in widget.said if one.sequence is not None}
        self.lost = sum(said[text] == 0 for text in self.acknowledged)
        self.doubled = sum(said[text] > 1 for text in self.acknowledged)
        answers = collections.Counter(row[4] for row in found if row[4] is not None)
        asked = {row[5]: row[3] for row in found if row[2] == "customer"}
        self.unanswered = sum(answers[message] == 0 for message in asked)
        lines: dict[int, list[Any]] = collections.defaultdict(list)
        for row in found:
            if row[4] is not None:
                lines[row[4]].append(row)
        self.twice = sum(not _of_one_turn(some) if several else len(some) > 1 for some in lines.values())
        self.gaps = sum([row[1] for row in lines] != list(range(1, len(lines) + 1)) for lines in self.by_talk.values())
        # Replies stand in the order of the messages that they answer, and were heard in the order in which they stand.
        self.disordered = sum(
            (order := [row[4] for row in lines if row[4] is not None]) != sorted(order)
            for lines in self.by_talk.values()
        )
        self.late = sum(
            (heard := [number for number, _, _ in widget.replies]) != sorted(heard) for widget in widgets
        )  # fmt: skip
        self.failed = sum(row[6] == "failed" for row in found)

    @property
    def whole(self) -> bool:
        return not (
            self.lost or self.doubled or self.unanswered or self.twice or self.gaps or self.disordered or self.late
        )

    def __str__(self) -> str:
        return (
            f"{len(self.acknowledged)} acknowledged: {self.lost} lost, {self.doubled} doubled, {self.unanswered} unanswered, "
            f"{self.twice} answered twice, {self.failed} apologies; {self.gaps} transcripts with a gap, "
            f"{self.disordered + self.late} out of order"
        )


def _of_one_turn(lines: list[Any]) -> bool:
    first = lines[0][1]
    together = [line[1] for line in lines] == list(range(first, first + len(lines)))
    return together and len({line[3] for line in lines}) == len(lines)
