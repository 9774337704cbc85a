"""The phrasings from which understanding is learned: of requests (data/nlu) and of articles (their headers).

An outcome is an article's id ("primus/user-limit") or "do/" and a request's id ("do/check_balance").
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Dict, Iterable, List, NamedTuple, Set

import yaml

from knowledge import Article, Shelf
from knowledge.article import LOADER


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
        for block in yaml.load(path.read_text(encoding="utf-8"), LOADER)["nlu"]:
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


class ArticleTexts(NamedTuple):
    """All that is known of an article before it is learned, in both languages."""

    titles: List[str]
    phrasings: List[str]
    sentences: List[str]


def article_texts(files: Iterable[Article]) -> Dict[str, ArticleTexts]:
    """The texts of articles by their ids, from their files: one a language."""
    found: Dict[str, ArticleTexts] = {}
    for file in files:
        known = found.setdefault(file.id, ArticleTexts([], [], []))
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|[*#>`]", r"\1", file.body)
        sentences = [sentence.strip(" -") for sentence in re.split(r"(?<=[.!?])\s+|\n+", plain)]
        known.titles.append(file.title)
        known.phrasings.extend(file.phrasings)
        known.sentences.extend(sentence for sentence in sentences if len(sentence.split()) > 3)
    return found


def brand_examples(shelf: Shelf, brand: str, requests: Iterable[Example]) -> List[Example]:
    """All that a brand's customers may ask for: its articles, and every request, those that only other brands offer too.

    What only others do is told apart from the nearest thing that this one does, and then refused (`bot.verdict.offered_only`).
    """
    return article_examples(shelf, brand) + list(requests)


def new_articles(shelf: Shelf, brand: str) -> Set[str]:
    """The articles that count as new where it is measured how well new ones are found: every fourth of a brand."""
    return set(sorted({article.id for article in shelf.articles(brand)})[1::4])
