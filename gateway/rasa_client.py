"""Asks an assistant (Rasa, on loopback) for one turn, under a time limit. An empty answer is an error."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import zlib
from array import array
from collections.abc import Sequence
from typing import Any

import aiohttp

from gateway.message import Reply

log = logging.getLogger(__name__)

AVOIDED_S = 5.0  # an assistant that failed is asked after the others for so long
ERASE_S, ERASED_AT_ONCE = 30.0, 500
UNDERSTAND_S = 1.0  # an agent who pastes a text waits this long for its articles, and has the rest without them


class AssistantError(Exception):
    """No usable answer: not reachable, too slow, an error, or silence."""


@dataclasses.dataclass(frozen=True)
class Turn:
    """The assistant's answer to one message."""

    replies: list[Reply]
    understood: dict[str, Any] | None


class Away(AssistantError):
    """It did not take the turn, or was gone before it answered: another assistant may be asked, under the same message id."""


class RasaClient:
    """One pooled HTTP session to the assistants, of which each conversation has its own: what it remembers is in that one's memory."""

    def __init__(self, http: aiohttp.ClientSession, urls: str, secret: str) -> None:
        """`urls`: the assistants' addresses, with commas."""
        self._http = http
        self._urls = tuple(url.strip() for url in urls.split(","))
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._failed_at: dict[str, float] = {}

    @property
    def count(self) -> int:
        """How many assistants there are."""
        return len(self._urls)

    async def turn(
        self, conversation: str, text: str, message_id: str, metadata: dict[str, Any], seconds: float
    ) -> Turn:
        """What the assistant says to `text` within so many seconds. Raises AssistantError."""
        body = {"conversation": conversation, "text": text, "message_id": message_id, "metadata": metadata}
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        away: AssistantError = AssistantError("there is none")
        for url in self._in_order(conversation):
            try:
                turn = await self._turn_at(url, body, until - loop.time())
                self._failed_at.pop(url, None)
                return turn
            except Away as error:
                log.warning("the assistant at %s is away: %s", url, error)
                self._failed_at[url] = loop.time()
                away = error
        raise away

    def _in_order(self, conversation: str) -> list[str]:
        """The conversation's own assistant first, the others after it, and those that just failed last."""
        own = zlib.crc32(conversation.encode()) % len(self._urls)
        urls = self._urls[own:] + self._urls[:own]
        lately = asyncio.get_running_loop().time() - AVOIDED_S
        return sorted(urls, key=lambda url: self._failed_at.get(url, lately) > lately)

    async def _turn_at(self, url: str, body: dict[str, Any], seconds: float) -> Turn:
        try:
            async with self._http.post(
                f"{url}/webhooks/gateway/turn",
                json=body,
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=max(seconds, 0.001)),
            ) as response:
                if response.status != 200:
                    raise AssistantError(f"status {response.status}")
                answer = await response.json()
        except asyncio.TimeoutError as error:
            self._failed_at[url] = asyncio.get_running_loop().time()
            raise AssistantError("no answer in time") from error
        except aiohttp.ClientConnectionError as error:
            raise Away(f"{type(error).__name__}: {error}") from error
        except (aiohttp.ClientError, ValueError) as error:
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

    async def understand(self, texts: Sequence[str], brand: str) -> list[dict[str, Any]] | None:
        """What each text is about for a brand: `outcome`, `confidence`, `unsure` and `candidates`, pairs of id and confidence.

        None where there is no usable answer in time.
        """
        try:
            async with self._http.post(
                f"{self._in_order(brand)[0]}/webhooks/gateway/understand",
                json={"text": list(texts), "brand": brand},
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=UNDERSTAND_S),
            ) as response:
                if response.status != 200:
                    raise AssistantError(f"status {response.status}")
                found = (await response.json())["texts"]
            return [
                {
                    "outcome": str(one["outcome"]),
                    "confidence": float(one["confidence"]),
                    "unsure": bool(one["unsure"]),
                    "candidates": [(str(c["id"]), float(c["confidence"])) for c in one["candidates"]],
                }
                for one in found
            ]
        except (aiohttp.ClientError, asyncio.TimeoutError, AssistantError, KeyError, TypeError, ValueError) as error:
            log.warning("texts were not understood: %s: %s", type(error).__name__, error)
            return None

    async def meanings(self, texts: Sequence[str]) -> list[bytes] | None:
        """What up to 16 texts mean, as vectors of signed bytes: like texts have like directions. None where there is no usable answer."""
        try:
            async with self._http.post(
                f"{self._in_order('')[0]}/webhooks/gateway/meanings",
                json={"text": list(texts)},
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=UNDERSTAND_S),
            ) as response:
                if response.status != 200:
                    raise AssistantError(f"status {response.status}")
                vectors = [array("b", vector).tobytes() for vector in (await response.json())["vectors"]]
            if len(vectors) != len(texts):
                raise AssistantError("not a vector for each text")
            return vectors
        except (
            aiohttp.ClientError, asyncio.TimeoutError, AssistantError, KeyError, TypeError, ValueError, OverflowError,
        ) as error:  # fmt: skip
            log.warning("texts were not compared: %s: %s", type(error).__name__, error)
            return None

    async def erase(self, conversations: Sequence[str]) -> int:
        """Has the assistant forget conversations for good; how many it knew. Raises AssistantError."""
        known = 0
        for first in range(0, len(conversations), ERASED_AT_ONCE):
            try:
                async with self._http.post(
                    f"{self._in_order('')[0]}/webhooks/gateway/erase",
                    json={"conversations": list(conversations[first : first + ERASED_AT_ONCE])},
                    headers=self._headers,
                    timeout=aiohttp.ClientTimeout(total=ERASE_S),
                ) as response:
                    if response.status != 200:
                        raise AssistantError(f"status {response.status}")
                    known += int((await response.json())["erased"])
            except (aiohttp.ClientError, asyncio.TimeoutError, KeyError, TypeError, ValueError) as error:
                raise AssistantError(f"{type(error).__name__}: {error}") from error
        return known

    async def ready(self) -> bool:
        """Whether an assistant has loaded its model and listens."""
        return any(await asyncio.gather(*(self._ready(url) for url in self._urls)))

    async def _ready(self, url: str) -> bool:
        try:
            timeout = aiohttp.ClientTimeout(total=2)
            async with self._http.get(f"{url}/webhooks/gateway/", timeout=timeout) as response:
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
        act=reply.get("act"),
        offers=reply.get("offers"),
    )
