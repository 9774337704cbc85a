"""`make calibrate`: finds what each part of a score weighs, and from where on a verdict is sure, on messages that nothing is learned from.

    bot/.venv/bin/python -m bot.calibrate

The messages are data/calibration/<language>.jsonl, written apart from the phrasings and from every evaluation set. Weights and temperature:
the least loss (the negative log of the share of confidence that acceptable outcomes have). Thresholds: the greatest worth, where an
answer, a question and a refusal are worth what `WORTH` says. Writes bot/calibration.json.
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
from scipy.optimize import minimize

from bot.encoder import Encoder, encoder_folder
from bot.evaluate import OUT, learn, read_lines
from bot.outcomes import CALIBRATION, UNLIKE, OutcomeModel, softmax
from bot.text import Ranking
from bot.verdict import CALIBRATED, Thresholds, judge, offered_only
from knowledge import Shelf

ROOT = Path(__file__).resolve().parent.parent
MESSAGES = ROOT / "data" / "calibration"
# What a verdict is worth to the customer. A question that holds the right answer costs a turn; a wrong answer costs trust; a refusal
# of what the brand does sends a customer away.
WORTH = {"right": 1.0, "asked_right": 0.6, "asked_wrong": -0.3, "refused": -1.2, "wrong": -1.0}
RECOGNISED = 0.95  # of what is out of scope; 0.90 is asked, and unseen messages are harder
REFUSED_MOST = 0.015  # of the messages that are not out of scope; 0.02 is allowed, and unseen messages are harder
PARTS = ("margin", "meaning", "near_meaning")
NAMES = (*PARTS[1:], "temperature", "refusal")

Case = Dict[str, Any]
Scored = Tuple[Case, List[str], np.ndarray]  # a message, the outcomes of its brand and their scores


def parts_of(models: Dict[str, OutcomeModel], cases: List[Case]) -> None:
    """Adds to each case the parts of its scores (those that the model has not are 0), what unlikeness gives to each outcome in log
    odds, the brand's outcomes, and which of them are acceptable."""
    for brand, model in models.items():
        mine = [case for case in cases if case["brand"] == brand]
        found = model.parts([case["text"] for case in mine])
        likeness = model.likeness(found)
        out = np.array([name == OUT for name in model.outcomes])
        for i, case in enumerate(mine):
            case["parts"] = np.stack([found[name][i] if name in found else np.zeros(len(out)) for name in PARTS])
            case["out"] = out
            case["unlike"] = -UNLIKE * likeness[i] * out
            case["outcomes"] = model.outcomes
            case["accepted"] = np.array([name in case["expect"] for name in model.outcomes])


def fit_weights(models: Dict[str, OutcomeModel], cases: List[Case], foreign: Dict[str, np.ndarray]) -> Dict[str, float]:
    """The weights with the least loss, the advance for what is out of scope among them. What only other brands do counts as that."""

    def loss(values: np.ndarray) -> float:
        meaning, near_meaning, log_temperature, refusal = values
        total = 0.0
        for case in cases:
            scores = np.array([1.0, meaning, near_meaning]) @ case["parts"]
            odds = scores / np.exp(log_temperature) + case["unlike"] + refusal * case["out"]
            confidences = softmax(odds[None])[0]
            accepted = case["accepted"] | foreign[case["brand"]] if OUT in case["expect"] else case["accepted"]
            total -= np.log(confidences[accepted].sum() + 1e-6)
        return total / len(cases) + 0.001 * float(np.square(values[:2]).sum())

    best = minimize(
        loss,
        np.array([0.1, 1.0, np.log(0.2), UNLIKE]),
        method="Nelder-Mead",
        options={"maxiter": 600, "xatol": 0.01, "adaptive": True},
    )
    meaning, near_meaning, log_temperature, refusal = best.x
    return dict(zip(NAMES, (meaning, near_meaning, float(np.exp(log_temperature)), refusal), strict=True))


def fit_refusal(scored: List[Scored], temperature: float, thresholds: Thresholds) -> float:
    """The smallest advance for what is out of scope with which `RECOGNISED` of it is recognised: each further step refuses customers.

    Less where more than `REFUSED_MOST` of the other messages would be refused.
    """
    best = 0.0
    for advance in np.arange(0.5, 40.5, 0.5):
        if recognised(scored, temperature, best, thresholds) >= RECOGNISED:
            break
        if refused(scored, temperature, float(advance), thresholds) > REFUSED_MOST:
            break
        best = float(advance)
    return best


def recognised(scored: List[Scored], temperature: float, advance: float, thresholds: Thresholds) -> float:
    """The share of what is out of scope that is refused with this advance."""
    return _refused([one for one in scored if OUT in one[0]["expect"]], temperature, advance, thresholds)


def refused(scored: List[Scored], temperature: float, advance: float, thresholds: Thresholds) -> float:
    """The share of the other messages that is refused with this advance."""
    return _refused([one for one in scored if OUT not in one[0]["expect"]], temperature, advance, thresholds)


def _refused(scored: List[Scored], temperature: float, advance: float, thresholds: Thresholds) -> float:
    count = 0
    for case, names, scores in scored:
        ranking = offered_only(ranked(names, scores, temperature, advance), case["requests"], thresholds)
        count += judge(ranking, case["text"], False, thresholds).outcome == OUT
    return count / len(scored)


def ranked(names: List[str], scores: np.ndarray, temperature: float, refusal: float) -> Ranking:
    """The outcomes with their confidences, the likeliest first."""
    odds = scores / temperature
    odds = np.where(np.array(names) == OUT, odds + refusal, odds)
    confidences = softmax(odds[None])[0]
    return [(names[i], float(confidences[i])) for i in np.argsort(-confidences)]


def worth(rankings: List[Tuple[Case, Any]], thresholds: Thresholds) -> float:
    """The mean worth of the verdicts."""
    total = 0.0
    for case, ranking in rankings:
        verdict = judge(offered_only(ranking, case["requests"], thresholds), case["text"], False, thresholds)
        right = verdict.outcome in case["expect"]
        if verdict.unsure:
            total += WORTH[
                "asked_right" if any(n in case["expect"] for n, _ in verdict.candidates[:2]) else "asked_wrong"
            ]
        elif right:
            total += WORTH["right"]
        else:
            total += WORTH["refused" if verdict.outcome == OUT else "wrong"]
    return total / len(rankings)


def fit_thresholds(rankings: List[Tuple[Case, Any]]) -> Thresholds:
    """The thresholds of the greatest worth: one after the other, twice round."""
    best = Thresholds(sure=0.45, close=0.6, faint=0.25, lost=0.06, foreign=0.5)
    steps = {
        # Not above a half: what only another brand does must not outweigh an answer of this one that is nearly as likely.
        "foreign": np.linspace(0.1, 0.5, 5),
        "sure": np.linspace(0.2, 0.7, 11),
        "close": np.linspace(0.3, 0.9, 7),
        "faint": np.linspace(0.05, 0.4, 8),
        "lost": np.linspace(0.01, 0.15, 8),
    }
    for _, (name, values) in itertools.product(range(2), steps.items()):
        tried = [best.with_value(name, float(value)) for value in values]
        best = max([best, *tried], key=lambda thresholds: worth(rankings, thresholds))
    return best


def main() -> int:
    """Finds, prints and writes."""
    shelf = Shelf(ROOT / "knowledge_base")
    cases = [case for path in sorted(MESSAGES.glob("*.jsonl")) for case in read_lines(path)]
    models = learn(shelf, sorted({case["brand"] for case in cases}), Encoder(encoder_folder({})))
    for case in cases:
        case["requests"] = shelf.brands[case["brand"]].requests
    parts_of(models, cases)
    foreign = {
        brand: np.array([n.startswith("do/") and n[3:] not in shelf.brands[brand].requests for n in model.outcomes])
        for brand, model in models.items()
    }
    kept = json.loads(CALIBRATION.read_text(encoding="utf-8"))
    weights = {**kept["weights"], **fit_weights(models, cases, foreign)}
    scored = []
    for case in cases:
        scores = np.array([1.0, weights["meaning"], weights["near_meaning"]]) @ case["parts"]
        scores = scores + case["unlike"] * weights["temperature"]
        scored.append((case, case["outcomes"], scores))
    # Each rests on the other: the advance is found again with the thresholds that were found with it.
    thresholds = CALIBRATED
    for _ in range(2):
        weights["refusal"] = fit_refusal(scored, weights["temperature"], thresholds)
        rankings = [
            (case, ranked(names, scores, weights["temperature"], weights["refusal"])) for case, names, scores in scored
        ]
        thresholds = fit_thresholds(rankings)
    weights["refusal"] = fit_refusal(scored, weights["temperature"], thresholds)
    found = {
        "weights": {name: round(value, 3) for name, value in weights.items()},
        "thresholds": {name: round(value, 3) for name, value in thresholds.values().items()},
    }
    print(json.dumps({**found, "worth": round(worth(rankings, thresholds), 4), "messages": len(cases)}, indent=2))
    CALIBRATION.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
