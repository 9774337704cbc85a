"""A small network over the vectors of the encoder: one hidden layer, each outcome's share as its logarithm.

Learned by scikit-learn; asked by two products of matrices of single precision, a tenth of a millisecond a message.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from sklearn.neural_network import MLPClassifier

HIDDEN = 384
STEPS = 800  # of learning, however many phrasings there are: more learn them by heart, fewer do not reach the rare ones
TEXTS_A_STEP = 256
HELD_BACK = 1e-3
LEAST = 1e-7  # of a share: below, it tells nothing


@dataclasses.dataclass(frozen=True)
class Perceptron:
    """Weights of both layers: (width, HIDDEN) and (HIDDEN, outcomes), float32, with a constant for each column."""

    first: np.ndarray
    first_constants: np.ndarray
    second: np.ndarray
    second_constants: np.ndarray

    @classmethod
    def learn(cls, vectors: np.ndarray, labels: np.ndarray) -> "Perceptron":
        """From vectors (texts, width) and each text's outcome, by its place. The same every time."""
        classifier = MLPClassifier(
            (HIDDEN,),
            alpha=HELD_BACK,
            batch_size=min(TEXTS_A_STEP, len(vectors)),
            random_state=0,
        )
        places = np.unique(labels)
        for _ in range(max(1, round(STEPS * TEXTS_A_STEP / len(vectors)))):
            classifier.partial_fit(vectors, labels, places)  # once through all; `fit` would warn that it was stopped
        (first, second), (first_constants, second_constants) = classifier.coefs_, classifier.intercepts_
        if second.shape[1] == 1:  # of two outcomes scikit-learn learns the second only
            second, second_constants = np.pad(second, ((0, 0), (1, 0))), np.pad(second_constants, (1, 0))
        return cls(*(part.astype(np.float32) for part in (first, first_constants, second, second_constants)))

    def log_shares(self, vectors: np.ndarray) -> np.ndarray:
        """(texts, outcomes), none below the logarithm of `LEAST`."""
        hidden = np.maximum(vectors @ self.first + self.first_constants, 0)
        found = hidden @ self.second + self.second_constants
        found -= found.max(axis=1, keepdims=True)
        found -= np.log(np.exp(found).sum(axis=1, keepdims=True))
        return np.maximum(found, np.float32(np.log(LEAST)))
