"""`make evaluate`: how well messages are understood, their language told and their entities found, on files of labelled messages.

    bot/.venv/bin/python -m bot.evaluate [--gate | --record] [--cases FILE] [--language-cases FILE] [--entity-cases FILE]
        [--report FOLDER] [--ladder FILE] [--model FILE]

Cases: `{"id","brand","language","style","text","expect":[…]}` a line, `expect` holding every acceptable outcome (an article id, or
`do/<request>`); language cases: `{"id","language","text"}`; entity cases: see `bot.entity_report`. A message is understood when the first
outcome is expected. The brands are learned here from the project's phrasings, by the very classes that Rasa's component runs.

Writes index.html, report.md and figures.json. `--record` keeps the figures of the project's own sets in tests/evaluation/recorded.json;
`--gate` exits with 1 where one fell more than a point below.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tarfile
import time
from pathlib import Path
from typing import Dict, Iterable, List, Optional

import joblib
from threadpoolctl import threadpool_limits

from bot import entity_report, figures, report
from bot.encoder import Encoder, encoder_folder
from bot.examples import brand_examples, request_examples
from bot.figures import OUT, Case, Figure, Figures
from bot.learning import learn_brands
from bot.outcomes import OutcomeModel
from bot.text import Ranking
from bot.verdict import CALIBRATED, Thresholds, judge, offered_only
from knowledge import Shelf
from language import Detector

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "tests" / "evaluation"
RECORDED = OWN / "recorded.json"


def read_lines(path: Path) -> List[Case]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def learn(shelf: Shelf, brands: Iterable[str], encoder: Optional[Encoder]) -> Dict[str, OutcomeModel]:
    """The brands as `rasa train` learns them."""
    requests = request_examples(ROOT / "data" / "nlu")
    return learn_brands({brand: brand_examples(shelf, brand, requests) for brand in brands}, encoder)


def trained(model: Path, encoder: Encoder) -> Dict[str, OutcomeModel]:
    """The brands as they stand in a trained model (`models/current.tar.gz`). Raises KeyError where it holds none."""
    with tarfile.open(model) as archive:
        names = [name for name in archive.getnames() if name.endswith("/outcomes.joblib")]
        file = archive.extractfile(names[0]) if names else None
        if file is None:
            raise KeyError(f"{model} holds no outcomes")
        models: Dict[str, OutcomeModel] = joblib.load(io.BytesIO(file.read()))[0]
    for each in models.values():
        each.vectors = encoder.vectors
    return models


def understand(models: Dict[str, OutcomeModel], shelf: Shelf, cases: List[Case]) -> None:
    """Adds to each case what was understood (see `judged`), and `seconds`: how long its ranking took on one core."""
    with threadpool_limits(1):
        for model in models.values():
            model.rank("bonjour")  # the first message of a process also loads libraries
        for case in cases:
            started = time.perf_counter()
            ranking = models[case["brand"]].rank(case["text"])
            case["seconds"] = time.perf_counter() - started
            judged(case, ranking, shelf)


def judged(case: Case, ranking: Ranking, shelf: Shelf, thresholds: Thresholds = CALIBRATED) -> None:
    """Adds to a case `got`, `candidates`, `confidence`, `asked`, `right`, `top3`, `refused` (wrongly) and `kind`."""
    verdict = judge(
        offered_only(ranking, shelf.brands[case["brand"]].requests, thresholds), case["text"], False, thresholds
    )
    case["got"] = verdict.outcome
    case["candidates"] = [name for name, _ in verdict.candidates]
    case["confidence"] = verdict.confidence
    case["asked"] = verdict.unsure
    case["right"] = verdict.outcome in case["expect"]
    case["top3"] = any(name in case["expect"] for name in case["candidates"][:3])
    case["refused"] = verdict.outcome == OUT and not case["right"]
    case["kind"] = figures.kind_of(case)


def entity_figures(measured: List[entity_report.Measured]) -> Figures:
    """Exactly right messages; precision, recall and F1 over all, by kind and by language."""
    exact = figures.share(one.right for one in measured)
    found: Figures = {"entities.exact": exact}
    for row in entity_report.table(measured):
        # As in the other figures a group that is "all" has no part of its name.
        groups = "".join(f".{part}" for part in (row.kind, row.language) if part != entity_report.ALL)
        messages = row.wanted if groups else exact.messages
        for name in ("precision", "recall", "f1"):
            found[f"entities.{name}{groups}"] = Figure(getattr(row, name), messages)
    return found


def main() -> int:
    """Prints the figures, writes the report. 1: a figure fell (`--gate`); 2: a file cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--cases", "--language-cases", "--entity-cases"):
        parser.add_argument(option, type=lambda text: Path(text) if text else None)
    parser.add_argument("--report", type=Path, default=ROOT / "reports" / "evaluation")
    parser.add_argument("--ladder", type=Path, default=ROOT / "reports" / "ladder" / "ladder.json")
    what = parser.add_mutually_exclusive_group()
    parser.add_argument("--model", type=Path, help="a trained model of Rasa, instead of learning the brands here")
    what.add_argument("--gate", action="store_true", help="fail where a figure fell below the recorded one")
    what.add_argument("--record", action="store_true", help="keep the figures as the recorded ones")
    arguments = parser.parse_args()
    others = [path for path in (arguments.cases, arguments.language_cases, arguments.entity_cases) if path]
    if others and (arguments.gate or arguments.record):
        parser.error("the recorded figures are those of the project's own sets: leave the files out")
    try:
        cases = read_lines(arguments.cases or OWN / "understanding.jsonl")
        language_cases = read_lines(arguments.language_cases or OWN / "language.jsonl")
        entity_cases = entity_report.read_cases(arguments.entity_cases or OWN / "entities.jsonl")
        recorded = figures.read(RECORDED) if arguments.gate else {}
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    shelf, detector = Shelf(ROOT / "knowledge_base"), Detector()
    unknown = {case["brand"] for case in (*cases, *entity_cases)} - set(shelf.brands)
    if unknown:
        print(f"no such brand: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2

    started = time.perf_counter()
    encoder = Encoder(encoder_folder({}))
    brands = sorted({case["brand"] for case in cases})
    models = trained(arguments.model, encoder) if arguments.model else learn(shelf, brands, encoder)
    learned_s = None if arguments.model else time.perf_counter() - started
    understand(models, shelf, cases)
    for case in language_cases:
        case["heard"] = detector.decide(case["text"]).language
        case["right"] = case["heard"] == case["language"]
    entities = entity_report.measure(entity_cases)
    found = {
        **figures.understanding_figures(cases),
        **figures.language_figures(language_cases),
        **entity_figures(entities),
        **figures.duration_figures([case["seconds"] for case in cases], learned_s),
    }

    figures.write(found, arguments.report / "figures.json")
    ladder = json.loads(arguments.ladder.read_text(encoding="utf-8")) if arguments.ladder.is_file() else []
    rows = entity_report.table(entities)
    page = report.page(found, cases, language_cases, rows, ladder)
    (arguments.report / "index.html").write_text(page, encoding="utf-8")
    lines = report.markdown(found, cases, rows)
    (arguments.report / "report.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines[: lines.index("## Not understood")]))
    print(f"Report: {arguments.report / 'index.html'}")
    if arguments.record:
        # How long it takes is the machine's; it is reported, not held.
        figures.write({name: figure for name, figure in found.items() if figure.messages}, RECORDED)
    fell = figures.worse(found, recorded)
    for line in fell:
        print(f"fell: {line}", file=sys.stderr)
    return 1 if fell else 0


if __name__ == "__main__":
    sys.exit(main())
