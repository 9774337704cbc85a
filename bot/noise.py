"""Noisy copies of phrasings for training: shorthand, words by ear, slips of the finger. The same copies at every training."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Dict, List

import yaml

NEIGHBOURS = {
    "a": "qsz", "b": "vgn", "c": "xvd", "d": "sfec", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy", "i": "uok", "j": "hku",
    "k": "jli", "l": "kop", "m": "nj", "n": "bmh", "o": "ipl", "p": "ol", "q": "wa", "r": "etf", "s": "adw", "t": "ryg",
    "u": "yij", "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xa",
}  # fmt: skip

BY_EAR = 0.2  # share of the longer words that are written as they sound, where they can be
SLIPS = 0.2  # share of the longer words with a slip of the finger


class Noise:
    """Makes noisy copies by the lists of `noise.yml`; `seed` fixes which."""

    def __init__(self, seed: int = 11) -> None:
        lists = yaml.safe_load((Path(__file__).parent / "noise.yml").read_text(encoding="utf-8"))
        by_ear: Dict[str, List[str]] = lists.pop("by_ear")
        self._by_ear = [(re.compile(pattern), spellings) for pattern, spellings in by_ear.items()]
        self._shorthand: Dict[str, List[str]] = {}
        for words in lists.values():
            for word, short in words.items():
                self._shorthand.setdefault(word, []).extend(short)
        longest_first = sorted(self._shorthand, key=len, reverse=True)
        self._pattern = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.I)
        self._seed = seed

    def copy(self, text: str, number: int = 0) -> str:
        """One noisy copy of a text, the same for the same `number`, whatever was copied before."""
        rng = random.Random(f"{self._seed}/{number}/{text}")
        text = self._pattern.sub(
            lambda match: rng.choice(self._shorthand[match.group().lower()]) if rng.random() < 0.5 else match.group(),
            text.lower().replace("’", "'"),
        )
        if rng.random() < 0.7:
            text = text.replace("'", rng.choice(("", " ")))
        text = re.sub(r"[.,!]", "", text)
        words = [self._heard(word, rng) if len(word) > 3 and rng.random() < BY_EAR else word for word in text.split()]
        return " ".join(slip(word, rng) if len(word) > 3 and rng.random() < SLIPS else word for word in words)

    def _heard(self, word: str, rng: random.Random) -> str:
        """A word as it sounds: one of the spellings by ear that fit it, where one does."""
        fitting = [(pattern, spellings) for pattern, spellings in self._by_ear if pattern.search(word)]
        if not fitting:
            return word
        pattern, spellings = rng.choice(fitting)
        return pattern.sub(rng.choice(spellings), word, count=1)


def slip(word: str, rng: random.Random) -> str:
    """A word with one slip of the finger."""
    at = rng.randrange(1, len(word) - 1)
    kind = rng.random()
    if kind < 0.3:  # two letters change places
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.6:  # a letter is lost
        return word[:at] + word[at + 1 :]
    if kind < 0.75:  # a letter is doubled, or a double one lost
        return word[:at] + word[at] + word[at:]
    return word[:at] + rng.choice(NEIGHBOURS.get(word[at], word[at])) + word[at + 1 :]
