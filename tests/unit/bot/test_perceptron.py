"""The network over vectors: what it learns, what it says of one message, in the environment that learns it."""

import math

import pytest

from tests.unit.bot.in_rasa import printed

PROGRAM = """
import json
import numpy as np
from bot import perceptron
from bot.perceptron import Perceptron

random = np.random.default_rng(2)

def drawn(outcomes, each):
    # Two clouds for each outcome, on opposite sides: no plane tells them apart, a hidden layer does.
    places = random.normal(size=(outcomes, 24))
    labels = np.repeat(np.arange(outcomes), each)
    vectors = places[labels] * random.choice([-1, 1], (len(labels), 1)) + random.normal(scale=0.2, size=(len(labels), 24))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), labels

vectors, labels = drawn(6, 60)
kept = np.arange(len(labels)) % 5 != 0
network = Perceptron.learn(vectors[kept], labels[kept])
shares = network.log_shares(vectors[~kept])
twice = Perceptron.learn(vectors[kept], labels[kept]).log_shares(vectors[~kept])
few, of_two = drawn(2, 20)
two = Perceptron.learn(few, of_two).log_shares(few)
print(json.dumps({
    "right": float((shares.argmax(1) == labels[~kept]).mean()),
    "same": bool((shares == twice).all()),
    "sums": [float(np.exp(shares).sum(1).min()), float(np.exp(shares).sum(1).max())],
    "least": float(shares.min()),
    "alone": float(np.abs(network.log_shares(vectors[:1]) - network.log_shares(vectors)[:1]).max()),
    "type": str(shares.dtype),
    "two": float((two.argmax(1) == of_two).mean()),
    "two_sum": float(np.exp(two).sum(1).max()),
}))
"""


@pytest.fixture(scope="module")
def seen() -> dict:
    return printed(PROGRAM)


def test_it_tells_apart_what_no_plane_does(seen: dict) -> None:
    assert seen["right"] > 0.9


def test_its_shares_are_one_together_and_none_is_below_the_least(seen: dict) -> None:
    assert seen["sums"] == pytest.approx([1, 1], abs=1e-3)
    assert seen["least"] >= math.log(1e-7) - 1e-3
    assert seen["type"] == "float32"


def test_it_learns_the_same_every_time(seen: dict) -> None:
    assert seen["same"]


def test_a_message_alone_has_what_it_has_among_others(seen: dict) -> None:
    assert seen["alone"] < 1e-4


def test_two_outcomes_are_told_apart_like_many(seen: dict) -> None:
    assert seen["two"] > 0.9
    assert seen["two_sum"] == pytest.approx(1, abs=1e-3)
