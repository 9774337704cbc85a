"""Ranks the outcomes of one brand for a message: words, letters and sounds with a linear classifier, meaning with a small network over
the vectors of a sentence encoder, and the nearest phrasings by meaning.

No Rasa here: the same class learns the brands and the public benchmarks. How much each part weighs, and what makes confidences of
scores, stands in `calibration.json`, found on messages that nothing is learned from (`make calibrate`).
"""

from __future__ import annotations

import dataclasses
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from bot.examples import ArticleTexts
from bot.features import Features, Pieces
from bot.perceptron import Perceptron
from bot.text import Ranking, fold
from bot.verdict import REFUSED

Vectors = Callable[[Sequence[str]], np.ndarray]
Scores = Dict[str, np.ndarray]
CALIBRATION = Path(__file__).parent / "calibration.json"
RIDGE = 1.0  # how much the least squares of an added outcome are held back
AS_MANY = 100.0  # phrasings that the few texts of an added outcome weigh like
TOLERANCE = 0.01  # when the linear classifier stops: a third less time than by default, the same answers
NEAREST = 3  # how many of an outcome's nearest phrasings count
# What is out of scope gains where no phrasing is near by meaning, in log odds for each unit of likeness. Found on the validation messages
# of CLINC150 (0.85 recognised instead of 0.81 where 0.953 of the others are right); 10 to 40 do alike there and on ours.
UNLIKE = 20.0


@dataclasses.dataclass(frozen=True)
class Weights:
    """What each part of a score weighs beside the margin of the linear classifier, which weighs 1.

    `meaning`: the logarithm of the share that the network over vectors gives. `near_meaning`: the mean of the nearest phrasings by meaning.
    `temperature`: scores divided by it are log odds. `refusal`: log odds added to what is out of scope, whose phrasings have so little
    in common that its own score comes out low. `new_*`: the score of an outcome that is known from a few texts only, from how near it is
    by words, how near its titles and its phrasings are by meaning, the margin over vectors, and a constant.
    """

    meaning: float
    near_meaning: float
    temperature: float
    refusal: float
    new_near: float
    new_title: float
    new_phrasing: float
    new_meaning: float
    new_constant: float

    @classmethod
    def read(cls) -> "Weights":
        """Those of `calibration.json`."""
        return cls(**json.loads(CALIBRATION.read_text(encoding="utf-8"))["weights"])


class Added(NamedTuple):
    """An outcome known from a few texts: (features, texts) of its words, (width, texts) of its titles and phrasings, its plane."""

    words: sparse.csr_matrix
    titles: np.ndarray
    phrasings: np.ndarray
    plane: np.ndarray


class Margins:
    """The planes of a linear classifier, a byte each: one row a feature, with a scale of its own."""

    def __init__(self, planes: np.ndarray, constants: np.ndarray) -> None:
        """`planes`: (outcomes, features)."""
        self._scales = (np.abs(planes).max(axis=0) / 127).astype(np.float32)
        self._rows = np.ascontiguousarray(np.round(planes / np.maximum(self._scales, 1e-12)).T.astype(np.int8))
        self._constants = constants.astype(np.float32)

    def of(self, rows: sparse.csr_matrix) -> np.ndarray:
        """(texts, outcomes), float32."""
        found = np.tile(self._constants, (rows.shape[0], 1))
        for i, (start, end) in enumerate(zip(rows.indptr[:-1], rows.indptr[1:], strict=True)):
            known = rows.indices[start:end]
            found[i] += (rows.data[start:end] * self._scales[known]) @ self._rows[known].astype(np.float32)
        return found


class OutcomeModel:
    """Learned from (text, outcome) pairs; ranks every outcome for a new text.

    `vectors` gives the vectors of texts (folded); without it only words and letters are learned.
    """

    def __init__(self, weights: Weights, vectors: Optional[Vectors] = None, cost: float = 0.5) -> None:
        self.weights = weights
        self.vectors = vectors
        self._cost = cost
        self.outcomes: List[str] = []
        self._new: Dict[str, Added] = {}

    def __getstate__(self) -> Dict[str, object]:
        """Stored without the encoder: it is a file of its own."""
        return {**self.__dict__, "vectors": None}

    def learn(
        self,
        texts: Sequence[str],
        outcomes: Sequence[str],
        copies: Sequence[Sequence[str]] = (),
        pieces: Optional[Pieces] = None,
    ) -> "OutcomeModel":
        """Fits the features and the classifiers. Each of `copies` holds one noisy copy of every text, in the same order.

        `pieces`: what remembers into which each text is taken apart, where several models share texts.
        """
        together = [*texts, *(text for copy in copies for text in copy)]
        times = 1 + len(copies)
        names, labels = np.unique(np.array(outcomes), return_inverse=True)
        self.outcomes = [str(name) for name in names]
        # The nearest are looked for among the phrasings themselves: their noisy copies mean the same.
        order = np.argsort(labels, kind="stable")
        self._starts = np.searchsorted(labels[order], np.arange(len(names)))
        self.features, rows = Features.learn(together, len(texts), pieces)
        self._margins = Margins(*_planes(rows, np.tile(labels, times), len(names), self._cost))
        if self.vectors:
            # Noisy copies are for words and letters: the encoder was tuned on them and puts both in one place.
            vectors = self.vectors([fold(text) for text in texts])
            self._network = Perceptron.learn(vectors, labels)
            full = _with_constant(vectors)
            self._gram = full.T @ full + RIDGE * np.eye(full.shape[1], dtype=full.dtype)
            self._rest = full.sum(axis=0)
            self._vectors = np.ascontiguousarray(vectors[order].T)
        return self

    def add(self, outcome: str, known: ArticleTexts) -> None:
        """An outcome known from a few texts at once, without learning: told by how near they are to a message."""
        if not self.vectors:
            return
        texts = [*known.titles, *known.phrasings, *known.sentences]
        vectors = self.vectors([fold(text) for text in texts])
        # Least squares against all that was learned: its few texts weigh as much as the many of a learned one.
        rows, weight = _with_constant(vectors), AS_MANY / len(texts)
        plane = np.linalg.solve(self._gram + weight * rows.T @ rows, weight * rows.sum(axis=0) - self._rest)
        titles, phrasings, _ = np.split(vectors, np.cumsum([len(known.titles), len(known.phrasings)]))
        # Of its sentences none is compared by itself by meaning: that was measured to gain nothing.
        found = Added(self.features.of(texts).T.tocsr(), titles.T, (phrasings if len(phrasings) else titles).T, plane)
        self._new = {**self._new, outcome: found}  # whole at once: others read it meanwhile

    def parts(self, texts: Sequence[str]) -> Scores:
        """The parts of the scores of the learned outcomes: name -> (texts, outcomes)."""
        rows = self.features.of(texts)
        found = {"margin": self._margins.of(rows)}
        if self.vectors:
            vectors = self.vectors([fold(text) for text in texts])
            found["meaning"] = self._network.log_shares(vectors)
            found["near_meaning"] = _mean_of_nearest(vectors @ self._vectors, self._starts)
        return found

    def scores(self, parts: Scores, likeness: float = 0.0) -> np.ndarray:
        """One score for each text and learned outcome. `likeness`: of the nearest outcome that was added, by meaning."""
        found = parts["margin"]
        if "meaning" in parts:
            found = found + self.weights.meaning * parts["meaning"] + self.weights.near_meaning * parts["near_meaning"]
        if REFUSED in self.outcomes:
            place = self.outcomes.index(REFUSED)
            advance = self.weights.refusal - UNLIKE * np.maximum(self.likeness(parts), likeness)
            found[:, place] += advance * self.weights.temperature
        return found

    def likeness(self, parts: Scores) -> np.ndarray:
        """How near the nearest outcome is to each text by meaning, what is out of scope aside; 0 without an encoder."""
        if "near_meaning" not in parts:
            return np.zeros(len(parts["margin"]), np.float32)
        return np.delete(parts["near_meaning"], self.outcomes.index(REFUSED), axis=1).max(axis=1)

    def nearness(self, texts: Sequence[str]) -> Dict[str, np.ndarray]:
        """How near each added outcome is to each text by words, by meaning its titles and its phrasings, and its margin: (texts, 4)."""
        if not self._new or not self.vectors:
            return {}
        rows, vectors = self.features.of(texts), self.vectors([fold(text) for text in texts])
        return {
            outcome: np.stack(
                [
                    (rows @ new.words).toarray().max(axis=1),
                    (vectors @ new.titles).max(axis=1),
                    (vectors @ new.phrasings).max(axis=1),
                    vectors @ new.plane[:-1] + new.plane[-1],
                ],
                axis=1,
            )
            for outcome, new in self._new.items()
        }

    def rank(self, text: str) -> Ranking:
        """All outcomes with their confidence (0 to 1, summing to 1), the likeliest first."""
        nearness, weights = self.nearness([text]), self.weights
        scores, names = self.scores(self.parts([text]), likeness_of(nearness)), self.outcomes
        weighed = (weights.new_near, weights.new_title, weights.new_phrasing, weights.new_meaning)
        for outcome, near in nearness.items():
            new = near @ weighed + weights.new_constant
            scores, names = np.hstack([scores, new[:, None]]), [*names, outcome]
        confidences = softmax(scores / self.weights.temperature)[0]
        return [(names[i], float(confidences[i])) for i in np.argsort(-confidences)]


def likeness_of(nearness: Dict[str, np.ndarray]) -> float:
    """How near the nearest of the added outcomes is to one text by meaning; 0 where there are none."""
    return max((float(near[0, 1:3].max()) for near in nearness.values()), default=0.0)


def _with_constant(vectors: np.ndarray) -> np.ndarray:
    return np.hstack([vectors, np.ones((len(vectors), 1), vectors.dtype)])


def _planes(rows: sparse.csr_matrix, labels: np.ndarray, count: int, cost: float) -> Tuple[np.ndarray, np.ndarray]:
    """One against the rest for each label, a share of the labels on each core: (count, features), (count,)."""

    def fit(mine: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        # The rest is a class more, the last, whose plane nobody needs.
        fitted = LinearSVC(C=cost, dual=True, tol=TOLERANCE).fit(rows, np.where(np.isin(labels, mine), labels, count))
        planes, constants = fitted.coef_, fitted.intercept_
        if len(planes) == 1:  # of two classes the second only
            planes, constants = np.vstack([-planes, planes]), np.hstack([-constants, constants])
        return planes[: len(mine)], constants[: len(mine)]

    shares = np.array_split(np.arange(count), min(count, os.cpu_count() or 1))
    with ThreadPoolExecutor(len(shares)) as pool:
        found = list(pool.map(fit, shares))
    return np.vstack([planes for planes, _ in found]), np.hstack([constants for _, constants in found])


def _mean_of_nearest(similar: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Of each outcome, the mean of the `NEAREST` largest similarities: (texts, outcomes)."""
    ends = np.append(starts[1:], similar.shape[1])
    found = np.empty((len(similar), len(starts)), similar.dtype)
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        part = similar[:, start:end]
        if part.shape[1] > NEAREST:
            part = np.partition(part, -NEAREST, axis=1)[:, -NEAREST:]
        found[:, i] = part.mean(axis=1)
    return found


def softmax(scores: np.ndarray) -> np.ndarray:
    """Row by row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
