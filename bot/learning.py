"""Learns one brand: its phrasings and noisy copies of them. The one way, for `rasa train`, for live changes and for the evaluation."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Dict, List

from bot.examples import Example
from bot.noise import Noise
from bot.outcomes import OutcomeModel

NOISY_COPIES = 1
COST = 0.5


def learn_brands(examples: Dict[str, List[Example]]) -> Dict[str, OutcomeModel]:
    """The model of each brand, on as many cores as there are (the classifier lets go of Python's lock)."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return dict(zip(examples, pool.map(learn_brand, examples.values()), strict=True))


def learn_brand(examples: List[Example]) -> OutcomeModel:
    """The model of a brand's examples."""
    noise = Noise()
    texts = [example.text for example in examples]
    outcomes = [example.outcome for example in examples]
    copies = [[noise.copy(text) for text in texts] for _ in range(NOISY_COPIES)]
    return OutcomeModel(COST).learn(texts, outcomes, copies)
