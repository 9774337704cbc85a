"""What a message names by itself: values by their kind (see `entities`), and choices by their words (`choices` in words.yml)."""

from __future__ import annotations

from typing import Any

from actions import fields
from actions.turn import Turn
from actions.wording import WORDS
from entities import find


def named(turn: Turn, kind: str, prefer: str | None = None) -> str | None:
    """The first value of a kind that the message names."""
    found = find(turn.text, language=turn.language, today=turn.at.date(), brand=turn.brand, prefer=prefer)
    own = next((entity.value for entity in found if entity.kind == kind), None)
    # The assistant knows the names of machines with a slip of the finger too.
    return own or next((str(entity["value"]) for entity in turn.entities if entity.get("entity") == kind), None)


def choices(turn: Turn, field: str) -> dict[str, Any]:
    """The choices of a field, by key; a brand's figures (`methods` for `method`) say which of them it has."""
    offered = turn.brand.figures.get(f"{field}s")
    return {key: entry for key, entry in WORDS["choices"][field].items() if offered is None or key in offered}


def choice(turn: Turn, field: str) -> str | None:
    """Which of the choices of a field the message names, by its title or by what people say for it."""
    return next((key for key, entry in choices(turn, field).items() if fields.says(turn.text, entry["says"])), None)
