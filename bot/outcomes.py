"""Ranks the outcomes of one brand for a message: words and letters, a linear classifier, and the nearest phrasings.

Pure scikit-learn, no Rasa: the same class learns the brands and the public benchmarks. Confidences are calibrated on held-out
phrasings (a temperature), so that thresholds can come from data.
"""

from __future__ import annotations

import dataclasses
from typing import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

from bot.text import Ranking, fold


@dataclasses.dataclass
class Features:
    """TF-IDF of words 1-2 and of characters 2-5 within words, weighed together."""

    words: TfidfVectorizer
    letters: TfidfVectorizer

    @classmethod
    def learn(cls, texts: Sequence[str]) -> "Features":
        """The vocabulary of `texts`."""
        features = cls(
            TfidfVectorizer(
                preprocessor=fold, token_pattern=r"(?u)\b\w+\b|\?", ngram_range=(1, 2), sublinear_tf=True, min_df=1
            ),
            TfidfVectorizer(preprocessor=fold, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
        )
        features.words.fit(texts)
        features.letters.fit(texts)
        return features

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """One row a text, each of length 1 or 0."""
        both = sparse.hstack([self.words.transform(texts), self.letters.transform(texts)], format="csr")
        return both * np.sqrt(0.5)


class OutcomeModel:
    """Learned from (text, outcome) pairs; ranks every outcome for a new text."""

    NEAREST_WEIGHT = 0.5

    def __init__(self, cost: float = 1.0) -> None:
        self._cost = cost
        self.outcomes: np.ndarray = np.array([])
        self.temperature = 1.0

    def learn(
        self, texts: Sequence[str], outcomes: Sequence[str], copies: Sequence[Sequence[str]] = ()
    ) -> "OutcomeModel":
        """Fits the features, the classifier and, on held-out phrasings, the temperature of the confidences.

        Each of `copies` holds one noisy copy of every text, in the same order; the temperature is found without them.
        """
        labels = np.array(outcomes)
        together = [*texts, *(text for copy in copies for text in copy)]
        self.features = Features.learn(together)
        rows = self.features.of(together)
        times = 1 + len(copies)
        self.temperature = self._calibrated(rows[: len(labels)], labels)
        self._fit(rows, np.tile(labels, times), len(labels))
        return self

    def _fit(self, rows: sparse.csr_matrix, labels: np.ndarray, originals: int) -> None:
        self.classifier = LinearSVC(C=self._cost, dual=True, max_iter=3000).fit(rows, labels)
        self.outcomes = self.classifier.classes_
        # The nearest are looked for among the phrasings themselves, not their noisy copies: half the work for the same answer.
        order = np.argsort(labels[:originals], kind="stable")
        self._rows = rows[:originals][order]
        self._starts = np.searchsorted(labels[:originals][order], self.outcomes)

    def _scores(self, rows: sparse.csr_matrix) -> np.ndarray:
        margins = rows @ self.classifier.coef_.T + self.classifier.intercept_
        nearest = np.maximum.reduceat((rows @ self._rows.T).toarray(), self._starts, axis=1)
        return margins + self.NEAREST_WEIGHT * nearest

    def _calibrated(self, rows: sparse.csr_matrix, labels: np.ndarray) -> float:
        """The temperature with the least loss on a fifth of the phrasings, held out; 0.2 where there are too few."""
        if np.unique(labels, return_counts=True)[1].min() < 5:
            return 0.2
        train, test = train_test_split(np.arange(len(labels)), test_size=0.2, stratify=labels, random_state=7)
        part = OutcomeModel(self._cost)
        part._fit(rows[train], labels[train], len(train))
        scores = part._scores(rows[test])
        right = np.searchsorted(part.outcomes, labels[test])
        candidates = np.geomspace(0.05, 1.0, 25)
        losses = [-np.mean(np.log(softmax(scores / t)[np.arange(len(right)), right] + 1e-12)) for t in candidates]
        return float(candidates[int(np.argmin(losses))])

    def rank(self, text: str) -> Ranking:
        """All outcomes with their confidence (0 to 1, summing to 1), the likeliest first."""
        confidences = softmax(self._scores(self.features.of([text])) / self.temperature)[0]
        return [(str(self.outcomes[i]), float(confidences[i])) for i in np.argsort(-confidences)]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Row by row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
