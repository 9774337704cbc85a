"""What a message is taken apart into: its words, its letters and its sounds, each weighed by how rare it is.

A vocabulary here is hashes in order, not words: a million words and pieces of words as Python's dictionaries were 230 MB of the
assistant's memory, as numbers they are 10, and are found faster.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, List, Optional, Sequence, Tuple

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

from bot.sounds import sounds
from bot.text import fold

HASHES = (
    2**31 - 1
)  # so many that two of our features share one about as often as two customers share a name and a birthday
VIEWS = (
    HashingVectorizer(
        lowercase=False, token_pattern=r"(?u)\b\w+\b|\?", ngram_range=(1, 2), n_features=HASHES, norm=None, alternate_sign=False,
        dtype=np.float32,
    ),
    HashingVectorizer(
        lowercase=False, analyzer="char_wb", ngram_range=(2, 5), n_features=HASHES, norm=None, alternate_sign=False,
        dtype=np.float32,
    ),
    HashingVectorizer(analyzer=sounds, n_features=HASHES, norm=None, alternate_sign=False, dtype=np.float32),
)  # fmt: skip
Pieces = Callable[[Sequence[str]], List[sparse.csr_matrix]]  # `counts_of`, or what remembers it
LETTERS = 1  # the view whose pieces are so many that one seen in one phrasing only is left out


@dataclasses.dataclass
class Vocabulary:
    """What one view has seen: `seen`, hashes in order, and how much each weighs (smoothed inverse document frequency)."""

    seen: np.ndarray
    weights: np.ndarray

    @classmethod
    def learn(cls, counts: sparse.csr_matrix, written: int, least: int) -> "Vocabulary":
        """From the counts of `written` phrasings and, after them, of noisy copies.

        A piece counts where `least` phrasings have it, or two texts of any kind: what a single misspelling made up is met nowhere else.
        """
        seen, documents = np.unique(counts.indices, return_counts=True)
        of_people, by_people = np.unique(counts.indices[: counts.indptr[written]], return_counts=True)
        kept = documents >= 2
        kept[np.searchsorted(seen, of_people[by_people >= least])] = True
        weights = np.log((1 + counts.shape[0]) / (1 + documents[kept])) + 1
        return cls(seen[kept], weights.astype(np.float32))

    def rows(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Rows of length 1, or 0 where nothing is known."""
        place = np.minimum(np.searchsorted(self.seen, counts.indices), len(self.seen) - 1)
        known = self.seen[place] == counts.indices
        starts = np.concatenate([[0], np.cumsum(known)])[counts.indptr]
        place = place[known].astype(np.int32)
        values = (1 + np.log(counts.data[known])) * self.weights[place]
        of_row = np.repeat(np.arange(counts.shape[0]), np.diff(starts))
        lengths = np.sqrt(np.bincount(of_row, values * values, minlength=counts.shape[0]))
        values = (values / np.maximum(lengths, 1e-9)[of_row]).astype(np.float32)
        return sparse.csr_matrix((values, place, starts), shape=(counts.shape[0], len(self.seen)))


@dataclasses.dataclass
class Features:
    """TF-IDF of words 1-2, of characters 2-5 within words and of sounds 1-2, weighed alike."""

    vocabularies: List[Vocabulary]

    @classmethod
    def learn(
        cls, texts: Sequence[str], written: int, pieces: Optional[Pieces] = None
    ) -> Tuple["Features", sparse.csr_matrix]:
        """The vocabularies of `texts`, the first `written` of them as people wrote them, and their rows."""
        counts = (pieces or counts_of)(texts)
        found = cls(
            [Vocabulary.learn(view, written, 2 if number == LETTERS else 1) for number, view in enumerate(counts)]
        )
        return found, found._rows(counts)

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """One row a text, each of length 1 or less."""
        return self._rows(counts_of(texts))

    def _rows(self, counts: Sequence[sparse.csr_matrix]) -> sparse.csr_matrix:
        rows = [vocabulary.rows(view) for vocabulary, view in zip(self.vocabularies, counts, strict=True)]
        return (sparse.hstack(rows, format="csr") * np.float32(np.sqrt(1 / len(rows)))).astype(np.float32, copy=False)


def counts_of(texts: Sequence[str]) -> List[sparse.csr_matrix]:
    """How often each text has each piece, by its hash: one matrix a view."""
    folded = [fold(text) for text in texts]
    return [view.transform(folded) for view in VIEWS]
