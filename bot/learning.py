"""Learns the brands: their phrasings and noisy copies of them. The one way, for `rasa train`, for live changes and for the evaluation."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Dict, List, Optional, Sequence

import numpy as np
from scipy import sparse

from bot.encoder import Encoder
from bot.examples import Example
from bot.features import Pieces, counts_of
from bot.noise import Noise
from bot.outcomes import OutcomeModel, Vectors, Weights
from bot.text import fold
from bot.verdict import REFUSED

NOISY_COPIES = 1
COST = 0.5


def learn_brands(examples: Dict[str, List[Example]], encoder: Optional[Encoder]) -> Dict[str, OutcomeModel]:
    """The model of each brand, on as many cores as there are (encoder and classifier let go of Python's lock).

    Without `encoder`, words and letters only.
    """
    noise = Noise()

    def copy(example: Example, number: int) -> str:
        # What is out of scope stays as it is: a misspelt word must not speak for it.
        return example.text if example.outcome == REFUSED else noise.copy(example.text, number)

    texts = {brand: [example.text for example in found] for brand, found in examples.items()}
    copies = {
        brand: [[copy(example, number) for example in found] for number in range(NOISY_COPIES)]
        for brand, found in examples.items()
    }
    written = [text for found in texts.values() for text in found]
    every = [*written, *(text for found in copies.values() for copy in found for text in copy)]
    with ThreadPoolExecutor(max_workers=1) as beside:
        # The encoder lets go of Python's lock, taking texts apart does not: each is done while the other is.
        apart = beside.submit(_taken_apart, every)
        vectors = _remembered(encoder, written) if encoder else None
        pieces = apart.result()

    def learn(brand: str) -> OutcomeModel:
        model = OutcomeModel(Weights.read(), vectors, COST)
        model.learn(texts[brand], [example.outcome for example in examples[brand]], copies[brand], pieces)
        model.vectors = encoder.vectors if encoder else None
        return model

    with ThreadPoolExecutor(max_workers=len(examples) or 1) as pool:
        return dict(zip(examples, pool.map(learn, examples), strict=True))


def learn_brand(examples: List[Example], encoder: Optional[Encoder]) -> OutcomeModel:
    """The model of one brand's examples."""
    return learn_brands({"": examples}, encoder)[""]


def _taken_apart(texts: Sequence[str]) -> Pieces:
    """What `counts_of` gives for texts, made once for all: brands share their requests."""
    different = sorted(set(texts))
    counts = counts_of(different)
    place = {text: i for i, text in enumerate(different)}

    def pieces(wanted: Sequence[str]) -> List[sparse.csr_matrix]:
        rows = [place[text] for text in wanted]
        return [view[rows] for view in counts]

    return pieces


def _remembered(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """The vectors of texts, made once for all: brands share their requests."""
    folded = sorted({fold(text) for text in texts})
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        size = -(-len(folded) // ((os.cpu_count() or 1) * 8)) or 1
        # Sorted by length first, so that each part is of one length and little of a batch is padding.
        folded.sort(key=len)
        parts = pool.map(encoder.vectors, [folded[start : start + size] for start in range(0, len(folded), size)])
        rows = np.concatenate(list(parts))
    place = {text: i for i, text in enumerate(folded)}
    return lambda wanted: rows[[place[text] for text in wanted]]
