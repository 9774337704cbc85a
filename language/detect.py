"""The decision for one message: the sum of what its letters, words and word shapes say, and the conversation so far.

Scores are log-odds: above zero for French, below for English. langdetect is asked only about longer texts that our own tables leave
open: alone it names a third language for half of single French words (docs/decisions/0002-language.md).
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from langdetect import DetectorFactory, LangDetectException, detect_langs

from language.evidence import grams_of, parts_of, plain, without_addresses, words_of

ACCENTS = set("éèêëàâîïôûùçœæ")
ACCENT_WEIGHT = 3.0
KNOWN_LIMIT = 5.0  # one word alone must not decide a long message
LOAN = 2.5  # English words that French speakers use ("mon bill"): English alone, French in a French frame
SHAPE_LIMIT = 1.5  # an unknown word's shape is weaker evidence than a known word
FRAME = 6.0  # "c'est quoi my balance": the words that open a question say in which language it is asked
NAME_FACTOR = 0.15  # a capital inside a sentence: probably a name (Beauchamp, Northgate)
PRIOR = 0.9  # what the language of the conversation weighs
LONGEST = 2000  # characters that are read of a message
SILENT = 0.35  # below this sum a message says nothing about its language
SURE = 1.5
LONGER = 40  # letters from which langdetect is worth asking: it names a third language for half of single French words


def longer_text(text: str) -> float:
    """What langdetect makes of a text of some length that our own tables left open; seeded, so always the same."""
    DetectorFactory.seed = 0
    try:
        shares = {guess.lang: guess.prob for guess in detect_langs(text)}
    except LangDetectException:  # nothing but signs
        return 0.0
    return float(shares.get("fr", 0.0) - shares.get("en", 0.0)) * SURE


@dataclasses.dataclass(frozen=True)
class Decision:
    """`language` is "fr" or "en"; `score` the log-odds without the prior; `sure` False where another hint may overrule."""

    language: str
    score: float
    sure: bool


class Detector:
    """Decides messages by the tables of `model.json` (made by `python -m language.train`) and the lists of `words.json`."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or Path(__file__).parent
        model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        lists = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        self._words: dict[str, float] = model["words"]
        self._grams: dict[str, float] = model["grams"]
        self._words.update(dict.fromkeys(lists["neutral"], 0.0))
        self._words.update(dict.fromkeys(lists["fr"], KNOWN_LIMIT))
        self._words.update(dict.fromkeys(lists["en"], -KNOWN_LIMIT))
        self._words.update(dict.fromkeys(lists["loan"], -LOAN))
        self._frames = {
            tuple(frame.split()): language for language, frames in lists["frames"].items() for frame in frames
        }
        self._orders = {order: language for language, orders in lists["orders"].items() for order in orders}

    def decide(self, text: str, conversation: str | None = None) -> Decision:
        """The language of `text` in a conversation held so far in `conversation` (None at its start).

        French where nothing at all is known. Never raises, whatever the text.
        """
        text = text[:LONGEST]
        order = self._orders.get(plain(" ".join(word for word, _ in words_of(text))))
        if order:
            return Decision(order, KNOWN_LIMIT if order == "fr" else -KNOWN_LIMIT, True)
        score = self.score(text)
        said = without_addresses(text)
        if abs(score) < SURE and sum(letter.isalpha() for letter in said) >= LONGER:
            score += longer_text(said)
        if abs(score) < SILENT:
            return Decision(conversation or ("fr" if score >= 0 else "en"), score, False)
        prior = {"fr": PRIOR, "en": -PRIOR}.get(conversation or "", 0.0)
        return Decision("fr" if score + prior >= 0 else "en", score, abs(score) >= SURE)

    def score(self, text: str) -> float:
        """Log-odds of French against English of the message alone."""
        words = words_of(text[:LONGEST])
        if all(len(word) == 1 for word, _ in words):  # "R 482 1937", "a", "y": letters of a code or of a choice
            return 0.0
        opening = tuple(plain(word) for word, _ in words[:3])
        frames = (self._frames.get(opening[:length]) for length in (3, 2, 1))
        frame = {"fr": FRAME, "en": -FRAME}.get(next((language for language in frames if language), ""), 0.0)
        return frame + sum(self._word(word) * (NAME_FACTOR if name else 1.0) for word, name in words)

    def _word(self, word: str) -> float:
        if word in self._words:
            return self._words[word]
        total = 0.0
        for part in parts_of(word):
            known = self._words.get(part, self._words.get(plain(part)))
            accents = ACCENT_WEIGHT if ACCENTS & set(part) else 0.0
            if known is not None and (known > 0 or not accents):
                total += known
            else:
                shape = sum(self._grams.get(gram, 0.0) for gram in grams_of(part)) / 3
                total += max(-SHAPE_LIMIT, min(SHAPE_LIMIT, shape)) + accents
        return total
