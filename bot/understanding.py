"""Rasa's view of understanding: one component that ranks requests and articles together for the brand of the conversation.

Per message it sets the intent that the rules work with (a request id, `ask_article`, or `clarify` where two outcomes are close),
the language as an entity, and `understood`: what the gateway passes on. Requests come from Rasa's training data; articles from the
knowledge base as it stands now: a new article is found at once from its texts, and a changed one learned in the background,
without `rasa train`.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.choices import chosen
from bot.encoder import Encoder, encoder_folder
from bot.examples import Example, article_texts, brand_examples
from bot.learning import learn_brand, learn_brands
from bot.outcomes import OutcomeModel
from bot.second import second_request
from bot.text import Ranking
from bot.verdict import Verdict, judge, offered_only
from knowledge import Shelf
from language import Detector

log = logging.getLogger(__name__)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class Understanding(GraphComponent):
    """See the module."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"knowledge_base": "knowledge_base", "encoder": None}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Understanding":
        return cls(config, model_storage, resource)

    def __init__(self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._storage = model_storage
        self._resource = resource
        self._shelf = Shelf(knowledge_base(config))
        self._detector = Detector()
        self._encoder = Encoder(encoder_folder(config))
        self._models: Dict[str, OutcomeModel] = {}
        self._requests: List[Example] = []
        self._learned: Dict[str, str] = {}
        self._learning = threading.Lock()
        self._adding = threading.Lock()

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """Rasa's cache must see the articles' phrasings: they are training data that it does not know of."""
        shelf = Shelf(knowledge_base({**cls.get_default_config(), **config}))
        encoder = Encoder(encoder_folder(config)).stamp
        return "".join(_stamp(brand_examples(shelf, brand, []), encoder) for brand in sorted(shelf.brands))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns each brand and stores what was learned."""
        self._requests = [
            Example(message.get("text"), f"do/{message.get('intent')}", "")
            for message in training_data.intent_examples
            if message.get("text")
        ]
        examples = {brand: brand_examples(self._shelf, brand, self._requests) for brand in self._shelf.brands}
        self._models = learn_brands(examples, self._encoder)
        self._learned = {brand: _stamp(found, self._encoder.stamp) for brand, found in examples.items()}
        with self._storage.write_to(self._resource) as folder:
            joblib.dump((self._models, self._requests, self._learned), folder / "outcomes.joblib", compress=3)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Understanding":
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._models, component._requests, component._learned = joblib.load(folder / "outcomes.joblib")
        for model in component._models.values():
            model.vectors = component._encoder.vectors
        # What changed since the training is learned beside the service, not before it.
        threading.Thread(target=component._catch_up, daemon=True).start()
        return component

    def process(self, messages: List[Message], tracker: Optional[DialogueStateTracker] = None) -> List[Message]:
        """Sets intent, ranking, entities and `understood` of each message."""
        if self._shelf.refresh():
            threading.Thread(target=self._catch_up, daemon=True).start()
        for message in messages:
            self._understand(message, tracker)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that later components would learn from."""
        return training_data

    def _understand(self, message: Message, tracker: Optional[DialogueStateTracker]) -> None:
        text = message.get("text") or ""
        metadata = message.get("metadata") or {}
        brand = metadata.get("brand") or next(iter(self._models))
        language = metadata.get("language") or self._detector.decide(text).language
        choices = (tracker.get_slot("choices") if tracker else None) or []
        pick = chosen(text, choices)
        if pick:
            verdict = Verdict(pick, 1.0, [(pick, 1.0)], False)
        else:
            verdict = judge(self.rank(brand, text), text, asked_before=bool(tracker and tracker.get_slot("clarifying")))
            if verdict.outcome == "do/affirm" and len(choices) == 1:
                verdict = Verdict(str(choices[0]["outcome"]), verdict.confidence, verdict.candidates, False)
        intent = "clarify" if verdict.unsure else verdict.intent
        message.set("intent", {"name": intent, "confidence": verdict.confidence}, add_to_output=True)
        message.set("intent_ranking", _ranking(verdict.candidates), add_to_output=True)
        message.set("entities", [{"entity": "language", "value": language, "start": 0, "end": 0}], add_to_output=True)
        understood = {
            "intent": verdict.intent,
            "article": verdict.article,
            "confidence": round(verdict.confidence, 4),
            "candidates": [{"id": name, "confidence": round(value, 4)} for name, value in verdict.candidates],
        }
        message.set("understood", understood, add_to_output=True)
        asked = bool(tracker and tracker.get_slot("requested_slot"))  # an answer to a question is no list of wishes
        if not (pick or asked or verdict.unsure):
            also = second_request(text, verdict.outcome, lambda part: self.rank(brand, part))
            message.set("also", also, add_to_output=True)

    def rank(self, brand: str, text: str) -> Ranking:
        """The outcomes of a brand for a text, the likeliest first. Raises KeyError for an unknown brand."""
        articles = {article.id for article in self._shelf.articles(brand)}
        ranking = [pair for pair in self._models[brand].rank(text) if pair[0].startswith("do/") or pair[0] in articles]
        return offered_only(ranking, self._shelf.brands[brand].requests)

    def vectors(self, texts: List[str]) -> Any:
        """What texts mean to the encoder, one row each, of length 1."""
        return self._encoder.vectors(texts)

    def _catch_up(self) -> None:
        """Learns again the brands whose phrasings are not those that were learned; articles that are new are found at once."""
        for brand in self._shelf.brands:
            self._add_new(brand)  # though an earlier change is still being learned
        with self._learning:
            for brand in self._shelf.brands:
                examples = brand_examples(self._shelf, brand, self._requests)
                stamp = _stamp(examples, self._encoder.stamp)
                if self._learned.get(brand) != stamp:
                    log.info("the articles of %s changed: learning them", brand)
                    self._models[brand] = learn_brand(examples, self._encoder)
                    self._learned[brand] = stamp
                    self._add_new(brand)  # what came while it learned

    def _add_new(self, brand: str) -> None:
        with self._adding:
            model = self._models.get(brand)
            if model is None:
                return  # a brand that is new is learned first
            new = [article for article in self._shelf.articles(brand) if article.id not in model.outcomes]
            for outcome, texts in article_texts(new).items():
                model.add(outcome, texts)


def knowledge_base(config: Dict[str, Any]) -> Path:
    """The folder of the articles: the setting that every process has, or the component's own."""
    return Path(os.environ.get("KNOWLEDGE_BASE") or config["knowledge_base"])


def _stamp(examples: List[Example], encoder: str) -> str:
    lines = [encoder, *sorted(f"{example.outcome}\t{example.text}" for example in examples)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _ranking(candidates: List[Tuple[str, float]]) -> List[Dict[str, Any]]:
    return [{"name": name, "confidence": value} for name, value in candidates]
