"""How well the entities of messages are found, on a file of labelled messages.

    bot/.venv/bin/python -m bot.entity_report [--cases FILE]

Cases: `{"id","language","brand","today","text","entities":[{"kind","value"}]}` a line. A message counts as right when exactly its kinds and
values are found, each once however often the message says it. Kinds that no case bears (times of day) are left out.

The rules were corrected on the project's own cases: their figures guard against loss and do not say how new messages fare. Before any
correction 0.877 were right; with one half of the cases corrected, 0.910 of the other half. Give a file of new messages for a fresh figure.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Set, Tuple

import entities
from knowledge import Brand, read_brand

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "evaluation" / "entities.jsonl"
ALL = "all"

Pairs = Set[Tuple[str, str]]  # (kind, value)


class Measured(NamedTuple):
    """One case with what it wants, what was found, and how long that took."""

    case: Dict[str, Any]
    wanted: Pairs
    found: Pairs
    seconds: float

    @property
    def right(self) -> bool:
        """Whether nothing is missing and nothing is too much."""
        return self.wanted == self.found


class Row(NamedTuple):
    """The figures of one kind in one language ("all" for both)."""

    kind: str
    language: str
    wanted: int
    precision: float
    recall: float
    f1: float


def read_cases(path: Path) -> List[Dict[str, Any]]:
    """The cases of a file. Raises OSError or ValueError where it is not one."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def measure(cases: List[Dict[str, Any]]) -> List[Measured]:
    """Finds the entities of each case, with its brand and its day."""
    brands: Dict[str, Brand] = {
        name: read_brand(ROOT / "knowledge_base" / name) for name in {case["brand"] for case in cases}
    }
    kinds = {entity["kind"] for case in cases for entity in case["entities"]}
    measured = []
    for case in cases:
        started = time.perf_counter()
        found = entities.find(
            case["text"],
            language=case["language"],
            today=datetime.date.fromisoformat(case["today"]),
            brand=brands[case["brand"]],
        )
        seconds = time.perf_counter() - started
        wanted = {(entity["kind"], entity["value"]) for entity in case["entities"]}
        got = {(entity.kind, entity.value) for entity in found if entity.kind in kinds}
        measured.append(Measured(case, wanted, got, seconds))
    return measured


def exact(measured: List[Measured]) -> float:
    """The share of messages that are right."""
    return sum(one.right for one in measured) / max(1, len(measured))


def table(measured: List[Measured]) -> List[Row]:
    """Precision, recall and F1 for each kind and language, and over all kinds."""
    counts: Dict[Tuple[str, str], List[int]] = collections.defaultdict(lambda: [0, 0, 0])  # right, found, wanted
    for one in measured:
        for language in (one.case["language"], ALL):
            for place, pairs in enumerate((one.wanted & one.found, one.found, one.wanted)):
                for kind, _ in pairs:
                    counts[kind, language][place] += 1
                    counts[ALL, language][place] += 1
    rows = []
    for (kind, language), (right, found, wanted) in sorted(counts.items()):
        precision, recall = right / max(1, found), right / max(1, wanted)
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        rows.append(Row(kind, language, wanted, precision, recall, f1))
    return rows


def report(measured: List[Measured]) -> List[str]:
    """The figures as Markdown."""
    median_ms = statistics.median(one.seconds for one in measured) * 1000
    lines = [f"# Entities: {len(measured)} messages", ""]
    lines += [f"- exactly right: {exact(measured):.3f}; a message takes {median_ms:.2f} ms (median)", ""]
    lines += ["| kind | language | labelled | precision | recall | F1 |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [f"| {k} | {lang} | {n} | {p:.3f} | {r:.3f} | {f1:.3f} |" for k, lang, n, p, r, f1 in table(measured)]
    lines += ["", "| message | missed | too much |", "| --- | --- | --- |"]
    for one in measured:
        if not one.right:
            missed, extra = (_words(pairs) for pairs in (one.wanted - one.found, one.found - one.wanted))
            lines.append(f"| {one.case['text'].replace('|', '/')} | {missed} | {extra} |")
    return lines


def _words(pairs: Pairs) -> str:
    return ", ".join(f"{kind} {value}" for kind, value in sorted(pairs))


def main() -> int:
    """Prints the figures; 0 always where the file can be read: the gates are the tests'."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, default=CASES)
    path = parser.parse_args().cases
    try:
        cases = read_cases(path)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(report(measure(cases))))
    if path == CASES:
        print("\nThe rules were corrected on these messages: see the module for what new ones may be expected to give.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
