"""`make evaluate`: how well messages are understood, and their language told, on files of labelled messages.

    bot/.venv/bin/python -m bot.evaluate [--cases FILE] [--language-cases FILE] [--report FOLDER]

Cases: `{"id","brand","language","style","text","expect":[…]}` a line, `expect` holding every acceptable outcome (an article id, or
`do/<request>`); language cases: `{"id","language","text"}`. A message is understood when the first outcome is expected. The brands are
learned here from the project's phrasings, by the very classes that Rasa's component runs.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import time
from pathlib import Path
from typing import Any, Dict, Iterable, List, Tuple

from bot.examples import brand_examples, request_examples
from bot.learning import learn_brands
from bot.outcomes import OutcomeModel
from bot.report import confusion_picture, interval, reliability_picture
from bot.verdict import judge, offered_only
from knowledge import Shelf
from language import Detector

ROOT = Path(__file__).resolve().parent.parent
KINDS = {"a": "article", "r": "request", "o": "out of scope"}
OUT = "do/out_of_scope"

Case = Dict[str, Any]


def read_lines(path: Path) -> List[Case]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def learn(shelf: Shelf, brands: Iterable[str]) -> Dict[str, OutcomeModel]:
    """The brands as `rasa train` learns them."""
    requests = request_examples(ROOT / "data" / "nlu")
    return learn_brands({brand: brand_examples(shelf, brand, requests) for brand in brands})


def understand(models: Dict[str, OutcomeModel], shelf: Shelf, cases: List[Case]) -> None:
    """Adds to each case what was understood: `got`, `candidates`, `confidence`, `right`, `asked`, `kind`."""
    for case in cases:
        ranking = offered_only(models[case["brand"]].rank(case["text"]), shelf.brands[case["brand"]].requests)
        verdict = judge(ranking, case["text"], asked_before=False)
        case["got"] = verdict.outcome
        case["candidates"] = [name for name, _ in verdict.candidates]
        case["confidence"] = verdict.confidence
        case["asked"] = verdict.unsure
        case["right"] = verdict.outcome in case["expect"]
        case["top3"] = any(name in case["expect"] for name in case["candidates"][:3])
        case["kind"] = "out of scope" if case["expect"] == [OUT] else KINDS.get(case["id"].split("-")[1], "other")


def table(cases: List[Case], by: str) -> List[Tuple[str, int, float, float, float]]:
    """(group, cases, share right, lower and upper bound of its 95 % interval) for each group, and for each with its language."""
    groups: Dict[str, List[bool]] = collections.defaultdict(list)
    for case in cases:
        groups[str(case[by])].append(case["right"])
        if by != "language":
            groups[f"{case[by]} / {case['language']}"].append(case["right"])
    return [(name, len(v), sum(v) / len(v), *interval(sum(v), len(v))) for name, v in sorted(groups.items())]


def main() -> int:
    """Prints the figures, writes the report; 0 always: the gates are the tests'."""
    parser = argparse.ArgumentParser(description=__doc__)
    own = ROOT / "tests" / "evaluation"
    parser.add_argument("--cases", type=lambda text: Path(text) if text else None)
    parser.add_argument("--language-cases", type=lambda text: Path(text) if text else None)
    parser.add_argument("--report", type=Path, default=ROOT / "reports" / "evaluation")
    arguments = parser.parse_args()
    cases = read_lines(arguments.cases or own / "understanding.jsonl")
    language_cases = read_lines(arguments.language_cases or own / "language.jsonl")
    shelf, detector = Shelf(ROOT / "knowledge_base"), Detector()
    unknown = {case["brand"] for case in cases} - set(shelf.brands)
    if unknown:
        print(f"no such brand: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2

    started = time.perf_counter()
    models = learn(shelf, sorted({case["brand"] for case in cases}))
    learned_s = time.perf_counter() - started
    started = time.perf_counter()
    understand(models, shelf, cases)
    message_ms = (time.perf_counter() - started) / len(cases) * 1000

    lines = [f"# Understanding: {len(cases)} messages", ""]
    for by in ("language", "style", "kind", "brand"):
        lines += [f"## By {by}", "", f"| {by} | messages | right | 95 % interval |", "| --- | --- | --- | --- |"]
        lines += [f"| {n} | {c} | {r:.3f} | {low:.3f}–{high:.3f} |" for n, c, r, low, high in table(cases, by)] + [""]
    outside = [case for case in cases if case["kind"] == "out of scope"]
    inside = [case for case in cases if case["kind"] != "out of scope"]
    right = [case for case in language_cases if detector.decide(case["text"]).language == case["language"]]
    lines += ["## Figures", ""]
    lines += [f"- right: {share(cases, 'right')}, the first three hold the right one: {share(cases, 'top3')}"]
    lines += [f"- out of scope recognised: {share(outside, 'right')}; others refused: {share(inside, 'refused')}"]
    lines += [f"- asked which of two was meant: {share(cases, 'asked')}"]
    lines += [f"- language of {len(language_cases)} messages: {len(right) / max(1, len(language_cases)):.3f}"]
    lines += [f"- learned in {learned_s:.1f} s, a message takes {message_ms:.1f} ms", ""]
    wrong = [case for case in cases if not case["right"]]
    lines += ["## Not understood", "", "| message | wanted | got |", "| --- | --- | --- |"]
    lines += [f"| {case['text'].replace('|', '/')} | {', '.join(case['expect'])} | {case['got']} |" for case in wrong]
    lines += ["", "![confusion](confusion.png)", "", "![reliability](reliability.png)", ""]

    arguments.report.mkdir(parents=True, exist_ok=True)
    (arguments.report / "report.md").write_text("\n".join(lines), encoding="utf-8")
    confusion_picture([(case["expect"][0], case["got"]) for case in wrong], arguments.report / "confusion.png")
    reliability_picture([(c["confidence"], c["right"]) for c in cases], arguments.report / "reliability.png")
    print("\n".join(lines[: lines.index("## Not understood")]))
    print(f"Report: {arguments.report / 'report.md'}")
    return 0


def share(cases: List[Case], what: str) -> str:
    """The share of cases in words."""
    if what == "refused":
        hits = [case for case in cases if case["got"] == OUT and not case["right"]]
    else:
        hits = [case for case in cases if case[what]]
    return f"{len(hits) / max(1, len(cases)):.3f} ({len(hits)} of {len(cases)})"


if __name__ == "__main__":
    sys.exit(main())
