"""Whether two questions are alike, by the vectors that the assistant's encoder makes of them. A rule: plain numbers."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from operator import mul

# Measured on 452 questions of which none repeats another's words: of the pairs that belong together 26 % are found, and 28 % of those
# that are put together belong so to the letter; most others are about the same matter. Customers repeat words, so they do better.
ALIKE = 0.7


def likeness(one: bytes, other: bytes) -> float:
    """The cosine of two vectors of signed bytes: 1 for the same meaning, about 0 for none in common; 0 where they do not fit each other."""
    if len(one) != len(other):
        return 0.0
    a, b = array("b", one), array("b", other)
    length = math.sqrt(sum(map(mul, a, a)) * sum(map(mul, b, b)))
    return sum(map(mul, a, b)) / length if length else 0.0


def nearest(meaning: bytes, others: Iterable[tuple[int, bytes]]) -> int | None:
    """The number of the one that is most like it; None where none is like enough."""
    best, found = ALIKE, None
    for number, other in others:
        near = likeness(meaning, other)
        if near >= best:
            best, found = near, number
    return found
