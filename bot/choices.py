"""Which of the choices just offered the customer took: by number, letter, ordinal or by its words."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from bot.text import fold

ORDINALS = (
    ("1", "a", "un", "une", "one", "first", "premier", "premiere", "1er", "1ere", "1st"),
    ("2", "b", "deux", "two", "second", "deuxieme", "seconde", "2e", "2nd"),
    ("3", "c", "trois", "three", "third", "troisieme", "3e", "3rd"),
    ("4", "d", "quatre", "four", "fourth", "quatrieme", "4e", "4th"),
    ("5", "e", "cinq", "five", "fifth", "cinquieme", "5e", "5th"),
)
AROUND = re.compile(
    r"^(?:(?:(?:le|la|the|option|choix|choice|numero|number|no)(?![a-z])|l'|#)\s*)+"
    r"|(?:\s*\b(?:svp|stp|please|one|option|s'il vous plait))+$"
)


def chosen(text: str, choices: List[Dict[str, Any]]) -> Optional[str]:
    """The outcome of the choice that `text` names, None where it names none. Choices: `{"title", "outcome"}`."""
    said = re.sub(r"[.!)(]+", " ", fold(text)).strip()
    for choice in choices:
        if said == re.sub(r"[.!)(]+", " ", fold(choice["title"])).strip():
            return str(choice["outcome"])
    word = AROUND.sub("", said) or said
    for choice, names in zip(choices, ORDINALS, strict=False):
        if word in names or said in names:
            return str(choice["outcome"])
    return None
