"""Finds in a text what makes it urgent, and what it is about, by words. A rule: lists of words come from data (`data/triage.yml`).

A pattern is plain words, without accents and in small letters, with three signs: `*` any ending of a word, `...` up to four words
between, `( | )` one of several (an empty one may be left out). What is negated, only supposed, quoted from somebody else or said out
of courtesy does not count.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SIGNS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "œ": "oe", "–": "-", "—": "-", "‑": "-"})
CLAUSE = re.compile(r"[.!?;:\n()]|,(?!\d)| (?:mais|but|pis|et|and) ")
SENTENCE = re.compile(r"[.!?;\n]")
QUOTED = re.compile(r"«[^»]{1,400}»|“[^”]{1,400}”|\"[^\"\n]{1,400}\"")
WORDS_BEFORE = 3  # in which a negation or a supposition counts
DEADLINE_REACH = (60, 30)  # characters before and after a day in which a word makes it the last one


@dataclasses.dataclass(frozen=True)
class Signal:
    """What counts as one: `patterns`; `negated`, `supposed`, `quoted`: whether a find counts even so.

    `hides`: its words are no other signal's ("ça presse pas").
    """

    name: str
    patterns: re.Pattern[str]
    negated: bool = False
    supposed: bool = False
    quoted: bool = False
    hides: bool = False


@dataclasses.dataclass(frozen=True)
class Lexicon:
    """The words of `data/triage.yml`, ready to be looked for."""

    signals: tuple[Signal, ...]
    categories: Mapping[str, re.Pattern[str]]
    negations: re.Pattern[str]
    suppositions: re.Pattern[str]
    courtesies: re.Pattern[str]
    until: re.Pattern[str]
    deadlines: re.Pattern[str]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Lexicon:
        """From the structure of the file. Raises KeyError where a part is missing."""
        signals = tuple(
            Signal(
                name,
                compiled(entry["patterns"]),
                **{option: True for option in ("negated", "supposed", "quoted") if option in entry.get("even", ())},
                hides=entry.get("hides", False),
            )
            for name, entry in data["signals"].items()
            if entry.get("patterns")
        )
        words = data["words"]
        return cls(
            signals,
            {name: compiled(patterns) for name, patterns in data["categories"].items()},
            *(compiled(words[name]) for name in ("negations", "suppositions", "courtesies", "until", "deadlines")),
        )


def compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression for all patterns. That a word begins is asked once for all of them: most places of a text begin none."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(_expression(pattern) for pattern in patterns)})(?!\w)")


def _expression(pattern: str) -> str:
    text = re.escape(pattern)
    for sign, meaning in ((r"\(", "(?:"), (r"\)", ")"), (r"\|", "|"), (r"\*", r"\w*")):
        text = text.replace(sign, meaning)
    text = text.replace(r"\ \.\.\.\ ", r"(?:[ ,]+[^\s.!?;:]+){0,4}?[ ,]+").replace(r"\ ", " ")
    # A group that may be empty takes its blank with it.
    text = re.sub(r" (\(\?:[^()]*\|\))$", r"(?: \1)?", text)
    text = re.sub(r"(\(\?:[^()]*\|\)) ", r"(?:\1 )?", text)
    return text


def plain(text: str) -> str:
    """Small letters, no accents, one kind of blank and apostrophe; lines stay lines."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(SIGNS))
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return re.sub(r"[^\S\n]+", " ", bare)


def find_signals(lexicon: Lexicon, text: str) -> dict[str, str]:
    """The names of the signals in a text, each with the words that gave it (plain)."""
    whole = _without(lexicon.courtesies, plain(text))
    found: dict[str, str] = {}
    for signal in [signal for signal in lexicon.signals if signal.hides]:
        match = signal.patterns.search(whole)
        if match:
            found[signal.name] = match.group()
            whole = _without(signal.patterns, whole)
    own = _without(QUOTED, whole)
    for signal in [signal for signal in lexicon.signals if not signal.hides]:
        searched = whole if signal.quoted else own
        for match in signal.patterns.finditer(searched):
            before = _words_before(searched, match.start())
            if not signal.negated and lexicon.negations.search(before):
                continue
            if not signal.supposed and lexicon.suppositions.search(before):
                continue
            found[signal.name] = match.group()
            break
    return found


def find_categories(lexicon: Lexicon, text: str) -> dict[str, frozenset[str]]:
    """The different words of each category that a text has; categories without any are left out."""
    searched = _without(lexicon.courtesies, plain(text))
    found = {name: frozenset(pattern.findall(searched)) for name, pattern in lexicon.categories.items()}
    return {name: words for name, words in found.items() if words}


def is_deadline(lexicon: Lexicon, text: str, start: int, end: int) -> bool:
    """Whether the words around `text[start:end]`, a day or an hour, make it one until which something must be done."""
    before, after = DEADLINE_REACH
    ahead = SENTENCE.split(plain(text[max(0, start - before) : start]))[-1]
    behind = SENTENCE.split(plain(text[end : end + after]))[0]
    named = f"{ahead}{plain(text[start:end])}{behind}"
    # "by e-transfer on Thursday" is no deadline, "by Thursday" is: the word stands right before the day, or begins it.
    at = ahead.rstrip()
    return bool(
        any(match.end() == len(at) for match in lexicon.until.finditer(at))
        or lexicon.until.match(plain(text[start:end]))
        or lexicon.deadlines.search(named)
    )


def _without(courtesies: re.Pattern[str], text: str) -> str:
    return courtesies.sub(lambda match: " " * len(match.group()), text)


def _words_before(text: str, place: int) -> str:
    """The last words before a place, of the same clause."""
    clause: Sequence[str] = CLAUSE.split(text[max(0, place - 60) : place])
    return " ".join(clause[-1].split()[-WORDS_BEFORE:])
