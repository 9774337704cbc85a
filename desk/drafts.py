"""Drafts of replies for a person to read and send: from an article's text and the sentences of `data/drafts.yml`, in both languages."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined

from knowledge import Article, Brand

LANGUAGES = ("fr", "en")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


@functools.cache
def words() -> dict[str, Any]:
    """The sentences of drafts, and what each thing that may be missing is called."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "data" / "drafts.yml").read_text(encoding="utf-8"))
    return found


def draft(
    language: str,
    *,
    brand: Brand | None,
    name: str | None,
    reasons: Sequence[str],
    category: str,
    article: Article | None,
    missing: Sequence[str],
) -> str:
    """One draft as plain text, its parts apart by empty lines. Without `article` it says who looks into the matter."""
    said = words()
    known = next((said["acknowledged"][reason] for reason in reasons if reason in said["acknowledged"]), None)
    opening = said["thanks"][language] + (f" {known[language]}" if known else "")
    parts = [
        _filled(said["greeting"][language], name=name),
        opening,
        plain_text(article.body) if article else said["taken_up"][category][language],
    ]
    if missing:
        listed = "\n".join(f"- {said['missing'][one][language]}" for one in missing)
        parts.append(f"{said['asking'][language]}\n{listed}")
    signed = _capital(brand.department[language]) if brand else ""
    parts.append("\n".join(line for line in (said["closing"][language], signed) if line))
    return "\n\n".join(parts)


def plain_text(markdown: str) -> str:
    """An article's Markdown (bold, lists and links only) as mail without markup shows it."""
    return LINK.sub(r"\1 (\2)", markdown).replace("**", "")


def _filled(sentence: str, **values: Any) -> str:
    return _environment().from_string(sentence).render(values)


@functools.cache
def _environment() -> Environment:
    return Environment(undefined=StrictUndefined, autoescape=False)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
