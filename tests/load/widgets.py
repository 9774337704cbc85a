"""Many widgets in one process: the few frames of socket.io that they need, over plain WebSockets, as cheaply as may be."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

ANSWER_S = 10.0  # as long as the real widget waits


@dataclasses.dataclass
class Said:
    """A message on its way: when it was sent, acknowledged and answered, with how many replies."""

    text: str
    sent: float
    acknowledged: float | None = None
    told: float | None = None
    sequence: int | None = None
    refused: str | None = None
    retry_after: int | None = None


class Widget:
    """One page. `replies`: the texts of `bot_uttered` in the order in which they came, with their numbers and moments."""

    def __init__(self, http: aiohttp.ClientSession, url: str, *, brand: str = "primus", language: str = "fr") -> None:
        self._http = http
        self.url = url
        self._brand, self._language = brand, language
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        self.session: str | None = None
        self.replies: list[tuple[int, str, float]] = []
        self.said: list[Said] = []
        self.on_reply: Callable[[int, str], Awaitable[None]] | None = None

    async def open(self) -> None:
        """Connects and takes its conversation up, or begins one."""
        address = f"{self.url}/socket.io/?EIO=4&transport=websocket"
        self._socket = await self._http.ws_connect(address, headers={"Origin": self.url}, max_msg_size=0)
        try:
            await self._socket.receive_str()
            await self._socket.send_str("40")
            await self._socket.receive_str()
        except TypeError as error:  # the server closed it meanwhile
            raise ConnectionError(str(error)) from error
        self._reader = asyncio.create_task(self._read(self._socket))
        last = max((number for number, _, _ in self.replies), default=0)
        asked = {"brand": self._brand, "language": self._language, "session_id": self.session, "after": last}
        answer = await self._call("session_request", asked)
        if "session_id" not in answer:
            raise ConnectionError(str(answer))
        self.session = answer["session_id"]
        for line in answer["lines"]:
            self._hear(line)

    async def say(self, text: str, message_id: str) -> Said:
        """Sends a message once; what came of it. Raises ConnectionError or TimeoutError where nothing came."""
        said = Said(text, time.monotonic())
        self.said.append(said)
        answer = await self._call("user_uttered", {"message": text, "message_id": message_id})
        said.told = time.monotonic()
        if "sequence" in answer:
            said.acknowledged, said.sequence = time.monotonic(), answer["sequence"]
        else:
            said.refused, said.retry_after = answer.get("error", "?"), answer.get("retry_after")
        return said

    async def insist(self, text: str, message_id: str, seconds: float = 120.0) -> Said:
        """Sends a message until it is acknowledged, as the real widget does: again under the same id, on a new socket where need be."""
        until = time.monotonic() + seconds
        while True:
            pause = 0.5
            try:
                if self._socket is None or self._socket.closed:
                    await self.open()
                said = await self.say(text, message_id)
                if said.sequence is not None:
                    return said
                pause = float(said.retry_after or 1)
            except (OSError, TimeoutError, aiohttp.ClientError, ConnectionError):
                await self.close()
            if time.monotonic() > until:
                raise TimeoutError(f"{text} was never acknowledged")
            await asyncio.sleep(pause)

    async def close(self) -> None:
        """Leaves; what was heard stays."""
        if self._reader:
            self._reader.cancel()
        if self._socket:
            await self._socket.close()
        self._socket = None

    async def _call(self, event: str, data: Any) -> dict[str, Any]:
        if self._socket is None:
            raise ConnectionError("not connected")
        self._number += 1
        number = self._number
        self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send_str(f"42{number}{json.dumps([event, data], ensure_ascii=False)}")
            async with asyncio.timeout(ANSWER_S):
                return dict(await self._waiting[number])
        finally:
            self._waiting.pop(number, None)

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            frame = message.data
            if frame == "2":
                await socket.send_str("3")
            elif frame.startswith("43"):
                number, _, rest = frame[2:].partition("[")
                waiting = self._waiting.get(int(number))
                if waiting and not waiting.done():
                    waiting.set_result(json.loads(f"[{rest}")[0])
            elif frame.startswith('42["bot_uttered"'):
                self._hear(json.loads(frame[2:])[1])
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the connection broke"))

    def _hear(self, line: dict[str, Any]) -> None:
        if line["author"] == "customer" or any(number == line["sequence"] for number, _, _ in self.replies):
            return
        self.replies.append((line["sequence"], line["text"], time.monotonic()))


def percentile(values: list[float], of_hundred: float) -> float:
    """The value below which so many of a hundred lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * of_hundred / 100))] if ordered else float("nan")
