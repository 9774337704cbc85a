"""Rasa's view of `entities`: appends what a message names to its entities, after `Understanding`, which sets the first of them.

Each is `{"entity", "value", "start", "end", "extractor"}`. Days are counted from today in the brand's time zone. Nothing is learned, and
nothing that is found proves who writes.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

import entities
from bot.model_rules import ModelRules
from bot.understanding import knowledge_base
from knowledge import Brand, read_brand


def now() -> datetime.datetime:
    """The moment, with its zone."""
    return datetime.datetime.now(datetime.timezone.utc)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class EntityFinder(GraphComponent):
    """See the module."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"knowledge_base": "knowledge_base"}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EntityFinder":
        return cls(config)

    def __init__(self, config: Dict[str, Any], clock: Callable[[], datetime.datetime] = now) -> None:
        self._brands = read_brands(knowledge_base(config))
        self._clock = clock
        self._models = ModelRules()

    def process(self, messages: List[Message]) -> List[Message]:
        """Appends the entities of each message; those that are set already stay as they are."""
        for message in messages:
            text = message.get("text") or ""
            if text:
                known = message.get("entities") or []
                message.set("entities", [*known, *self._found(text, message)], add_to_output=True)
        return messages

    def _found(self, text: str, message: Message) -> List[Dict[str, Any]]:
        metadata = message.get("metadata") or {}
        brand = self._brands.get(metadata.get("brand")) or next(iter(self._brands.values()))
        language = _language(message)
        today = self._clock().astimezone(ZoneInfo(brand.hours["time_zone"])).date()
        found = [
            _entity(one.kind, one.value, one.start, one.end)
            for one in entities.find(text, language=language, today=today, brand=brand)
        ]
        for name, start, end in self._models.find(text[: entities.LONGEST]):
            if all(end <= one["start"] or one["end"] <= start for one in found):
                found.append(_entity("model", name, start, end))
        return sorted(found, key=lambda one: one["start"])


def read_brands(folder: Path) -> Dict[str, Brand]:
    """The brands of the knowledge base, by their ids."""
    return {path.parent.name: read_brand(path.parent) for path in sorted(folder.glob("*/brand.yml"))}


def _language(message: Message) -> str:
    """The language that `Understanding` found, else the one that the gateway sent; French where neither is known."""
    set_before: Optional[str] = next(
        (one["value"] for one in message.get("entities") or [] if one.get("entity") == "language"), None
    )
    language = set_before or (message.get("metadata") or {}).get("language")
    return "en" if language == "en" else "fr"


def _entity(kind: str, value: str, start: int, end: int) -> Dict[str, Any]:
    return {"entity": kind, "value": value, "start": start, "end": end, "extractor": EntityFinder.__name__}
