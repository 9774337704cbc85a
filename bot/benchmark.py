"""`make benchmark`: the very component that learns the brands, on the public sets BANKING77 and CLINC150, unchanged.

    bot/.venv/bin/python -m bot.benchmark FOLDER

FOLDER holds banking77/train.csv and test.csv (columns text, category) and clinc150/data_oos_plus.csv (columns split, text, intent;
the intent `oos` is out of scope). The sets are public (see docs/sources.md) and not part of the project.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import sys
import time
from pathlib import Path
from typing import Dict, List, Tuple

import numpy as np

from bot.calibrate import REFUSED_MOST, ranked
from bot.encoder import Encoder, encoder_folder
from bot.examples import Example
from bot.learning import learn_brand
from bot.outcomes import OutcomeModel
from bot.verdict import REFUSED, judge

OUT = "oos"
Pairs = List[Tuple[str, str]]


def read_rows(path: Path) -> List[Dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def learn(pairs: Pairs) -> Tuple[OutcomeModel, float]:
    """The model, and the seconds it took."""
    started = time.perf_counter()
    encoder = Encoder(encoder_folder({}))
    model = learn_brand([Example(text, outcome, "en") for text, outcome in pairs], encoder)
    return model, time.perf_counter() - started


def outcomes(model: OutcomeModel, rows: List[Dict[str, str]]) -> List[str]:
    """What is understood by each message. Nobody is there to be asked: a message that would be asked about is refused."""
    return [judge(model.rank(row["text"]), row["text"], asked_before=True).outcome for row in rows]


def with_advance(model: OutcomeModel, inside: List[Dict[str, str]]) -> OutcomeModel:
    """The model with the advance for out of scope that `make calibrate` would find: the largest with which few of the set's own
    validation messages in scope are refused."""
    plain = dataclasses.replace(model.weights, refusal=0.0)
    model.weights = plain
    texts = [row["text"] for row in inside]
    scores = model.scores(model.parts(texts))
    for advance in np.arange(0.5, 10, 0.5):
        ranks = [ranked(model.outcomes, each, plain.temperature, advance) for each in scores]
        verdicts = [judge(rank, text, asked_before=True) for rank, text in zip(ranks, texts, strict=True)]
        if sum(verdict.outcome == REFUSED for verdict in verdicts) > REFUSED_MOST * len(inside):
            break
        model.weights = dataclasses.replace(plain, refusal=float(advance))
    return model


def banking77(folder: Path) -> str:
    """Accuracy on the test messages; the set has nothing that is out of scope, so the first outcome counts."""
    train = [(row["text"], row["category"]) for row in read_rows(folder / "train.csv")]
    test = [(row["text"], row["category"]) for row in read_rows(folder / "test.csv")]
    model, seconds = learn(train)
    right = sum(model.rank(text)[0][0] == wanted for text, wanted in test)
    return f"| BANKING77 | accuracy | {right / len(test):.4f} | {len(test)} | {seconds:.0f} s |"


def clinc150(folder: Path) -> str:
    """Accuracy within scope, and recall of what is out of scope."""
    rows = read_rows(folder / "data_oos_plus.csv")
    train = [row for row in rows if row["split"] in ("train", "oos_train")]
    model, seconds = learn([(row["text"], REFUSED if row["intent"] == OUT else row["intent"]) for row in train])
    model = with_advance(model, [row for row in rows if row["split"] == "val"])
    inside = [row for row in rows if row["split"] == "test"]
    outside = [row for row in rows if row["split"] == "oos_test"]
    right = sum(got == row["intent"] for got, row in zip(outcomes(model, inside), inside, strict=True))
    refused = sum(got == REFUSED for got in outcomes(model, outside))
    return (
        f"| CLINC150 | accuracy in scope | {right / len(inside):.4f} | {len(inside)} | {seconds:.0f} s |\n"
        f"| CLINC150 | out-of-scope recall (advance {model.weights.refusal:.1f}) | {refused / len(outside):.4f} | {len(outside)} | |"
    )


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    if not (folder / "banking77").is_dir() or not (folder / "clinc150").is_dir():
        print(f"{folder} must hold banking77/ and clinc150/: make benchmark SETS=<folder>", file=sys.stderr)
        return 2
    print("| set | figure | value | messages | learned in |\n| --- | --- | --- | --- | --- |")
    print(banking77(folder / "banking77"), flush=True)
    print(clinc150(folder / "clinc150"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
