"""Conversations counted together: those of one language, or all; and how long things took them."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable

LANGUAGES = ("fr", "en")
TIMES = ("first_s", "person_s", "resolved_s")


@dataclasses.dataclass(frozen=True)
class Spread:
    """How long something took: seconds at the middle and at nine tenths, of so many."""

    count: int
    median: int | None
    p90: int | None


@dataclasses.dataclass
class Group:
    """Conversations of one language, or of all. `times`: how often something took so many seconds, by the names of TIMES."""

    helped: Counter[str] = dataclasses.field(default_factory=Counter)  # by who helped
    became: Counter[str] = dataclasses.field(default_factory=Counter)  # by what became of them
    by: Counter[str] = dataclasses.field(default_factory=Counter)  # of those resolved, by whose evidence
    settled: int = 0  # of those resolved, where the time of a return is over
    ratings: Counter[int] = dataclasses.field(default_factory=Counter)
    helpful: int = 0
    unhelpful: int = 0
    times: dict[str, Counter[int]] = dataclasses.field(default_factory=lambda: {name: Counter() for name in TIMES})

    @property
    def count(self) -> int:
        """How many conversations."""
        return self.helped.total()

    def share(self, who: str) -> float | None:
        """The part that somebody helped, 0 to 1; None of nothing."""
        return self.helped[who] / self.count if self.count else None

    def became_share(self, kind: str) -> float | None:
        """The part of which something became."""
        return self.became[kind] / self.count if self.count else None

    @property
    def rating(self) -> float | None:
        """The mean of the ratings."""
        count = self.ratings.total()
        return sum(score * times for score, times in self.ratings.items()) / count if count else None

    @property
    def helpful_share(self) -> float | None:
        """How many of those who said it were helped by a reply."""
        asked = self.helpful + self.unhelpful
        return self.helpful / asked if asked else None

    def spread(self, name: str) -> Spread:
        """The middle and nine tenths of a time."""
        return spread(self.times[name])


def spread(times: Counter[int]) -> Spread:
    """The nearest rank: a time that was really taken, which so many did not exceed."""
    count = times.total()

    def rank(share: float) -> int | None:
        left = math.ceil(share * count)
        for took in sorted(times):
            left -= times[took]
            if left <= 0:
                return took
        return None

    return Spread(count, rank(0.5), rank(0.9)) if count else Spread(0, None, None)


def together(groups: Iterable[Group]) -> Group:
    """Several groups as one."""
    whole = Group()
    for one in groups:
        whole.helped += one.helped
        whole.became += one.became
        whole.by += one.by
        whole.ratings += one.ratings
        whole.settled, whole.helpful = whole.settled + one.settled, whole.helpful + one.helpful
        whole.unhelpful += one.unhelpful
        for name in TIMES:
            whole.times[name] += one.times[name]
    return whole
