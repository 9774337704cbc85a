"""Words as they sound, so that "kan", "quan" and "quand" are one: a third view of a message beside its words and its letters.

One table for both languages, French first: whoever misspells French mostly writes it by ear ("jé payé sa cet semaine"), and the rules
do English no harm, since both sides of a comparison go through them. Not phonetics: only what different spellings have in common.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import List

WORD = re.compile(r"[\w']+|\?")
RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"'", ""),
        (r"(.)\1+", r"\1"),
        (r"ph", "f"),
        (r"sch|ch|sh", "S"),
        (r"qu|q|ck", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"wh", "w"),
        (r"th", "t"),
        (r"h", ""),
        (r"eau|au", "o"),
        (r"oi|oy", "wa"),
        (r"ou|oo", "u"),
        (r"[ae]i[nm](?=[^aeiou]|$)", "I"),
        (r"ay|ey|ai|ei", "e"),
        (r"y", "i"),
        (r"(?:er|ez|et|ed|es)$", "e"),
        (r"[ae][nm](?=[^aeiou]|$)", "A"),  # nasal, as in "quand" and "vent"
        (r"i[nm](?=[^aeiou]|$)", "I"),
        (r"(?<=..)[estdxpzr]+$", ""),  # what French writes at the end of a word and does not say
        (r"ie", "i"),
        (r"(.)\1+", r"\1"),
    )
)


@functools.lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """How a folded word sounds; a word of which nothing is left stays as it is."""
    heard = word
    for pattern, replacement in RULES:
        heard = pattern.sub(replacement, heard)
    return heard or word


def sounds(text: str) -> List[str]:
    """The words of a folded message (`bot.text.fold`) as they sound, one by one and two by two."""
    heard = [sound(word) for word in WORD.findall(text)]
    return heard + [f"{first}_{second}" for first, second in itertools.pairwise(heard)]
