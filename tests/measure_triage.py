"""How well the triage box sorts `tests/evaluation/triage.jsonl`, with understanding as it was trained, without Rasa.

    bot/.venv/bin/python -m tests.measure_triage [--half tune|hold] [--show] [--record | --gate]

One hand wrote the cases, and the words of `desk/data` after them; those were corrected on the half "tune" alone, and "hold" was measured
once the words stood. New texts of other people will fare worse. `--record` keeps the figures in tests/evaluation/triage_recorded.json;
`--gate` exits with 1 where one fell by more than a case, or below what was promised.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.encoder import Encoder, encoder_folder
from bot.evaluate import trained
from bot.verdict import judge, offered_only
from desk.triage_box import PLURALS, TriageBox
from desk.triage_data import read_rules
from knowledge import Shelf
from language import Detector

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "evaluation" / "triage.jsonl"
RECORDED = ROOT / "tests" / "evaluation" / "triage_recorded.json"
NOON = datetime.time(17, tzinfo=datetime.timezone.utc)
# What tells who or what is meant; days and amounts are found too, and counted apart.
IDENTIFIERS = ("account", "serial", "bill", "request", "phone", "email", "model", "error_code", "postal")

PROMISED = {"category": 0.90, "urgency": 0.85, "identifiers": 0.95}
ONE_CASE = 1 / 30 + 0.001


def understanding(model: Path, shelf: Shelf) -> Callable[[Sequence[str], str], Any]:
    """What the assistant would answer, from the model's file."""
    models = trained(model, Encoder(encoder_folder({})))

    async def understand(texts: Sequence[str], brand: str) -> list[dict[str, Any]]:
        found = []
        for text in texts:
            verdict = judge(offered_only(models[brand].rank(text), shelf.brands[brand].requests), text, False)
            found.append(
                {
                    "outcome": verdict.outcome,
                    "confidence": verdict.confidence,
                    "unsure": verdict.unsure,
                    "candidates": verdict.candidates,
                }
            )
        return found

    return understand


def measure(cases: list[dict[str, Any]], understand: Any, shelf: Shelf, *, brand_given: bool) -> None:
    """Adds to each case `answer` and `seconds`."""

    async def read_all() -> None:
        for case in cases:
            day = datetime.date.fromisoformat(case["today"])
            box = TriageBox(
                rules=read_rules(),
                shelf=shelf,
                detector=detector,
                understand=understand,
                now=lambda day=day: datetime.datetime.combine(day, NOON),  # type: ignore[misc]
            )
            started = time.perf_counter()
            case["answer"] = await box.read(case["text"], brand=case["brand"] if brand_given else None)
            case["seconds"] = time.perf_counter() - started

    detector = Detector()
    asyncio.run(read_all())


def figures(cases: list[dict[str, Any]]) -> dict[str, float]:
    """The shares that are right; identifiers by how many of those named were found, and how many of those found were named."""
    count = len(cases)
    wanted = [(case, kind, value) for case in cases for kind in IDENTIFIERS for value in case["found"].get(kind, ())]
    got = [
        (case, kind, value)
        for case in cases
        for kind in IDENTIFIERS
        for value in case["answer"]["found"][PLURALS[kind]]
    ]
    right = sum(value in case["answer"]["found"][PLURALS[kind]] for case, kind, value in wanted)
    named = sum(value in case["found"].get(kind, ()) for case, kind, value in got)
    return {
        "category": sum(case["answer"]["category"] == case["category"] for case in cases) / count,
        "urgency": sum(case["answer"]["urgency"] == case["urgency"] for case in cases) / count,
        "identifiers": right / len(wanted),
        "identifiers.precision": named / len(got),
        "language": sum(case["answer"]["language"] == case["language"] for case in cases) / count,
        "brand": sum(case["answer"]["brand"] == case["brand"] for case in cases) / count,
    }


def show(cases: list[dict[str, Any]]) -> None:
    """What is not right, a line each."""
    for case in cases:
        answer = case["answer"]
        for name in ("category", "urgency", "language", "brand"):
            if answer[name] != case[name]:
                reasons = [reason["name"] for reason in answer["reasons"]]
                print(f"{case['id']} {name}: {answer[name]}, not {case[name]} ({answer['outcome']}, {reasons})")
        for kind in IDENTIFIERS:
            found, wanted = set(answer["found"][PLURALS[kind]]), set(case["found"].get(kind, ()))
            if found != wanted:
                print(f"{case['id']} {kind}: missing {sorted(wanted - found)}, too much {sorted(found - wanted)}")


def main() -> int:
    """Prints the figures; 1 where one fell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("tune", "hold"))
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "current.tar.gz")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--record", action="store_true")
    what.add_argument("--gate", action="store_true")
    arguments = parser.parse_args()
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    shelf = Shelf(ROOT / "knowledge_base")
    understand = understanding(arguments.model, shelf)
    found: dict[str, dict[str, float]] = {}
    for half in (arguments.half,) if arguments.half else ("tune", "hold"):
        for brand_given in (True, False):
            chosen = [dict(case) for case in cases if case["half"] == half]
            measure(chosen, understand, shelf, brand_given=brand_given)
            name = half if brand_given else f"{half} without brand"
            found[name] = {figure: round(value, 4) for figure, value in figures(chosen).items()}
            print(name, found[name], f"slowest {max(case['seconds'] for case in chosen):.2f} s")
            if arguments.show:
                show(chosen)
    if arguments.record:
        RECORDED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if arguments.gate:
        recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
        fell = [
            f"{half} {name}: {found[half][name]}, recorded {value}"
            for half, names in recorded.items()
            for name, value in names.items()
            if found[half][name] < value - ONE_CASE or found[half][name] < PROMISED.get(name, 0.0)
        ]
        print("\n".join(fell), file=sys.stderr)
        return 1 if fell else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
