"""A knowledge base of one brand with one article, in a temporary folder, and a clock that moves when it is told to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

ARTICLE = """---
id: primus/user-limit
title: Nombre de personnes
phrasings:
  - combien de personnes peuvent y entrer
  - "on est six: ça marche?"
facts:
  - {figure: 4, what: "utilisateurs secondaires", place: "question 8"}
source: primus-eservice-faq
section: "Inscription, question 8"
effective: 2026-11-21
requests: [list_users]
sms: " Cinq personnes en tout. "
---

Cinq personnes --- en tout.
"""


class Clock:
    """Seconds, as time.monotonic gives them."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`<brand>/brand.yml` as PRIMUS has it, and one article in French."""
    (tmp_path / "primus" / "fr").mkdir(parents=True)
    shutil.copy(ROOT / "knowledge_base" / "primus" / "brand.yml", tmp_path / "primus" / "brand.yml")
    (tmp_path / "primus" / "fr" / "user-limit.md").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "primus" / "fr" / "user-limit.md"
