"""How well articles are found that nothing was trained on: title, body and three phrasings of each language are all that is known.

    bot/.venv/bin/python -m bot.new_articles --encoder FOLDER [--fit] [--cases FILE …]

Every fourth article of each brand is new. FOLDER is an encoder that was tuned without them (`make encoder` makes one beside the real
one, for this figure only). `--fit` finds on data/calibration what nearness to a new article's texts weighs, and writes it to
bot/calibration.json.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import json
import random
import sys
from pathlib import Path
from typing import Any, Dict, List, NamedTuple

import numpy as np
from scipy.optimize import minimize

from bot.encoder import Encoder
from bot.evaluate import read_lines
from bot.examples import article_texts, brand_examples, new_articles, request_examples
from bot.learning import learn_brands
from bot.outcomes import CALIBRATION, OutcomeModel, likeness_of, softmax
from bot.verdict import REFUSED, offered_only
from knowledge import Shelf

ROOT = Path(__file__).resolve().parent.parent
PHRASINGS = 3
# How much a message that wants a new article counts beside the others. An article is written because customers ask for it, and is new for
# a minute only: until its brand was learned again.
NEW_COUNTS = 2.0


class Ranked(NamedTuple):
    """A message: the scores of what was learned, how near each new outcome is (new, 4), which of both are acceptable."""

    scores: np.ndarray
    nearness: np.ndarray
    accepted: np.ndarray


def learn_without(shelf: Shelf, encoder: Encoder) -> Dict[str, OutcomeModel]:
    """Each brand learned without its new articles, which are then added from their few texts."""
    requests = request_examples(ROOT / "data" / "nlu")
    left_out = {brand: new_articles(shelf, brand) for brand in shelf.brands}
    examples = {
        brand: [e for e in brand_examples(shelf, brand, requests) if e.outcome not in left_out[brand]]
        for brand in shelf.brands
    }
    models = learn_brands(examples, encoder)
    for brand, model in models.items():
        new = [
            dataclasses.replace(
                article, phrasings=tuple(random.Random(article.id).sample(article.phrasings, PHRASINGS))
            )
            for article in shelf.articles(brand)
            if article.id in left_out[brand]
        ]
        for outcome, texts in article_texts(new).items():
            model.add(outcome, texts)
    return models


def ranked_parts(models: Dict[str, OutcomeModel], cases: List[Dict[str, Any]], shelf: Shelf) -> List[Ranked]:
    """What the fit needs of each message: scores of what was learned, nearness of what is new, which outcomes are acceptable."""
    found = []
    for case in cases:
        model, offered = models[case["brand"]], shelf.brands[case["brand"]].requests
        nearness = model.nearness([case["text"]])
        likeness = likeness_of(nearness)
        names = [*model.outcomes, *nearness]
        accepted = [name in case["expect"] for name in names]
        if REFUSED in case["expect"]:  # what only other brands do is refused as well
            accepted = [
                ok or (n.startswith("do/") and n[3:] not in offered) for n, ok in zip(names, accepted, strict=True)
            ]
        scores = model.scores(model.parts([case["text"]]), likeness)[0]
        found.append(Ranked(scores, np.concatenate(list(nearness.values())), np.array(accepted)))
    return found


def fit(ranked: List[Ranked], temperature: float) -> Dict[str, float]:
    """What nearness weighs, so that a new article's score stands rightly among those of learned outcomes: by the least loss of the whole
    ranking, as `bot.calibrate` finds the other weights. A message that wants a new article counts `NEW_COUNTS` times."""
    counts = np.array([NEW_COUNTS if one.accepted[len(one.scores) :].any() else 1.0 for one in ranked])

    def loss(values: np.ndarray) -> float:
        losses = []
        for one in ranked:
            scores = np.concatenate([one.scores, one.nearness @ values[:-1] + values[-1]])
            losses.append(-np.log(softmax(scores[None] / temperature)[0][one.accepted].sum() + 1e-6))
        return float(counts @ np.array(losses) / counts.sum()) + 1e-5 * float(np.square(values[:-1]).sum())

    best = minimize(
        loss, np.array([1.0, 2.0, 2.0, 1.0, -1.0]), method="Nelder-Mead", options={"maxiter": 1000, "xatol": 0.01}
    )
    names = ("new_near", "new_title", "new_phrasing", "new_meaning", "new_constant")
    return {name: round(float(value), 3) for name, value in zip(names, best.x, strict=True)}


def main() -> int:
    """Prints the figures by language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument(
        "--cases", type=Path, nargs="*", default=[ROOT / "tests" / "evaluation" / "understanding.jsonl"]
    )
    arguments = parser.parse_args()
    shelf = Shelf(ROOT / "knowledge_base")
    models = learn_without(shelf, Encoder(arguments.encoder))
    if arguments.fit:
        calibration = [
            case for path in sorted((ROOT / "data" / "calibration").glob("*.jsonl")) for case in read_lines(path)
        ]
        kept = json.loads(CALIBRATION.read_text(encoding="utf-8"))
        ranked = ranked_parts(models, calibration, shelf)
        kept["weights"].update(fit(ranked, kept["weights"]["temperature"]))
        CALIBRATION.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        print(json.dumps(kept["weights"]))
        for model in models.values():
            model.weights = type(model.weights)(**kept["weights"])
    for path in arguments.cases:
        found: Dict[str, List[bool]] = collections.defaultdict(list)
        for case in read_lines(path):
            new = new_articles(shelf, case["brand"])
            ranking = offered_only(models[case["brand"]].rank(case["text"]), shelf.brands[case["brand"]].requests)
            kind = "new articles" if new & set(case["expect"]) else "all else"
            for group in (kind, f"{kind}, {case['language']}"):
                found[group].append(ranking[0][0] in case["expect"])
        print(f"{path.name}:")
        for group, right in sorted(found.items()):
            print(f"  {group:20} {np.mean(right):.3f} ({sum(right)} of {len(right)})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
