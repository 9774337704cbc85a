"""The words of `words.yml`, filled, and the hours of a brand in a sentence."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from formats import clock, weekday

WORDS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))


def word(path: str, language: str, **values: str) -> str:
    """A word or sentence of words.yml by its place ("states.open"), filled."""
    found: Any = WORDS
    for name in path.split("."):
        found = found[name]
    # A time at the end of a sentence brings its own stop: "by Monday at 4 p.m."
    return str(found[language]).format(**values).replace(".m..", ".m.")


def hours(setting: dict[str, Any], language: str) -> str:
    """The opening hours of a brand in a sentence."""
    opens, closes = (datetime.time.fromisoformat(text) for text in setting["monday-friday"])
    return word("hours.span", language, opens=clock(opens, language), closes=clock(closes, language))


def opening(moment: str, zone: str, language: str) -> str:
    """An ISO moment as the next opening: "le lundi 23 novembre à 8 h"."""
    local = datetime.datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))
    return word("hours.opens", language, day=weekday(local, language), time=clock(local.time(), language))
