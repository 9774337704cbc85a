"""One article in one language: a header in YAML between two lines of dashes, then the text said to the customer."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path
from typing import Any

import yaml

# libyaml's where it is there: ten times as fast, and as safe.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
REQUIRED = ("id", "title", "phrasings", "facts", "source", "section", "effective")


class ArticleError(ValueError):
    """The file is not a complete article; the message names the file and what is missing."""


@dataclasses.dataclass(frozen=True)
class Article:
    """An answer as one brand gives it in one language.

    `body` is Markdown (bold, lists and links only), at most 120 words; `sms` is plain text, None where the body itself is
    short enough. `facts` are the figures of the text, each with `figure`, `what` and `place` (where its source says it). `live` names
    what is looked up or worked out for the customer after the text (actions/live_answers.yml); nothing for most.
    """

    id: str
    brand: str
    language: str
    title: str
    body: str
    sms: str | None
    phrasings: tuple[str, ...]
    facts: tuple[dict[str, str], ...]
    requests: tuple[str, ...]
    source: str
    section: str
    effective: datetime.date
    live: tuple[str, ...] = ()


def read_article(path: Path) -> Article:
    """Reads `<brand>/<language>/<slug>.md`. Raises ArticleError where the header is broken or incomplete."""
    try:
        _, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
        data: dict[str, Any] = yaml.load(header, LOADER)
    except (ValueError, yaml.YAMLError) as error:
        raise ArticleError(f"{path}: the header between two lines of --- cannot be read ({error})") from error
    if not isinstance(data, dict):
        raise ArticleError(f"{path}: the header is not a list of names and values")
    missing = [name for name in REQUIRED if name not in data]
    if missing:
        raise ArticleError(f"{path}: the header lacks {', '.join(missing)}")
    brand, language = path.parts[-3], path.parts[-2]
    if data["id"] != f"{brand}/{path.stem}":
        raise ArticleError(f"{path}: the id is {data['id']!r}, the place says {brand}/{path.stem}")
    lists = [name for name in ("phrasings", "facts", "requests") if not isinstance(data.get(name) or [], list)]
    if lists:
        raise ArticleError(f"{path}: {', '.join(lists)} must be a list")
    try:
        return _article(data, brand, language, body)
    except (TypeError, AttributeError) as error:
        raise ArticleError(f"{path}: a value of the header has the wrong shape ({error})") from error


def _names(value: str | list[str] | None) -> tuple[str, ...]:
    """One name, or a list of them."""
    return (value,) if isinstance(value, str) else tuple(str(name) for name in value or ())


def _article(data: dict[str, Any], brand: str, language: str, body: str) -> Article:
    return Article(
        id=data["id"],
        brand=brand,
        language=language,
        title=str(data["title"]).strip(),
        body=body.strip(),
        sms=str(data["sms"]).strip() if data.get("sms") else None,
        phrasings=tuple(str(phrasing).strip() for phrasing in data["phrasings"]),
        facts=tuple({key: str(value) for key, value in fact.items()} for fact in data["facts"] or ()),
        requests=tuple(data.get("requests") or ()),
        source=data["source"],
        section=str(data["section"]),
        effective=data["effective"],
        live=_names(data.get("live")),
    )
