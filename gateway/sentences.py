"""The few sentences that the gateway says itself, from `data/sentences.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class Sentences:
    """Reads the file once; `say` and `problem` fill the places in braces."""

    def __init__(self, path: Path | None = None) -> None:
        data = yaml.safe_load((path or Path(__file__).parent / "data" / "sentences.yml").read_text(encoding="utf-8"))
        self._sentences: dict[str, dict[str, str]] = data["sentences"]
        self._problems: dict[str, dict[str, dict[str, str]]] = data["problems"]

    def say(self, name: str, language: str, channel: str = "", **values: Any) -> str:
        """The sentence in a language; on a channel that has one of its own (`card_sms`), that."""
        texts = self._sentences.get(f"{name}_{channel}", self._sentences[name])
        return texts[language].format(**values)

    def problem(self, name: str, language: str, **values: Any) -> tuple[str, str]:
        """Title and detail of a problem in a language."""
        texts = self._problems[name][language]
        return texts["title"], texts["detail"].format(**values)
