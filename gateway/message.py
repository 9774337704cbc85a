"""What crosses the seam between a channel and a conversation. Everything else on either side may change."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any


@dataclasses.dataclass(frozen=True)
class Incoming:
    """A customer's message as its channel verified it. `message_id` is the client's or provider's: a repeat is one message.

    `channel`: by which it came, as one conversation may go by several; answers go where its customer wrote last. "": by its own.
    """

    conversation: str
    text: str
    message_id: str
    at: datetime.datetime
    channel: str = ""
    # The session that it was sent in, by the hash of its token, where that may be over by now.
    held: str | None = None


class SessionOver(Exception):
    """The session that a message was sent in is over: nothing is kept of the message."""


@dataclasses.dataclass(frozen=True)
class IncomingText:
    """A text message as its provider handed it over, verified. `id`: the provider's, with its name, so that a repeat is known.

    `number` is ours, `customer` theirs, both as the provider writes them. `service`: the messaging service, `media` how many pictures came
    along, `answered`: the provider has answered this keyword itself ("stop", "start", "help").
    """

    id: str
    number: str
    customer: str
    text: str
    service: str = ""
    media: int = 0
    answered: str = ""


@dataclasses.dataclass(frozen=True)
class Reply:
    """What is said to the customer. `buttons` are `{"title", "reply"}`, `attachments` `{"title", "url", "type"}`.

    `asks` is the field that the assistant's turn ended by asking for, "" for none; None where it was not the assistant that spoke.
    `act` is the reference of the change in the backend that it tells of. `offers` is the request that the page itself carries out, as
    `continue_by_text`: it shows a button for it.
    """

    text: str
    article: str | None = None
    title: str | None = None
    buttons: tuple[dict[str, str], ...] = ()
    attachments: tuple[dict[str, str], ...] = ()
    asks: str | None = None
    act: str | None = None
    offers: str | None = None

    def as_payload(self) -> dict[str, Any]:
        """The parts beside the text, as they are stored."""
        known = {"asks": self.asks, "act": self.act, "offers": self.offers}
        return {
            "article": self.article,
            "title": self.title,
            "buttons": list(self.buttons),
            "attachments": list(self.attachments),
        } | {name: value for name, value in known.items() if value is not None}
