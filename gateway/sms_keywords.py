"""Whole messages that are an order to the channel, not to the assistant: stop, come back, help, the rest of a long text.

The words stand in data (`knowledge_base/sms.yml`, and the brand's own). Which of them count at any time, and why the others do not, is
told in docs/decisions/0010-sms-keywords.md.
"""

from __future__ import annotations

import dataclasses
import functools
import unicodedata
from collections.abc import Set

from gateway.sms_fold import fold
from knowledge import Brand

STOP, START, HELP, MORE = "stop", "start", "help", "more"
ANSWERS = {STOP: "stopped", START: "started", HELP: "help"}  # the rest of a text needs no sentence


@dataclasses.dataclass(frozen=True)
class Keyword:
    """What is ordered, and the language that the word belongs to; None for one of both languages."""

    does: str
    language: str | None


def may_be_keyword(text: str, brand: Brand) -> bool:
    """Whether a whole message is a keyword in some state of things: of most that is ruled out without looking up which holds."""
    said = _letters(text)
    return any(said in _spelled(words) for group in brand.sms.keywords for words in group.words.values())


def keyword_in(text: str, brand: Brand, *, state: Set[str] = frozenset()) -> Keyword | None:
    """The keyword that a whole message is, whatever its case, accents, punctuation or blanks; None for every other message.

    `state` names what holds: "asked" where the assistant's last turn asked for something, "stopped" where the number is opted out,
    "kept" where the rest of a text waits to be asked for.
    """
    said = _letters(text)
    for group in brand.sms.keywords:
        if not (group.needs <= state and not group.unless & state):
            continue
        for language, words in group.words.items():
            if said in _spelled(words):
                return Keyword(group.does, language if language != "any" else None)
    return None


def answer_to(does: str, brand: Brand, language: str) -> str:
    """What STOP, START or HELP is answered, ready to be sent: at most one part."""
    phone = brand.contact.get("phone")
    sentence = brand.sms.sentences[f"{ANSWERS[does]}_phone" if phone else ANSWERS[does]][language]
    return fold(sentence.format(brand=brand.name, phone=phone), accents=True)


@functools.lru_cache(maxsize=500)
def _spelled(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_letters(word) for word in words)


def _letters(text: str) -> str:
    """The letters and digits alone: "  « ARRÊT ! » " and "Stop-all" are what their letters are."""
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in text if letter.isalnum())
