"""What came of a turn: for the transcript, and for the channel that waits."""

from __future__ import annotations

import dataclasses
from typing import Any

from gateway.message import Reply
from gateway.models import Message
from gateway.transcript import ANSWERED


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a channel hands back: the turn's outcome. `pending` where the answer will come later (the assistant starts).

    `token`: the conversation's new one, where this message proved who its customer is.
    """

    conversation: str
    language: str
    handled_by: str
    understood: dict[str, Any] | None
    lines: list[Message]
    pending: bool = False
    token: str | None = None


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a turn came to."""

    language: str
    replies: list[Reply]
    understood: dict[str, Any] | None = None
    state: str = ANSWERED
