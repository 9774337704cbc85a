"""The only way into Rasa: the gateway posts one turn and gets its replies and what was understood in one answer.

Rasa's own REST channel names each turn's channel `collector`, splits one reply into several and says nothing of what was
understood; its other channels check nobody (docs/decisions/0003-own-rasa-channel.md). The shared secret keeps other
programs on the machine out; customers never reach this port.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request

from bot.state import observe
from bot.tracker_store import BoundedTrackerStore, Overtaken
from bot.turn import TurnProcessor
from bot.understanding import Understanding
from bot.verdict import judge

log = logging.getLogger(__name__)

ERASED_AT_ONCE = 500
TEXTS, LETTERS = 16, 2000  # at most so many texts in one question, and so much of each
METADATA = ("brand", "language", "channel", "texts", "identity", "account_ending")


class GatewayOutput(CollectingOutputChannel):
    """Collects each reply whole: text, choices and data of one reply stay together."""

    @classmethod
    def name(cls) -> str:
        return "gateway"

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        self.messages.append(as_reply(message))


def as_reply(message: Dict[str, Any]) -> Dict[str, Any]:
    """A message of Rasa's as the gateway takes it."""
    custom = message.get("custom") or {}
    return {
        "text": message.get("text") or "",
        "buttons": message.get("buttons") or [],
        "article": custom.get("article"),
        "title": custom.get("title"),
        "act": custom.get("act"),
        "offers": custom.get("offers"),
        "attachments": custom.get("attachments") or [],
    }


def neutral(text: str) -> str:
    """`text` as Rasa must see it: no leading slash (ASCII or full width), which would force an intent and set slots."""
    return text.strip().lstrip("/\uff0f\u2215\u29f8\\ \t\u00a0\u200b\u2060\ufeff") or "…"


def replies_since_message(tracker: DialogueStateTracker) -> List[Dict[str, Any]]:
    """What the assistant said to the latest message, as it was told the first time."""
    said: List[Dict[str, Any]] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            said.insert(0, as_reply({"text": event.text, **event.data}))
    return said


def understood(tracker: Optional[DialogueStateTracker]) -> Optional[Dict[str, Any]]:
    """What was understood of the latest message."""
    return tracker.latest_message.parse_data.get("understood") if tracker and tracker.latest_message else None


def answer_of(replies: List[Dict[str, Any]], tracker: Optional[DialogueStateTracker]) -> Dict[str, Any]:
    """A turn's answer; `asks` is the field that the form now waits for, by which the gateway knows what it must not store."""
    asks = tracker.get_slot("requested_slot") if tracker else None
    return {"replies": replies, "understood": understood(tracker), "asks": asks}


def without_fallback(agent: Any) -> BoundedTrackerStore:
    """The agent's store, out of Rasa's wrapper.

    When the database fails, the wrapper begins an empty conversation, saves to memory, and never copies back: the form that a customer
    was in would be forgotten, and what the turn did too. Without it the turn fails, and the gateway says so.
    """
    store = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
    if agent.tracker_store is not store:
        agent.tracker_store = agent.processor.tracker_store = store
    if not isinstance(store, BoundedTrackerStore):
        raise TypeError("endpoints.yml must name bot.tracker_store.BoundedTrackerStore")
    return store


def processor_of(agent: Any) -> Optional[TurnProcessor]:
    """The agent's processor as `bot.turn` has it, None while there is no model."""
    loaded = getattr(agent, "processor", None)
    if loaded is not None and not isinstance(loaded, TurnProcessor):
        loaded = agent.processor = TurnProcessor(loaded)
    return loaded


def loaded_understanding(agent: Any) -> Optional[Understanding]:
    """The component of the model that Rasa runs now, None while it has none.

    Rasa gives no way to one component: its graph is asked. Running the whole graph instead would parse entities and want a tracker.
    """
    processor = getattr(agent, "processor", None)
    nodes = getattr(getattr(processor, "graph_runner", None), "_instantiated_nodes", {})
    components = (getattr(node, "_component", None) for node in nodes.values())
    return next((component for component in components if isinstance(component, Understanding)), None)


def verdicts(understanding: Understanding, brand: str, texts: List[str]) -> List[Dict[str, Any]]:
    """What each text is about, with nothing said before it. Raises KeyError for an unknown brand."""
    found = []
    for text in texts:
        verdict = judge(understanding.rank(brand, text), text, asked_before=False)
        candidates = [{"id": name, "confidence": round(value, 4)} for name, value in verdict.candidates]
        found.append(
            {
                "outcome": verdict.outcome,
                "confidence": round(verdict.confidence, 4),
                "unsure": verdict.unsure,
                "candidates": candidates,
            }
        )
    return found


def meanings(understanding: Understanding, texts: List[str]) -> List[List[int]]:
    """What each text means, as the encoder's vector in whole numbers from -127 to 127: near in meaning, near in direction."""
    return [[round(127 * float(part)) for part in row] for row in understanding.vectors(texts)]


class GatewayInput(InputChannel):
    """`POST /webhooks/gateway/turn` with `{"conversation","text","message_id","metadata"}` and the secret as bearer.

    `POST /webhooks/gateway/erase` with `{"conversations": […]}` forgets them for good;
    `POST /webhooks/gateway/understand` with `{"text": […], "brand"}` says what texts are about, without any conversation;
    `POST /webhooks/gateway/meanings` with `{"text": […]}` gives their vectors, by which like questions are found.
    """

    @classmethod
    def name(cls) -> str:
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> InputChannel:
        return cls(os.environ.get("ASSISTANT_SECRET", ""))

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def _allowed(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").replace("Bearer ", "", 1)
        return bool(self._secret) and hmac.compare_digest(given.encode(), self._secret.encode())

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of this channel."""
        routes = Blueprint("gateway")
        observe(routes)

        @routes.get("/")
        async def alive(_: Request) -> response.HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/understand")
        async def understand(request: Request) -> response.HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "unauthorized"}, status=401)
            body = request.json
            understanding = loaded_understanding(request.app.ctx.agent)
            if understanding is None:
                return response.json({"error": "no_model"}, status=503)
            texts = [neutral(str(text)[:LETTERS]) for text in body["text"][:TEXTS]]
            # Beside the loop: a dozen sentences must not hold up the turns of customers.
            work = asyncio.get_running_loop().run_in_executor(None, verdicts, understanding, body["brand"], texts)
            try:
                return response.json({"texts": await work})
            except KeyError:
                return response.json({"error": "unknown_brand"}, status=404)

        @routes.post("/meanings")
        async def meaning(request: Request) -> response.HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "unauthorized"}, status=401)
            understanding = loaded_understanding(request.app.ctx.agent)
            if understanding is None:
                return response.json({"error": "no_model"}, status=503)
            texts = [neutral(str(text)[:LETTERS]) for text in request.json["text"][:TEXTS]]
            work = asyncio.get_running_loop().run_in_executor(None, meanings, understanding, texts)
            return response.json({"vectors": await work})

        @routes.post("/erase")
        async def erase(request: Request) -> response.HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "unauthorized"}, status=401)
            store = request.app.ctx.agent.tracker_store
            conversations = [str(one) for one in request.json["conversations"][:ERASED_AT_ONCE]]
            return response.json({"erased": getattr(store, "_tracker_store", store).erase(conversations)})

        @routes.post("/turn")
        async def turn(request: Request) -> response.HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "unauthorized"}, status=401)
            body = request.json
            metadata = {name: body["metadata"].get(name) for name in METADATA}
            agent = request.app.ctx.agent
            store = without_fallback(agent)
            processor_of(agent)
            before = await store.retrieve(body["conversation"])
            if before and before.latest_message and before.latest_message.message_id == body["message_id"]:
                # The gateway asks again after a crash: the turn was taken, so it is only told once more.
                return response.json(answer_of(replies_since_message(before), before))
            out = GatewayOutput()
            message = UserMessage(
                neutral(body["text"]),
                out,
                body["conversation"],
                input_channel=self.name(),
                message_id=body["message_id"],
                metadata=metadata,
            )
            try:
                await on_new_message(message)
                tracker = store.kept(body["conversation"])
            except Overtaken:
                # Two gateways asked at once, of which one had been frozen: what the other turn said is told.
                store.forget(body["conversation"])
                tracker = await store.retrieve(body["conversation"])
                if not (tracker and tracker.latest_message and tracker.latest_message.message_id == body["message_id"]):
                    raise
                return response.json(answer_of(replies_since_message(tracker), tracker))
            except BaseException:
                # What a broken or cancelled turn left in memory is not what is on disk.
                store.forget(body["conversation"])
                raise
            return response.json(answer_of(out.messages, tracker))

        return routes
