"""A conversation without Rasa: the real form and actions, with the rules of data/rules/forms.yml played by `Conversation.say`."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.billing_client import BillingClient
from actions.carry_out import CarryOut
from actions.conversation import Talk
from actions.details_form import DetailsForm
from actions.form_events import FORM
from actions.operations import operations
from actions.requests import read_live_answers, read_requests
from actions.support_requests import SupportRequests
from actions.turn import Turn
from gateway.redact import mask_codes, mask_pin
from knowledge import Shelf
from tests.integration.actions.small_gateway import NOW, SmallGateway

ROOT = Path(__file__).resolve().parents[3]
UNDERSTOOD = {"oui": "affirm", "yes": "affirm", "non": "deny", "no": "deny", "annuler": "cancel", "cancel": "cancel"}
ASIDE = {"ask_article": "action_answer"} | {name: f"action_{name}" for name in ("clarify", "cancel", "talk_to_agent")}


@functools.cache
def responses() -> dict[str, Any]:
    """All responses of the domain, by name."""
    found: dict[str, Any] = {}
    for path in sorted((ROOT / "domain").glob("*.yml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {}
    return found


@dataclasses.dataclass(frozen=True)
class Said:
    """One reply: the name of its response, its text and titles of buttons as the customer reads them, the reference of an act, and
    what the page carries out.
    """

    name: str
    text: str
    buttons: tuple[str, ...]
    act: str | None
    offers: str | None


class Conversation:
    """One conversation. `slots` are Rasa's; `replies` are those to the last message."""

    def __init__(self, shelf: Shelf, gateway: SmallGateway, billing: BillingClient, language: str) -> None:
        self.gateway = gateway
        self.language = language
        self.slots: dict[str, Any] = {"language": language}
        self.replies: list[Said] = []
        self.at, self.channel, self.texts = NOW, "web", True
        self._shelf = shelf
        self._events: list[dict[str, Any]] = []
        self._responses = responses()
        self._ids = (str(number) for number in itertools.count(1001))
        specs = read_requests() | read_live_answers()
        done_here = operations(specs, billing, gateway)  # type: ignore[arg-type]
        self._specs = specs
        self._form = DetailsForm(specs, gateway, done_here)  # type: ignore[arg-type]
        self._carry_out = CarryOut(
            specs,
            gateway=gateway,
            operations=done_here,
            support=SupportRequests(gateway, specs),  # type: ignore[arg-type]
        )
        self._talk = Talk(shelf, specs, gateway)  # type: ignore[arg-type]

    @property
    def text(self) -> str:
        """All that was said to the last message."""
        return "\n".join(reply.text for reply in self.replies)

    @property
    def names(self) -> list[str]:
        """The responses that were said to the last message, in order."""
        return [reply.name for reply in self.replies]

    @property
    def buttons(self) -> tuple[str, ...]:
        """The buttons under the last reply."""
        return self.replies[-1].buttons

    @property
    def open(self) -> bool:
        """Whether the form waits for an answer."""
        return bool(self.slots.get("requested_slot"))

    async def say(
        self, text: str, intent: str | None = None, confidence: float = 0.95, message_id: str = "", also: str = ""
    ) -> str:
        """Takes one message through; the text of the replies. `intent` is what the component would understand (a request, or an article
        by its id), `also` what beside it.

        Without it: what a button under the last replies means, yes, no and cancel; else nothing that is sure.
        """
        if intent is None:
            intent = self._meant(text)
            confidence = {"out_of_scope": 0.3}.get(intent, 1.0 if "/" in intent else confidence)
        article = intent if "/" in intent else ""
        intent = "ask_article" if article else intent
        text, pin = mask_pin(text, asked=self.slots.get("requested_slot") == "pin")  # as the gateway does, before Rasa
        self.gateway.pin = pin or self.gateway.pin
        text, self.gateway.code = mask_codes(text, lambda _: self.slots.get("requested_slot") == "code")
        self.replies = []
        self._events.append(self._message(text, intent, confidence, message_id or next(self._ids), also, article))
        if not self.open and not (intent in self._specs and self._specs[intent].by_form):
            await self._aside(intent)
            if not self.open:
                await self._finish()
            return self.text
        if not await self._run(FORM, self._form.validate):
            await self._aside(intent)
            if intent in ("cancel", "talk_to_agent"):
                return self.text
            await self._run(FORM, self._form.validate)
        if not self.open:
            await self._finish()
        return self.text

    async def repeat(self) -> str:
        """The last action once more for the same message, as after a crash before its events were kept."""
        self.replies = []
        self.slots = dict(self._before)
        await self._finish()
        return self.text

    async def _finish(self) -> None:
        self._before = dict(self.slots)
        await self._run("action_carry_out", self._carry_out.carry_out)

    def _meant(self, text: str) -> str:
        offered = self.slots.get("choices") or []
        pressed = next((choice["outcome"].removeprefix("do/") for choice in offered if choice["title"] == text), None)
        return pressed or UNDERSTOOD.get(text.strip(" .!").lower(), "out_of_scope")

    def _message(
        self, text: str, intent: str, confidence: float, message_id: str, also: str, article: str
    ) -> dict[str, Any]:
        proved = self.gateway.proved
        meant = {"intent": {"name": intent, "confidence": confidence}, "understood": {"article": article}, "also": also}
        return {
            "event": "user",
            "text": text,
            "timestamp": self.at.timestamp(),
            "message_id": message_id,
            "parse_data": meant,
            "metadata": {
                "brand": self.gateway.brand,
                "channel": self.channel,
                "texts": self.texts,
                "identity": "verified" if proved else "none",
                "account_ending": proved[-4:] if proved else None,
            },
        }

    async def _aside(self, intent: str) -> None:
        name = ASIDE.get(intent, "action_converse")
        await self._run(name, getattr(self._talk, name.removeprefix("action_")))

    async def _run(self, name: str, step: Callable[[Turn], Any]) -> bool:
        """Runs one action and takes its events in; False where it leaves the message to the rules."""
        tracker = Tracker("conversation-1", dict(self.slots), {}, list(self._events), False, None, {}, None)
        dispatcher = CollectingDispatcher()
        events = await step(Turn.of(dispatcher, tracker, self._shelf))
        self.replies += [self._rendered(message) for message in dispatcher.messages]
        if any(event["event"] == "action_execution_rejected" for event in events):
            return False
        self._events.append({"event": "action", "name": name})
        self.slots |= {event["name"]: event["value"] for event in events if event["event"] == "slot"}
        if any(event["event"] == "followup" and event["name"] == FORM for event in events):
            await self._run(FORM, self._form.validate)
        return True

    def _rendered(self, message: dict[str, Any]) -> Said:
        """The reply in the conversation's language; a name or a value that is missing is an error, where Rasa would only log it."""
        name = message["response"]
        variants = [
            variant
            for variant in self._responses[name]
            if all(self.slots.get(test["name"]) == test["value"] for test in variant.get("condition", []))
        ]
        text = variants[0]["text"].format(**message)
        buttons = tuple(button["title"] for button in message["buttons"])
        more = message["custom"]
        return Said(name, text, buttons, more.get("act"), more.get("offers"))
