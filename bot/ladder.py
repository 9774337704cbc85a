"""`make ladder`: what each part of understanding adds, from stock Rasa on the same phrasings up to what runs here.

    bot/.venv/bin/python -m bot.ladder [--skip STEP …] [--brands BRAND …] [--epochs N] [--report FOLDER]

Each step learns the brands' phrasings, one brand after the other, and is judged as `make evaluate` judges, on the project's own evaluation
set and on data/calibration. Weights and thresholds of every step but the last are found again as `make calibrate` finds them, so that none
suffers from those of another; the last has those of bot/calibration.json. Writes ladder.json, which keeps the steps that were skipped
from the last time; the page of `make evaluate` shows it.

Learning is told in seconds of processor (two cores for one second make two), so that a busy machine tells the same. The vectors of
"encoder" are those that "both" learned: it takes what "both" takes beyond "words".
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
import yaml

from bot import learning
from bot.calibrate import MESSAGES, fit_thresholds, fit_weights, parts_of, ranked
from bot.encoder import Encoder, encoder_folder
from bot.evaluate import OWN, ROOT, judged, read_lines
from bot.examples import Example, brand_examples, request_examples
from bot.figures import Case
from bot.outcomes import OutcomeModel, Weights
from bot.report import STEPS, Ladder, ladder_markdown
from bot.text import Ranking
from bot.verdict import CALIBRATED
from knowledge import Shelf

WORDS = 1  # of the parts the first is of words and letters
# As `rasa init` writes it, without what finds no intent (synonyms, retrieval, fallback).
PIPELINE = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]

Examples = Dict[str, List[Example]]
Seconds = Dict[str, float]
Models = Dict[str, OutcomeModel]


def learn(examples: Examples, encoder: Any, noise: bool) -> Tuple[Models, Seconds]:
    """The model of each brand and the seconds of processor it took, by what `rasa train` runs; without `noise`, from the phrasings only."""
    models, seconds = {}, {}
    copies = learning.NOISY_COPIES
    learning.NOISY_COPIES = copies if noise else 0
    try:
        for brand, found in examples.items():
            started = time.process_time()
            models[brand] = learning.learn_brand(found, encoder)
            seconds[brand] = time.process_time() - started
    finally:
        learning.NOISY_COPIES = copies
    return models, seconds


def ranking_of(case: Case, weights: Dict[str, float]) -> Ranking:
    """As `OutcomeModel.rank` with these weights."""
    scores = np.array([1.0, weights["meaning"], weights["near_meaning"]]) @ case["parts"]
    scores = scores + case["unlike"] * weights["temperature"]
    return ranked(case["outcomes"], scores, weights["temperature"], weights.get("refusal", 0.0))


def rank_at_best(models: Models, cases: List[Case], shelf: Shelf) -> None:
    """Adds to each case its ranking with the weights that are best for its parts on the calibration messages."""
    foreign = {
        brand: np.array([n.startswith("do/") and n[3:] not in shelf.brands[brand].requests for n in model.outcomes])
        for brand, model in models.items()
    }
    weights = fit_weights(models, [case for case in cases if case["set"] == "calibration"], foreign)
    for case in cases:
        case["ranking"] = ranking_of(case, weights)


def diet(examples: Examples, cases: List[Case], epochs: int) -> Seconds:
    """Adds to each case the ranking of stock Rasa, trained in a temporary folder; the seconds of processor for each brand."""
    with tempfile.TemporaryDirectory() as folder:
        # Before Rasa reads them: no reports to its makers, no cache that would make a second training look quick.
        os.environ.update(RASA_TELEMETRY_ENABLED="false", RASA_MAX_CACHE_SIZE="0", RASA_CACHE_DIRECTORY=folder)
        os.environ.update(TF_CPP_MIN_LOG_LEVEL="2", SQLALCHEMY_SILENCE_UBER_WARNING="1")
        from rasa.core.agent import Agent
        from rasa.model_training import train_nlu
        from rasa.shared.nlu.training_data.message import Message
        from rasa.shared.nlu.training_data.training_data import TrainingData

        config = Path(folder) / "config.yml"
        classifier = {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True}
        recipe = {
            "recipe": "default.v1",
            "assistant_id": "ladder",
            "language": "en",
            "pipeline": [*PIPELINE, classifier],
        }
        config.write_text(yaml.safe_dump(recipe), encoding="utf-8")

        async def rank(agent: Agent, mine: List[Case], outcomes: Dict[str, str]) -> None:
            for case in mine:
                parsed = await agent.parse_message(case["text"])
                case["ranking"] = [(outcomes[one["name"]], one["confidence"]) for one in parsed["intent_ranking"]]

        seconds = {}
        for brand, found in examples.items():
            # Rasa takes what stands after a "/" for another kind of intent.
            outcomes = {example.outcome.replace("/", "__"): example.outcome for example in found}
            messages = [Message.build(example.text, example.outcome.replace("/", "__")) for example in found]
            phrasings = Path(folder) / f"{brand}.yml"
            phrasings.write_text(TrainingData(messages).nlu_as_yaml(), encoding="utf-8")
            started = time.process_time()
            model = train_nlu(str(config), str(phrasings), folder, fixed_model_name=brand)
            seconds[brand] = time.process_time() - started
            if not model:
                raise RuntimeError(f"Rasa could not train {brand}")
            asyncio.run(rank(Agent.load(model), [case for case in cases if case["brand"] == brand], outcomes))
    return seconds


def rows_of(step: str, cases: List[Case], seconds: Seconds, shelf: Shelf) -> Ladder:
    """Judges the rankings of a step; a row for each brand: of each set and language, how many are right and how many there are."""
    thresholds = CALIBRATED
    if step != "all":
        thresholds = fit_thresholds([(case, case["ranking"]) for case in cases if case["set"] == "calibration"])
    counts: Dict[str, Dict[str, Dict[str, List[int]]]] = {brand: {} for brand in seconds}
    for case in cases:
        judged(case, case["ranking"], shelf, thresholds)
        count = counts[case["brand"]].setdefault(case["set"], {}).setdefault(case["language"], [0, 0])
        count[0] += case["right"]
        count[1] += 1
    today = datetime.date.today().isoformat()
    return [
        {"step": step, "brand": brand, "learned_on": today, "learned_s": round(s, 1), "sets": counts[brand]}
        for brand, s in seconds.items()
    ]


def climb(examples: Examples, cases: List[Case], shelf: Shelf, skipped: List[str], epochs: int) -> Ladder:
    """The rows of all steps but those skipped."""
    encoder = Encoder(encoder_folder({}))
    rows: Ladder = []
    took: Dict[str, Seconds] = {}

    def add(step: str) -> None:
        rows.extend(rows_of(step, cases, took[step], shelf))
        print(f"{STEPS[step]}: {sum(took[step].values()):.0f} s of processor", file=sys.stderr, flush=True)

    for step, using, noise in (("words", None, False), ("words_noise", None, True), ("both", encoder, False)):
        if step not in skipped:
            models, took[step] = learn(examples, using, noise)
            parts_of(models, cases)
            rank_at_best(models, cases, shelf)
            add(step)
    if {"words", "both"} <= set(took) and "encoder" not in skipped:
        for case in cases:
            case["parts"][:WORDS] = 0
        rank_at_best(models, cases, shelf)
        took["encoder"] = {brand: took["both"][brand] - took["words"][brand] for brand in examples}
        add("encoder")
    if "all" not in skipped:
        models, took["all"] = learn(examples, encoder, True)
        parts_of(models, cases)
        for case in cases:
            case["ranking"] = ranking_of(case, vars(Weights.read()))
        add("all")
    if "diet" not in skipped:
        took["diet"] = diet(examples, cases, epochs)
        add("diet")
    return rows


def main() -> int:
    """Prints the ladder as Markdown and writes it; 2 for an unknown brand."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--skip", nargs="*", choices=list(STEPS), default=[], metavar="STEP", help=", ".join(STEPS))
    parser.add_argument("--brands", nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=100, help="of DIET; 100 is what `rasa init` writes")
    parser.add_argument("--report", type=Path, default=ROOT / "reports" / "ladder")
    arguments = parser.parse_args()
    shelf = Shelf(ROOT / "knowledge_base")
    brands = arguments.brands or sorted(shelf.brands)
    unknown = set(brands) - set(shelf.brands)
    if unknown:
        print(f"no such brand: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    requests = request_examples(ROOT / "data" / "nlu")
    examples = {brand: brand_examples(shelf, brand, requests) for brand in brands}
    sets = {"evaluation": [OWN / "understanding.jsonl"], "calibration": sorted(MESSAGES.glob("*.jsonl"))}
    cases = [
        {**case, "set": name, "requests": shelf.brands[case["brand"]].requests}
        for name, paths in sets.items()
        for path in paths
        for case in read_lines(path)
        if case["brand"] in brands
    ]
    rows = climb(examples, cases, shelf, arguments.skip, arguments.epochs)

    path = arguments.report / "ladder.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    new = {(row["step"], row["brand"]) for row in rows}
    rows += [row for row in before if (row["step"], row["brand"]) not in new]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n", encoding="utf-8")
    print("\n".join(ladder_markdown(rows)))
    print(f"Report: {path}, and the page of make evaluate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
