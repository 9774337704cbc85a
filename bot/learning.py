"""Learns one brand: its phrasings and noisy copies of them. The one way, for `rasa train`, for live changes and for the evaluation."""

from __future__ import annotations

from typing import List

from bot.examples import Example
from bot.noise import Noise
from bot.outcomes import OutcomeModel

NOISY_COPIES = 1
COST = 0.5


def learn_brand(examples: List[Example]) -> OutcomeModel:
    """The model of a brand's examples."""
    noise = Noise()
    texts = [example.text for example in examples]
    outcomes = [example.outcome for example in examples]
    copies = [[noise.copy(text) for text in texts] for _ in range(NOISY_COPIES)]
    return OutcomeModel(COST).learn(texts, outcomes, copies)
