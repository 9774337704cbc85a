"""The only way into Rasa: the gateway posts one turn and gets its replies and what was understood in one answer.

Rasa's own REST channel names each turn's channel `collector`, splits one reply into several and says nothing of what was
understood; its other channels check nobody (docs/decisions/0003-own-rasa-channel.md). The shared secret keeps other
programs on the machine out; customers never reach this port.
"""

from __future__ import annotations

import hmac
import logging
import os
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request

log = logging.getLogger(__name__)

METADATA = ("brand", "language", "channel", "identity", "account_ending")


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


class GatewayInput(InputChannel):
    """`POST /webhooks/gateway/turn` with `{"conversation","text","message_id","metadata"}` and the secret as bearer."""

    @classmethod
    def name(cls) -> str:
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> InputChannel:
        return cls(os.environ.get("ASSISTANT_SECRET", ""))

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of this channel."""
        routes = Blueprint("gateway")

        @routes.get("/")
        async def alive(_: Request) -> response.HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/turn")
        async def turn(request: Request) -> response.HTTPResponse:
            given = request.headers.get("authorization", "").replace("Bearer ", "", 1)
            if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
                return response.json({"error": "unauthorized"}, status=401)
            body = request.json
            metadata = {name: body["metadata"].get(name) for name in METADATA}
            store = request.app.ctx.agent.tracker_store
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
                tracker = await store.retrieve(body["conversation"])
            except BaseException:
                # What a broken or cancelled turn left in memory is not what is on disk.
                forget = getattr(getattr(store, "_tracker_store", store), "forget", None)
                if forget:
                    forget(body["conversation"])
                raise
            return response.json(answer_of(out.messages, tracker))

        return routes
