"""Which of the choices of the last text message its reader took: by number, by letter, or by its words.

The assistant knows the choices of its own questions too ("the second one"); this is for all that stand numbered on a phone.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping, Sequence

NUMBER = re.compile(
    r"(?:option|choix|choice|numero|number|no\.?|n°|nº|#)?\s*[(\[]*\s*(\d{1,2}|[a-z])\s*[)\].:!,;-]*", re.A
)


def choice_of(text: str, choices: Sequence[Mapping[str, str]]) -> str | None:
    """The reply of the choice (`{"title", "reply"}`) that a message takes; None where it takes none."""
    said = _folded(text)
    for choice in choices:
        if said and _words(said) == _words(_folded(choice["title"])):
            return choice["reply"]
    match = NUMBER.fullmatch(said)
    if not match:
        return None
    taken = match[1]
    place = int(taken) - 1 if taken.isdigit() else string.ascii_lowercase.index(taken)
    if 0 <= place < len(choices):
        return choices[place]["reply"]
    # "o" and "n", "y" and "n": yes and no as people shorten them.
    begun = [choice["reply"] for choice in choices if _folded(choice["title"]).startswith(taken)]
    return begun[0] if len(begun) == 1 and taken.isalpha() else None


def _folded(text: str) -> str:
    """Small letters without accents; a keycap or a full-width digit is that digit."""
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in text if not unicodedata.category(one).startswith(("M", "Cf"))).strip()


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))
