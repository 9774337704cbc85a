"""Problem documents (RFC 9457) in the caller's language. The words stand in `data/problems.yml`, never in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_WORDS = Path(__file__).parent / "data" / "problems.yml"
_TYPE_PREFIX = "urn:billing:problem:"
LANGUAGES = ("en", "fr")


class Problem(Exception):
    """Raised by a handler to answer with a problem document.

    `slug` names an entry of `data/problems.yml`, `values` fill its placeholders, `status` replaces its status, and
    `members` are added to the document.
    """

    def __init__(
        self,
        slug: str,
        *,
        status: int | None = None,
        values: Mapping[str, object] | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(slug)
        self.slug = slug
        self.status = status
        self.values = dict(values or {})
        self.members = dict(members or {})


@dataclass(frozen=True, slots=True)
class ProblemWords:
    """The entries of `data/problems.yml`, read once at start."""

    entries: Mapping[str, Mapping[str, Any]]

    def document(self, problem: Problem, language: str) -> dict[str, Any]:
        """The members of the problem document, `status` among them."""
        entry = self.entries[problem.slug]
        return {
            "type": _TYPE_PREFIX + problem.slug,
            "title": entry["title"][language],
            "status": problem.status or entry["status"],
            "detail": entry["detail"][language].format(**problem.values),
            **problem.members,
        }


def read_problem_words() -> ProblemWords:
    return ProblemWords(yaml.safe_load(_WORDS.read_text(encoding="utf-8")))


def preferred_language(accept_language: str) -> str:
    """ "fr" or "en" by an Accept-Language header (RFC 9110, 12.5.4): the higher weight wins, then the first named.

    English where the header says neither.
    """
    best, weight = "en", 0.0
    for choice in accept_language.split(","):
        name, _, parameters = choice.strip().partition(";")
        language = name.strip().partition("-")[0].lower()
        quality = _quality(parameters)
        if language in LANGUAGES and quality > weight:
            best, weight = language, quality
    return best


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
