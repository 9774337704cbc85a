"""The phrasings from which understanding is learned: of requests (data/nlu) and of articles (their headers).

An outcome is an article's id ("primus/user-limit") or "do/" and a request's id ("do/check_balance").
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Iterable, List

import yaml

from knowledge import Shelf


@dataclasses.dataclass(frozen=True)
class Example:
    """A message and the outcome that its writer wanted."""

    text: str
    outcome: str
    language: str


def request_examples(folder: Path) -> List[Example]:
    """The phrasings of requests in `data/nlu/<language>/<topic>.yml`, Rasa's own format."""
    found = []
    for path in sorted(folder.glob("*/*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                text = line.strip()[1:].strip()
                if text:
                    found.append(Example(text, f"do/{block['intent']}", path.parent.name))
    return found


def article_examples(shelf: Shelf, brand: str) -> List[Example]:
    """The phrasings and the titles of a brand's articles."""
    return [
        Example(text, article.id, article.language)
        for article in shelf.articles(brand)
        for text in (article.title, *article.phrasings)
    ]


def brand_examples(shelf: Shelf, brand: str, requests: Iterable[Example]) -> List[Example]:
    """All that a brand's customers may ask for: its articles, and every request, those that only other brands offer too.

    What only others do is told apart from the nearest thing that this one does, and then refused (`bot.verdict.offered_only`).
    """
    return article_examples(shelf, brand) + list(requests)
