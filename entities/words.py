"""The words of `words.yml`, as patterns and tables."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml


@functools.cache
def words() -> Mapping[str, Any]:
    """`words.yml` as it stands."""
    loaded: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))
    return loaded


@functools.cache
def table(name: str) -> Mapping[str, int]:
    """Word -> number, of "months", "weekdays", "numbers", "ordinals" or "days"."""
    return {word: number for number, group in words()[name].items() for word in group}


def one_of(names: Iterable[str]) -> str:
    """A pattern for one of some words, the longest first: "janv" must not stop at "jan". A star stands for any ending."""
    longest_first = sorted(names, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(name).replace(r"\*", r"\w*") for name in longest_first) + ")"


@functools.cache
def any_of(name: str) -> str:
    """A pattern for a word of a table or a list."""
    found = words()[name]
    return one_of(found if isinstance(found, list) else table(name))


@functools.cache
def cues(name: str) -> re.Pattern[str]:
    """The cues of "past" or "future"."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words()[name])})(?!\w)")
