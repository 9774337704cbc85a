"""From a ranking to a verdict: answer, ask which of two is meant, or say that it is out of scope."""

from __future__ import annotations

import dataclasses
import re
from typing import Dict, Iterable, List, Optional, Tuple

from bot.text import Ranking

SHOWN = 5
REFUSED = "do/out_of_scope"
# Set by hand, with `make evaluate` at hand: it prints what they cost and gain.
SURE = 0.45  # at or above: answer
CLOSE = 0.6  # the second outcome has at least this share of the first's confidence: ask which
SMALL_TALK = frozenset(f"do/{name}" for name in ("greet", "goodbye", "thank", "affirm", "deny"))
FAINT = 0.25  # below: rather a question than an answer to something else
FOREIGN = 0.4  # what a request of other brands weighs: it refuses a message only where nothing of this brand comes near
LOST = 0.06  # below: nothing was understood


def offered_only(ranking: Ranking, requests: Iterable[str]) -> Ranking:
    """A ranking for a brand that offers `requests`: each request that only other brands offer counts as out of scope."""
    offered = {f"do/{request}" for request in requests}
    found: Dict[str, float] = {}
    for outcome, confidence in ranking:
        foreign = outcome.startswith("do/") and outcome not in offered
        name, value = (REFUSED, confidence * FOREIGN) if foreign else (outcome, confidence)
        found[name] = max(value, found.get(name, 0.0))
    return sorted(found.items(), key=lambda pair: -pair[1])


@dataclasses.dataclass(frozen=True)
class Verdict:
    """`outcome` is an article id or "do/<request>"; `unsure` where the customer should be asked between the first candidates."""

    outcome: str
    confidence: float
    candidates: List[Tuple[str, float]]
    unsure: bool

    @property
    def intent(self) -> str:
        """The request's id, or `ask_article`."""
        return self.outcome[3:] if self.outcome.startswith("do/") else "ask_article"

    @property
    def article(self) -> Optional[str]:
        """The article's id, where an article was meant."""
        return None if self.outcome.startswith("do/") else self.outcome


def judge(ranking: Ranking, text: str, asked_before: bool) -> Verdict:
    """The verdict on a message. After a question between two outcomes (`asked_before`) it is not asked again."""
    candidates = ranking[:SHOWN]
    (first, confidence), (second, runner_up) = candidates[0], candidates[1]
    if confidence < LOST or not re.search(r"[^\W\d_]", text):
        return Verdict(REFUSED, max(0.0, 1 - confidence), [(REFUSED, 1 - confidence), *candidates[: SHOWN - 1]], False)
    if first in SMALL_TALK and confidence < SURE:
        # "Avec plaisir!" to somebody upset is worse than a question: ask what is meant, and then rather refuse than chat.
        return Verdict(REFUSED if asked_before else first, confidence, candidates, not asked_before)
    if confidence < FAINT and REFUSED not in (first, second):
        return Verdict(REFUSED if asked_before else first, confidence, candidates, not asked_before)
    close = confidence < SURE and runner_up >= CLOSE * confidence and REFUSED not in (first, second)
    return Verdict(first, confidence, candidates, close and not asked_before)
