"""A message as understanding reads it, and what a ranking is. Standard library only."""

from __future__ import annotations

import re
import unicodedata
from typing import List, Tuple

Ranking = List[Tuple[str, float]]

MARKS = (
    (re.compile(r"\S+@\S+"), " addresstoken "),
    (re.compile(r"https?://\S+"), " linktoken "),
    (re.compile(r"\b[a-z]\d[a-z] ?\d[a-z]\d\b"), " postaltoken "),
    (re.compile(r"\d{5,}"), " longnumber "),
)
APOSTROPHES = str.maketrans({"’": "'", "`": "'", "´": "'", "ʼ": "'"})


def fold(text: str) -> str:
    """Lower case, no accents, one kind of apostrophe; addresses and long numbers as what they are, not which."""
    text = text.lower().translate(APOSTROPHES).replace("œ", "oe")
    text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    for pattern, mark in MARKS:
        text = pattern.sub(mark, text)
    return re.sub(r"\s+", " ", text).strip()
