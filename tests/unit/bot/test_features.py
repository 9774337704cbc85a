"""What a message is taken apart into, and the classifier's planes in bytes, in the environment that learns them."""

import pytest

from tests.unit.bot.in_rasa import printed

PROGRAM = """
import json
import numpy as np
from scipy import sparse
from bot.features import Features
from bot.outcomes import Margins

texts = ["pay my bill", "pay the bill now", "change my plan", "je veux payer ma facture"]
features, rows = Features.learn([*texts, "pya my bill", "pay the bil now", "chnage my plan", "je veu payer ma facture"], len(texts))
again = features.of(texts)
unknown = features.of(["zzz qqq", ""])
near = (features.of(["paying my bills"]) @ rows[:4].T).toarray()[0]
made_up = features.of(["pya"])
random = np.random.default_rng(1)
planes, constants = random.normal(size=(7, rows.shape[1])), random.normal(size=7)
exact = rows @ planes.T + constants
print(json.dumps({
    "same": bool(np.allclose(again.toarray(), rows[:4].toarray(), atol=1e-6)),
    "lengths": np.sqrt(again.multiply(again).sum(axis=1)).ravel().tolist()[0],
    "unknown": float(abs(unknown).sum()),
    "nearest": int(near.argmax()),
    "made_up": int(made_up.nnz),
    "off": float(np.abs(Margins(planes, constants).of(sparse.csr_matrix(rows)) - exact).max()),
    "spread": float(exact.std()),
}))
"""


@pytest.fixture(scope="module")
def seen() -> dict:
    return printed(PROGRAM)


def test_a_text_has_the_row_that_it_was_learned_with(seen: dict) -> None:
    assert seen["same"]
    assert seen["lengths"] == pytest.approx([1, 1, 1, 1], abs=1e-5)


def test_what_was_never_seen_is_nothing(seen: dict) -> None:
    assert seen["unknown"] == 0


def test_the_nearest_phrasing_is_the_one_with_the_same_words(seen: dict) -> None:
    assert seen["nearest"] == 0


def test_a_single_misspelling_made_up_for_training_is_no_word(seen: dict) -> None:
    assert seen["made_up"] <= 2  # pieces of it that other words have too


def test_planes_in_bytes_give_the_margins_of_the_exact_ones(seen: dict) -> None:
    assert seen["off"] < seen["spread"] / 50
