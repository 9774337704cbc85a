"""Machines typed with one slip ("sendpor c", "conect+ 1000"), found by spaCy's entity ruler from `entities/models.yml`.

The plain rules of `entities` read a model however its parts are joined, but not with a slip. The ruler's patterns hold the slips of the
long words of a name by look-up, which an alternation of some thousand spellings in one regular expression could not do in the time.
Only words of five letters and more are forgiven, and the number of a model never is: "code 4582" is no CODA-4582.
"""

from __future__ import annotations

import re
import string
from typing import Any, Dict, Iterator, List, Set, Tuple

import spacy

from entities.models import spellings

LONG = 5  # letters from which a word with a slip is still itself
WORD_OR_NUMBER = re.compile(r"[A-Za-z]+|\d+[A-Za-z]*|[+@]")


def slips(word: str) -> Set[str]:
    """The word, and all that is one letter away from it: left out, put in, another one, exchanged with the next."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {word, *(head + tail[1:] for head, tail in cuts if tail)}
    found.update(head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1)
    for letter in string.ascii_lowercase:
        found.update(head + letter + tail for head, tail in cuts)
        found.update(head + letter + tail[1:] for head, tail in cuts if tail)
    return found


class ModelRules:
    """spaCy's blank pipeline of no language with an entity ruler: names are the same in both languages.

    Measured: the blank French pipeline splits them no better, and takes 4 s and 31 MB more.
    """

    def __init__(self) -> None:
        self._pipeline = spacy.blank("xx")
        ruler: Any = self._pipeline.add_pipe("entity_ruler")
        ruler.add_patterns(list(_patterns()))

    def find(self, text: str) -> List[Tuple[str, int, int]]:
        """The models of a text with their places, in order."""
        return [(span.ent_id_, span.start_char, span.end_char) for span in self._pipeline(text).ents]


def _patterns() -> Iterator[Dict[str, Any]]:
    """For each spelling with a long word: each of its words as a token of its own, dashes between them or not."""
    for spelling, name in spellings().items():
        parts = [part.lower() for part in WORD_OR_NUMBER.findall(spelling)]
        if not any(len(part) >= LONG and part.isalpha() for part in parts):
            continue
        pattern: List[Dict[str, Any]] = []
        for part in parts:
            if pattern:
                pattern.append({"TEXT": "-", "OP": "?"})
            # A plus sign is often left out, and stands alone or at the end of its word.
            if part == "+":
                pattern.append({"TEXT": "+", "OP": "?"})
            elif len(part) >= LONG and part.isalpha():
                forms = slips(part)
                pattern.append(
                    {"LOWER": {"IN": sorted(forms | ({f"{form}+" for form in forms} if "+" in parts else set()))}}
                )
            else:
                pattern.append({"LOWER": part})
        yield {"label": "model", "id": name, "pattern": pattern}
