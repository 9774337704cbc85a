"""From a ranking to a verdict: answer, ask which of two is meant, or say that it is out of scope."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Tuple

from bot.text import Ranking

SHOWN = 5
REFUSED = "do/out_of_scope"
SMALL_TALK = frozenset(f"do/{name}" for name in ("greet", "goodbye", "thank", "affirm", "deny"))


@dataclasses.dataclass(frozen=True)
class Thresholds:
    """From where on a verdict is what it is; found by `make calibrate` on messages that nothing is learned from.

    `sure`: confidence at or above which is answered. `close`: the share of the first's confidence from which on the second is as likely.
    `faint`: below, rather a question than an answer to something else. `lost`: below, nothing was understood. `foreign`: what a request
    of other brands weighs: it refuses a message only where nothing of this brand comes near.
    """

    sure: float
    close: float
    faint: float
    lost: float
    foreign: float

    @classmethod
    def read(cls) -> "Thresholds":
        """Those of `calibration.json`."""
        return cls(**json.loads((Path(__file__).parent / "calibration.json").read_text(encoding="utf-8"))["thresholds"])

    def values(self) -> Dict[str, float]:
        """Name and value of each."""
        return dataclasses.asdict(self)

    def with_value(self, name: str, value: float) -> "Thresholds":
        """The same with another value of one."""
        return dataclasses.replace(self, **{name: value})


CALIBRATED = Thresholds.read()


def offered_only(ranking: Ranking, requests: Iterable[str], thresholds: Thresholds = CALIBRATED) -> Ranking:
    """A ranking for a brand that offers `requests`: each request that only other brands offer counts as out of scope."""
    offered = {f"do/{request}" for request in requests}
    found: Dict[str, float] = {}
    for outcome, confidence in ranking:
        foreign = outcome.startswith("do/") and outcome not in offered
        name, value = (REFUSED, confidence * thresholds.foreign) if foreign else (outcome, confidence)
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


def judge(ranking: Ranking, text: str, asked_before: bool, thresholds: Thresholds = CALIBRATED) -> Verdict:
    """The verdict on a message. After a question between two outcomes (`asked_before`) it is not asked again."""
    candidates = ranking[:SHOWN]
    (first, confidence), (second, runner_up) = candidates[0], candidates[1]
    if confidence < thresholds.lost or not re.search(r"[^\W\d_]", text):
        return Verdict(REFUSED, max(0.0, 1 - confidence), [(REFUSED, 1 - confidence), *candidates[: SHOWN - 1]], False)
    if first in SMALL_TALK and confidence < thresholds.sure:
        # "Avec plaisir!" to somebody upset is worse than a question: ask what is meant, and then rather refuse than chat.
        return Verdict(REFUSED if asked_before else first, confidence, candidates, not asked_before)
    if confidence < thresholds.faint and REFUSED not in (first, second):
        return Verdict(REFUSED if asked_before else first, confidence, candidates, not asked_before)
    close = (
        confidence < thresholds.sure and runner_up >= thresholds.close * confidence and REFUSED not in (first, second)
    )
    return Verdict(first, confidence, candidates, close and not asked_before)
