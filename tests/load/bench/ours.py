"""This program: the four processes as `make run` starts them, asked as the widget asks, over the gateway's socket."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import socketio

from tests.stack import Stack

ANSWER_S = 20
# Questions that articles answer, in both languages, as customers write them.
ASKED = (
    "combien d'utilisateurs peut-on avoir?",
    "how long do you keep call details in PIE?",
    "est-ce que je peux payer ma facture en ligne?",
    "what is the administrator of the e-service?",
    "quand le paiement automatique est-il prélevé?",
    "can I get the paper bill and the e-bill both?",
)
ACCOUNT = ("1002003001", "H2X 1Y4", "+15145550101", "quel est mon solde?")


class Ours:
    """The whole program, on ports and in a folder of its own."""

    name = "this program"

    def __init__(self, root: Path, folder: Path) -> None:
        self._root = root
        self._folder = folder
        self._round = 0
        self.stack: Stack | None = None

    async def start(self, **settings: str) -> float:
        """Starts all processes on fresh databases, with settings beside the usual ones.

        The seconds from the first command, migrations included, to the first answer.
        """
        self._round += 1
        folder = self._folder / f"ours-{self._round}"
        folder.mkdir()
        self.stack = Stack(self._root, folder)
        self.stack.env |= settings
        started = time.monotonic()
        await asyncio.to_thread(self.stack.start)
        talk = await self.talk()
        await talk.turn()
        taken = time.monotonic() - started
        await talk.close()
        return taken

    def stop(self) -> None:
        """Ends the processes."""
        if self.stack:
            self.stack.stop()

    def roots(self) -> list[int]:
        """The processes that memory is counted of: all four."""
        return [process.pid for process in self.stack.processes.values()] if self.stack else []

    async def talk(self) -> Talk:
        """A new conversation on a socket of its own."""
        assert self.stack
        talk = Talk(self.stack)
        await talk.open()
        return talk

    async def verified(self) -> Talk:
        """A conversation whose customer has proved who they are, and whose next turns ask for the balance."""
        assert self.stack
        account, postal_code, phone, question = ACCOUNT
        talk = await self.talk()
        seen = len(self.stack.texts())
        for text in (question, account, postal_code):
            await talk.say(text)
        await talk.say(await asyncio.to_thread(self.stack.code_for, phone, seen))
        talk.asked = (question,)
        return talk


class Talk:
    """One customer in the widget: a socket, what is said, and the moment each answer came."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._client = socketio.AsyncClient(reconnection=False)
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._count = 0
        self.asked: tuple[str, ...] = ASKED
        self._client.on("bot_uttered", self._heard.put_nowait)

    async def open(self) -> None:
        """Connects and begins a conversation."""
        await self._client.connect(self._stack.url, transports=["websocket"])
        await self._client.call("session_request", {"brand": "primus"}, timeout=ANSWER_S)

    async def turn(self) -> float:
        """Asks the next question; the seconds until its answer was heard."""
        text = self.asked[self._count % len(self.asked)]
        self._count += 1
        return await self.say(text)

    async def say(self, text: str) -> float:
        """The seconds from the message to its first reply. Raises TimeoutError where none comes."""
        while not self._heard.empty():
            self._heard.get_nowait()
        started = time.perf_counter()
        await self._client.emit("user_uttered", {"message": text})
        async with asyncio.timeout(ANSWER_S):
            await self._heard.get()
        return time.perf_counter() - started

    async def close(self) -> None:
        """Leaves the page."""
        await self._client.disconnect()
