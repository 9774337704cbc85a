"""Whether a customer's words say that the matter is settled, or that it is not (`data/resolution.yml`)."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import yaml

from desk.signals import Lexicon, compiled, find_signals, plain

DATA = Path(__file__).parent / "data"
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
LONGEST = 400  # characters: who tells a long story does not say so in it


@functools.cache
def _read() -> tuple[Lexicon, re.Pattern[str]]:
    words = yaml.safe_load((DATA / "triage.yml").read_text(encoding="utf-8"))["words"]
    patterns = yaml.safe_load((DATA / "resolution.yml").read_text(encoding="utf-8"))
    signals = {
        "settled": {"patterns": patterns["settled"]},
        "unsettled": {"patterns": patterns["unsettled"], "even": ["negated"]},
    }
    return Lexicon.of({"signals": signals, "categories": {}, "words": words}), compiled(patterns["supposed"])


def says_settled(text: str) -> bool | None:
    """True or False where the words say so, None where they say nothing of it. A question or a supposition says nothing."""
    if len(text) > LONGEST:
        return None
    lexicon, supposed = _read()
    stated = [
        one for one in SENTENCE.findall(text) if not one.rstrip().endswith("?") and not supposed.search(plain(one))
    ]
    found = find_signals(lexicon, " ".join(stated))
    if "unsettled" in found:
        return False
    return True if "settled" in found else None
