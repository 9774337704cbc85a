"""One turn as an action sees it: who says what, and how to answer. Keeps Rasa's dictionaries out of the actions."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.wording import WORDS, word
from entities import find
from knowledge import Brand, Shelf


@dataclasses.dataclass
class Turn:
    """`conversation` is the only thing that names the customer to other services; slots and metadata grant nothing."""

    dispatcher: CollectingDispatcher
    tracker: Tracker
    brand: Brand
    language: str
    channel: str
    texts: bool  # the brand writes text messages
    verified: bool
    reads_only: bool  # verified by a code to the very phone that the conversation goes by: enough to read
    account_ending: str
    text: str
    intent: str
    confidence: float
    understood: dict[str, Any]
    message_id: str
    at: datetime.datetime  # when the message came, in the brand's zone: what "yesterday" is counted from
    also: str = ""  # the outcome of a second request in the same message
    entities: list[dict[str, Any]] = dataclasses.field(default_factory=list)  # what the assistant found in the message
    offered: list[dict[str, str]] = dataclasses.field(default_factory=list)  # the choices said in this turn

    @classmethod
    def of(cls, dispatcher: CollectingDispatcher, tracker: Tracker, shelf: Shelf) -> Turn:
        """The turn of the latest message. Raises KeyError where no brand of that name is known."""
        event: dict[str, Any] = next((e for e in reversed(tracker.events) if e.get("event") == "user"), {})
        metadata = event.get("metadata") or {}
        parsed = event.get("parse_data") or {}
        brand = shelf.brands[metadata.get("brand") or next(iter(shelf.brands))]
        said_at = event.get("timestamp") or datetime.datetime.now(datetime.UTC).timestamp()
        return cls(
            dispatcher=dispatcher,
            tracker=tracker,
            brand=brand,
            language=tracker.get_slot("language") or "fr",
            channel=metadata.get("channel") or "shell",
            texts=bool(metadata.get("texts")),
            verified=metadata.get("identity") in ("verified", "reading"),
            reads_only=metadata.get("identity") == "reading",
            account_ending=metadata.get("account_ending") or "",
            text=event.get("text") or "",
            intent=(parsed.get("intent") or {}).get("name") or "",
            confidence=(parsed.get("intent") or {}).get("confidence") or 0.0,
            understood=parsed.get("understood") or {},
            also=parsed.get("also") or "",
            entities=[entity for entity in parsed.get("entities") or [] if entity.get("entity") != "language"],
            message_id=event.get("message_id") or "0",
            at=datetime.datetime.fromtimestamp(said_at, ZoneInfo(brand.hours["time_zone"])),
        )

    @property
    def conversation(self) -> str:
        """The id of the conversation."""
        return str(self.tracker.sender_id)

    def slot(self, name: str) -> Any:
        """The value of a slot."""
        return self.tracker.get_slot(name)

    def names_another_account(self) -> bool:
        """Whether a verified customer's message gives the number of another account than the one they proved."""
        if not (self.verified and self.account_ending):
            return False
        found = find(self.text, language=self.language, today=self.at.date(), brand=self.brand)
        number = next((entity.value for entity in found if entity.kind == "account"), None)
        return number is not None and not number.endswith(self.account_ending)

    @property
    def person(self) -> dict[str, str]:
        """A person as a choice that is offered: the way out where something is refused."""
        return {"title": word("talk_to_agent", self.language), "outcome": "do/talk_to_agent"}

    def done_in_this_turn(self) -> set[str]:
        """The names of the actions that already ran for this message."""
        names = set()
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                break
            if event.get("event") == "action":
                names.add(event["name"])
        return names

    def say(
        self,
        response: str,
        *,
        buttons: Sequence[str] = (),
        choices: Sequence[Any] = (),
        article: str | None = None,
        heading: str | None = None,
        done: Any = None,
        offers: str | None = None,
        **values: str,
    ) -> None:
        """Says a response of the domain, in the turn's language.

        `done` is what billing answered to the write that this tells of: where it changed something, its reference goes with the reply,
        as the desk's evidence that the matter is settled.

        `buttons` are titles that the customer may send back. `choices` (`{"title", "outcome"}`) are buttons too, and can be taken by
        their number where the action ends with `offered` as its choices. `offers` is the request that the page carries out by itself.
        """
        if self.channel == "sms" and response in WORDS["otherwise_by_text"]:
            response = f"{response}_sms"
        self.offered.extend(choices)
        titles = [*buttons, *(choice["title"] for choice in choices)]
        act = done["reference"] if done and done.get("changed", True) else None
        known = {"article": article, "title": heading, "act": act, "offers": offers}
        data = {key: value for key, value in known.items() if value}
        self.dispatcher.utter_message(
            response=response,
            buttons=[{"title": title, "payload": title} for title in titles],
            json_message=data,
            **values,
        )
