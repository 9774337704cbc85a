"""How well articles are found that nothing was trained on: title, body and three phrasings of each language are all that is known.

    bot/.venv/bin/python -m bot.new_articles --encoder FOLDER [--fit] [--cases FILE …]

Every fourth article of each brand is new. FOLDER is an encoder that was tuned without them (`make encoder` makes one beside the real
one, for this figure only). `--fit` finds on data/calibration what nearness to a new article's texts weighs, and writes it to
bot/calibration.json.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import sys
from pathlib import Path
from typing import Any, Dict, List

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.encoder import Encoder
from bot.evaluate import read_lines
from bot.examples import article_texts, brand_examples, new_articles, request_examples
from bot.learning import learn_brands
from bot.outcomes import CALIBRATION, OutcomeModel
from bot.verdict import offered_only
from knowledge import Shelf

ROOT = Path(__file__).resolve().parent.parent
PHRASINGS = 3


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
        texts: Dict[str, List[str]] = collections.defaultdict(list)
        for article in shelf.articles(brand):
            if article.id in left_out[brand]:
                few = random.Random(article.id).sample(article.phrasings, PHRASINGS)
                known = article_texts(article)
                texts[article.id] += [text for text in known if text not in article.phrasings or text in few]
        for outcome, found in texts.items():
            model.add(outcome, found)
    return models


def fit(models: Dict[str, OutcomeModel], cases: List[Dict[str, Any]]) -> Dict[str, float]:
    """What nearness weighs, so that a new article's score can stand beside those of learned outcomes."""
    rows, wanted = [], []
    for case in cases:
        model = models[case["brand"]]
        best = float(model.scores(model.parts([case["text"]])).max())
        for outcome, near in model.nearness([case["text"]]).items():
            rows.append((*near[0], -best))
            wanted.append(outcome in case["expect"])
    found = LogisticRegression(C=100.0, max_iter=1000).fit(np.array(rows), np.array(wanted))
    near, near_meaning, meaning, best = found.coef_[0]
    return {
        "new_near": round(float(near / best), 3),
        "new_near_meaning": round(float(near_meaning / best), 3),
        "new_meaning": round(float(meaning / best), 3),
        "new_constant": round(float(found.intercept_[0] / best), 3),
    }


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
        kept["weights"].update(fit(models, calibration))
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
