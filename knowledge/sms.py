"""What a brand sets for text messages: its keywords, what answers them, the words around choices and pages.

`sms.yml` beside the brands' folders holds what they share; the key `sms` of a `brand.yml` replaces it, name by name.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import yaml


@dataclasses.dataclass(frozen=True)
class KeywordGroup:
    """Words that order one thing: `words` by language, or under "any" where they belong to both.

    They count where all of `needs` holds and nothing of `unless` does ("asked", "stopped", "kept").
    """

    does: str
    words: dict[str, tuple[str, ...]]
    needs: frozenset[str]
    unless: frozenset[str]


@dataclasses.dataclass(frozen=True)
class Sms:
    """`fold_accents`: whether accents may go where that saves a part. `sentences` and `words` are by name, then by language."""

    fold_accents: bool = True
    keywords: tuple[KeywordGroup, ...] = ()
    sentences: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    words: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)

    def around(self, language: str) -> dict[str, str]:
        """The words around choices and at the end of a page, in one language."""
        return {name: texts[language] for name, texts in self.words.items()}


def read_sms(own: dict[str, Any], shared: Path) -> Sms:
    """A brand's settings over those that all share. Raises KeyError, TypeError, AttributeError or YAMLError where they are broken."""
    data: dict[str, Any] = yaml.safe_load(shared.read_text(encoding="utf-8")) if shared.exists() else {}
    unknown = own.keys() - {"fold_accents", "keywords", "sentences", "words"}
    if unknown:
        raise TypeError(f"sms: {', '.join(sorted(unknown))} is unknown")
    named = {part: {**data.get(part, {}), **own.get(part, {})} for part in ("keywords", "sentences", "words")}
    return Sms(
        fold_accents=bool(own.get("fold_accents", data.get("fold_accents", True))),
        keywords=tuple(_group(group) for group in named["keywords"].values() if group),
        sentences=named["sentences"],
        words=named["words"],
    )


def _group(data: dict[str, Any]) -> KeywordGroup:
    words: dict[str, tuple[str, ...]] = {
        language: tuple(data[language]) for language in ("fr", "en", "any") if language in data
    }
    wrong = [word for known in words.values() for word in known if not isinstance(word, str)]
    if wrong:  # yes, no and on are truth values in YAML
        raise TypeError(f"sms: keywords are quoted texts, not {wrong}")
    return KeywordGroup(data["does"], words, frozenset(data.get("needs") or ()), frozenset(data.get("unless") or ()))
