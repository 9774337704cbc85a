"""Asks the assistant (Rasa, on loopback) for one turn, under a time limit. An empty answer is an error."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import aiohttp

from gateway.message import Reply


class AssistantError(Exception):
    """No usable answer: not reachable, too slow, an error, or silence."""


@dataclasses.dataclass(frozen=True)
class Turn:
    """The assistant's answer to one message."""

    replies: list[Reply]
    understood: dict[str, Any] | None


class RasaClient:
    """One pooled HTTP session to the assistant."""

    def __init__(self, http: aiohttp.ClientSession, url: str, secret: str, turn_s: float) -> None:
        self._http = http
        self._url = url
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._turn_s = turn_s

    async def turn(self, conversation: str, text: str, message_id: str, metadata: dict[str, Any]) -> Turn:
        """What the assistant says to `text`. Raises AssistantError."""
        body = {"conversation": conversation, "text": text, "message_id": message_id, "metadata": metadata}
        try:
            async with self._http.post(
                f"{self._url}/webhooks/gateway/turn",
                json=body,
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=self._turn_s),
            ) as response:
                if response.status != 200:
                    raise AssistantError(f"status {response.status}")
                answer = await response.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise AssistantError(f"{type(error).__name__}: {error}") from error
        try:
            replies = [_reply(reply) for reply in answer["replies"] if reply["text"] or reply["attachments"]]
            understood = answer.get("understood")
        except (AttributeError, KeyError, TypeError) as error:
            raise AssistantError(f"an answer of another shape: {error!r}") from error
        if not replies:
            # A failed action is silence in Rasa, with a 200.
            raise AssistantError("an empty answer")
        replies[-1] = dataclasses.replace(replies[-1], asks=str(answer.get("asks") or ""))
        return Turn(replies, understood)

    async def ready(self) -> bool:
        """Whether the assistant has loaded its model and listens."""
        try:
            timeout = aiohttp.ClientTimeout(total=2)
            async with self._http.get(f"{self._url}/webhooks/gateway/", timeout=timeout) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False


def _reply(reply: dict[str, Any]) -> Reply:
    if not isinstance(reply["text"], str):
        raise TypeError("a reply's text is no text")
    return Reply(
        text=reply["text"],
        article=reply["article"],
        title=reply["title"],
        buttons=tuple({"title": b["title"], "reply": b.get("payload") or b["title"]} for b in reply["buttons"]),
        attachments=tuple(reply["attachments"]),
    )
