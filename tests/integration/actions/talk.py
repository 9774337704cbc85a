"""A conversation without Rasa: the real form and actions, with the rules of data/rules/forms.yml played by `Conversation.say`."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.billing_client import BillingClient
from actions.carry_out import CarryOut
from actions.conversation import Talk
from actions.details_form import DetailsForm
from actions.form_events import FORM
from actions.gateway_client import GatewayError, NotFound, NotVerified, Refused
from actions.operations import operations
from actions.requests import read_requests
from actions.support_requests import SupportRequests
from actions.turn import Turn
from gateway.redact import mask_codes, mask_pin
from knowledge import Shelf

ROOT = Path(__file__).resolve().parents[3]
SECRET = "c0ffee" * 8
CODE = "482193"
# 21:30 on March 5 in Toronto, already March 6 in UTC: a day taken in UTC fails the tests of days.
NOW = datetime.datetime(2026, 3, 6, 2, 30, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 3, 5)
# 16:00 in Toronto: when an open request is answered at the latest.
DUE = datetime.datetime(2026, 3, 6, 21, 0, tzinfo=datetime.UTC)
UNDERSTOOD = {"oui": "affirm", "yes": "affirm", "non": "deny", "no": "deny", "annuler": "cancel", "cancel": "cancel"}
ASIDE = {"ask_article": "action_answer"} | {name: f"action_{name}" for name in ("clarify", "cancel", "talk_to_agent")}


@functools.cache
def responses() -> dict[str, Any]:
    """All responses of the domain, by name."""
    found: dict[str, Any] = {}
    for path in sorted((ROOT / "domain").glob("*.yml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {}
    return found


@dataclasses.dataclass
class SmallGateway:
    """The gateway's internal port as the actions' client sees it: proofs by billing's own files, requests and the queue by list.

    `proved` is the account that the conversation proved; None ends the proof. `down` makes every call fail.
    """

    http: aiohttp.ClientSession
    url: str
    brand: str
    proved: str | None = None
    role: str = "holder"
    down: bool = False
    sent_to: str | None = None
    codes: int = 0
    opened: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    others: list[dict[str, Any]] = dataclasses.field(default_factory=list)  # opened in other conversations
    open: bool = True
    queued: str | None = None
    pin: str | None = None  # what the gateway took out of messages
    code: str | None = None

    def signed(self, scope: str, **claims: str) -> str:
        """A token as the gateway signs them."""
        claims |= {
            "iss": "gateway",
            "aud": "billing",
            "scope": scope,
            "brand": self.brand,
            "conversation": "conversation-1",
        }
        return jwt.encode({**claims, "exp": NOW + datetime.timedelta(seconds=60)}, SECRET, algorithm="HS256")

    def _reached(self) -> None:
        if self.down:
            raise GatewayError("the gateway is down")

    async def send_code(
        self, conversation: str, account: str, postal_code: str, language: str, channel: str = "sms", *, change=False
    ) -> bool:
        self._reached()
        self.codes += 1
        body = {"brand": self.brand, "account": account, "postal_code": postal_code}
        headers = {"Authorization": f"Bearer {self.signed('locate')}"}
        async with self.http.post(f"{self.url}/v1/locate", json=body, headers=headers) as response:
            self.sent_to = account if response.status == 200 else None
        return True

    async def check_code(self, conversation: str) -> bool:
        self._reached()
        right = bool(self.code == CODE and self.sent_to)
        self.proved = self.sent_to if right else self.proved
        return right

    async def billing_token(self, conversation: str, scope: str = "account", *, change: bool = False) -> str:
        self._reached()
        if scope != "account":
            return self.signed(scope)
        if self.proved is None:
            raise NotVerified(scope)
        return self.signed(scope, account=self.proved, role=self.role, level="verified")

    async def open_request(self, conversation: str, request: dict[str, Any]) -> dict[str, Any]:
        self._reached()
        kept = {**request, "number": f"R-{4821937 + len(self.opened)}", "state": "open", "created_at": NOW.isoformat()}
        self.opened.append({**kept, "due_at": DUE.isoformat(), "due_for": "answer", "due_zone": "America/Toronto"})
        return {**self.opened[-1], "new": True}

    async def list_requests(self, conversation: str, kind: str | None = None) -> list[dict[str, Any]]:
        self._reached()
        return [one for one in self.opened if kind is None or (one["kind"], one["state"]) == (kind, "open")]

    async def add_to_request(self, conversation: str, number: str, contact: str | None, text: str) -> dict[str, Any]:
        self._reached()
        for request in self.others:
            if request["number"] == number and contact is not None and request["contact"] == contact:
                break
        else:
            own = [one for one in self.opened if one["number"] == number]
            if not own:
                raise NotFound(number)
            request = own[0]
        if request["state"] == "closed":
            raise Refused(number)
        reopened = request["state"] == "solved"
        request.setdefault("added", []).append(text)
        request["state"] = "open"
        return {**request, "new": True, "reopened": reopened}

    async def request_status(self, conversation: str, number: str, contact: str) -> dict[str, Any]:
        self._reached()
        for request in (*self.opened, *self.others):
            if (request["number"], request["contact"]) == (number, contact):
                return {**request, "changed_at": request["created_at"]}
        raise NotFound(number)

    async def join_queue(self, conversation: str, *, premier: bool = False, only_open: bool = False) -> dict[str, Any]:
        self._reached()
        if queued := self.open or not only_open:
            self.queued = "premier" if premier else "queued"
        place = {"queued": queued, "place": 1, "already": False, "open": self.open}
        return place | {"opens_at": (NOW + datetime.timedelta(hours=10.5)).isoformat()}

    async def take_pin(self, conversation: str) -> str:
        self._reached()
        if self.pin is None:
            raise NotFound("pin")
        pin, self.pin = self.pin, None
        return pin


@dataclasses.dataclass(frozen=True)
class Said:
    """One reply: the name of its response, its text and titles of buttons as the customer reads them, the reference of an act."""

    name: str
    text: str
    buttons: tuple[str, ...]
    act: str | None


class Conversation:
    """One conversation. `slots` are Rasa's; `replies` are those to the last message."""

    def __init__(self, shelf: Shelf, gateway: SmallGateway, billing: BillingClient, language: str) -> None:
        self.gateway = gateway
        self.language = language
        self.slots: dict[str, Any] = {"language": language}
        self.replies: list[Said] = []
        self.at, self.channel = NOW, "web"
        self._shelf = shelf
        self._events: list[dict[str, Any]] = []
        self._responses = responses()
        self._ids = (str(number) for number in itertools.count(1001))
        specs = read_requests()
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
        """Takes one message through; the text of the replies. `intent` is what the component would understand, `also` what beside it.

        Without it: what a button under the last replies means, yes, no and cancel; else nothing that is sure.
        """
        if intent is None:
            intent = self._meant(text)
            confidence = confidence if intent != "out_of_scope" else 0.3
        text, pin = mask_pin(text, asked=self.slots.get("requested_slot") == "pin")  # as the gateway does, before Rasa
        self.gateway.pin = pin or self.gateway.pin
        text, self.gateway.code = mask_codes(text, lambda _: self.slots.get("requested_slot") == "code")
        self.replies = []
        self._events.append(self._message(text, intent, confidence, message_id or next(self._ids), also))
        if not self.open and not (intent in self._specs and self._specs[intent].by_form):
            await self._aside(intent)
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
        pressed = next((choice["outcome"][3:] for choice in offered if choice["title"] == text), None)
        return pressed or UNDERSTOOD.get(text.strip(" .!").lower(), "out_of_scope")

    def _message(self, text: str, intent: str, confidence: float, message_id: str, also: str) -> dict[str, Any]:
        proved = self.gateway.proved
        return {
            "event": "user",
            "text": text,
            "timestamp": self.at.timestamp(),
            "message_id": message_id,
            "parse_data": {"intent": {"name": intent, "confidence": confidence}, "understood": {}, "also": also},
            "metadata": {
                "brand": self.gateway.brand,
                "channel": self.channel,
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
        return Said(name, text, buttons, message["custom"].get("act"))
