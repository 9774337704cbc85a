"""The figures of the evaluation: shares with their intervals, by flat names ("understanding.style.typo.fr"), and the gate that holds them.

Standard library only: how the messages were understood comes from `bot.evaluate`.
"""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple

OUT = "do/out_of_scope"
GROUPS = ("language", "style", "kind", "brand")
TOLERANCE = 0.01  # a recorded figure may fall by one point: less is chance
FEWEST = 100  # the interval of a smaller group is wider than what the gate could tell
LOWER_IS_BETTER = ("out_of_scope.others_refused",)
NEITHER_IS_BETTER = ("asked", "calibration_error")
BINS = 10

Case = Dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Figure:
    """One figure. `messages`: how many it rests on, 0 for a duration; `low` and `high`: the 95 % interval of a share."""

    value: float
    messages: int = 0
    low: Optional[float] = None
    high: Optional[float] = None


Figures = Dict[str, Figure]


class Bin(NamedTuple):
    """The messages whose confidence lies between `low` and `high`."""

    low: float
    high: float
    messages: int
    confidence: float
    right: float


def interval(right: int, count: int) -> Tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    z, p = 1.96, right / count
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(hits: Iterable[bool]) -> Figure:
    """The share of hits; of none it is 0, with the interval of ignorance."""
    found = list(hits)
    return Figure(sum(found) / max(1, len(found)), len(found), *interval(sum(found), len(found)))


def kind_of(case: Case) -> str:
    """What a message wants: an article, a request, or what is out of scope."""
    first = case["expect"][0]
    if case["expect"] == [OUT]:
        return "out_of_scope"
    return "request" if first.startswith("do/") else "article"


def reliability(points: Sequence[Tuple[float, bool]]) -> List[Bin]:
    """Confidence against the share that was right, in `BINS` equal parts; those without messages are left out."""
    found = []
    for i in range(BINS):
        group = [(c, right) for c, right in points if min(int(c * BINS), BINS - 1) == i]
        if group:
            mean = sum(c for c, _ in group) / len(group)
            found.append(Bin(i / BINS, (i + 1) / BINS, len(group), mean, sum(r for _, r in group) / len(group)))
    return found


def calibration_error(points: Sequence[Tuple[float, bool]]) -> float:
    """The expected calibration error: how far confidence lies from the share that was right, each part by its messages."""
    distances = sum(part.messages * abs(part.confidence - part.right) for part in reliability(points))
    return distances / max(1, len(points))


def points_of(cases: List[Case]) -> List[Tuple[float, bool]]:
    """Confidence and whether it was right, of each message."""
    return [(case["confidence"], case["right"]) for case in cases]


def understanding_figures(cases: List[Case]) -> Figures:
    """All that is counted from judged messages (`bot.evaluate.understand`): over all, by group, by group and language."""
    outside = [case for case in cases if case["kind"] == "out_of_scope"]
    inside = [case for case in cases if case["kind"] != "out_of_scope"]
    found: Figures = {"understanding": share(case["right"] for case in cases)}
    for by in GROUPS:
        start = "understanding" if by == "language" else f"understanding.{by}"
        for group in sorted({case[by] for case in cases}):
            mine = [case for case in cases if case[by] == group]
            found[f"{start}.{group}"] = share(case["right"] for case in mine)
            if by != "language":
                found.update(_by(f"{start}.{group}", mine, "language", "right"))
    for name, some, what in (
        ("first_three", cases, "top3"),
        ("out_of_scope.recognised", outside, "right"),
        ("out_of_scope.others_refused", inside, "refused"),
        ("asked", cases, "asked"),
    ):
        found[name] = share(case[what] for case in some)
        found.update(_by(name, some, "language", what))
    found["calibration_error"] = Figure(calibration_error(points_of(cases)), len(cases))
    return found


def _by(name: str, cases: List[Case], group: str, what: str) -> Figures:
    groups = sorted({case[group] for case in cases})
    return {f"{name}.{one}": share(case[what] for case in cases if case[group] == one) for one in groups}


def language_figures(cases: List[Case]) -> Figures:
    """The share of messages whose language was told right."""
    return {"language": share(case["right"] for case in cases), **_by("language", cases, "language", "right")}


def duration_figures(message_s: Sequence[float], learned_s: Optional[float]) -> Figures:
    """Of one message (median and 95th percentile, in ms) and of learning (in s), where it was learned and not read."""
    ordered = sorted(message_s)
    return {
        "message_ms.median": Figure(1000 * _quantile(ordered, 0.5)),
        "message_ms.p95": Figure(1000 * _quantile(ordered, 0.95)),
        **({} if learned_s is None else {"learned_s": Figure(learned_s)}),
    }


def _quantile(ordered: Sequence[float], part: float) -> float:
    return ordered[math.ceil(part * len(ordered)) - 1] if ordered else 0.0


def worse(now: Figures, recorded: Figures) -> List[str]:
    """Each recorded figure that is now more than `TOLERANCE` worse, or gone, in words. Small groups and durations are not held."""
    found = []
    for name, was in recorded.items():
        if was.messages < FEWEST or name.startswith(NEITHER_IS_BETTER):
            continue
        if name not in now:
            found.append(f"{name}: no such figure any more, recorded {was.value:.4f}")
            continue
        fell = was.value - now[name].value
        if (-fell if name.startswith(LOWER_IS_BETTER) else fell) > TOLERANCE + 1e-9:
            found.append(f"{name}: {now[name].value:.4f}, recorded {was.value:.4f}")
    return found


def write(figures: Figures, path: Path) -> None:
    """As JSON, a figure a line, so that a change of one shows as one line."""
    lines = []
    for name, figure in figures.items():
        kept = {key: value for key, value in dataclasses.asdict(figure).items() if value is not None}
        if not figure.messages:
            del kept["messages"]
        lines.append(f"  {json.dumps(name)}: {json.dumps({k: round(v, 4) for k, v in kept.items()})}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def read(path: Path) -> Figures:
    """What `write` wrote. Raises OSError or ValueError."""
    return {name: Figure(**kept) for name, kept in json.loads(path.read_text(encoding="utf-8")).items()}
