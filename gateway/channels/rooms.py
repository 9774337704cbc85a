"""Who has a conversation open on this gateway, and which line of it they heard last: each line once, in order, whoever wrote it.

Lines that were recorded here come at once, those of other gateways when the transcript is looked at. Where a line comes before another one
that is not known here yet, the transcript is asked for what lies between.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Iterable

from sqlalchemy import select

from gateway import transcript
from gateway.database import Sessions
from gateway.models import Conversation, Message

# To all who have the conversation open here, with the token that it has now.
Send = Callable[[Conversation, Message], Awaitable[None]]

AT_A_TIME = 500  # conversations in one question


@dataclasses.dataclass
class Room:
    """Those who listen to a conversation, by their socket; `last`: the sequence number that they have heard."""

    last: int
    sockets: set[str] = dataclasses.field(default_factory=set)
    lock: asyncio.Lock = dataclasses.field(default_factory=asyncio.Lock)


class Rooms:
    """`enter` before the past is read, so that nothing falls between."""

    def __init__(self, sessions: Sessions, send: Send) -> None:
        self._sessions = sessions
        self._send = send
        self._rooms: dict[str, Room] = {}
        self._where: dict[str, str] = {}  # the conversation of each socket

    def enter(self, socket: str, conversation: Conversation) -> None:
        """A socket hears what comes after the conversation as it was read."""
        room = self._rooms.setdefault(conversation.id, Room(conversation.last_sequence))
        room.sockets.add(socket)
        self._where[socket] = conversation.id

    def leave(self, socket: str) -> None:
        """A socket hears no more of its conversation."""
        conversation = self._where.pop(socket, "")
        if room := self._rooms.get(conversation):
            room.sockets.discard(socket)
            if not room.sockets:
                del self._rooms[conversation]

    async def tell(self, conversation: Conversation, lines: Iterable[Message]) -> None:
        """Sends lines on that were recorded here."""
        room = self._rooms.get(conversation.id)
        if room is None:
            return
        async with room.lock:
            for line in lines:
                if line.sequence > room.last + 1:
                    await self._read(room, conversation.id)
                if line.sequence > room.last:
                    await self._pass_on(room, conversation, line)

    async def heard(self, conversation: str) -> None:
        """There may be lines of another gateway."""
        if room := self._rooms.get(conversation):
            async with room.lock:
                await self._read(room, conversation)

    async def look(self) -> None:
        """Sends on whatever another gateway has recorded."""
        ids = list(self._rooms)
        for start in range(0, len(ids), AT_A_TIME):
            async with self._sessions.glance() as session:
                asked = select(Conversation.id, Conversation.last_sequence)
                found = list(await session.execute(asked.where(Conversation.id.in_(ids[start : start + AT_A_TIME]))))
            for conversation, last in found:
                if (room := self._rooms.get(conversation)) and last > room.last:
                    await self.heard(conversation)

    async def _read(self, room: Room, conversation: str) -> None:
        while True:
            async with self._sessions.glance() as session:
                lines = await transcript.lines_after(session, conversation, room.last)
                talk = await session.get_one(Conversation, conversation)
            for line in lines:
                await self._pass_on(room, talk, line)
            if len(lines) < transcript.LINES_AT_ONCE:
                return

    async def _pass_on(self, room: Room, conversation: Conversation, line: Message) -> None:
        room.last = line.sequence
        await self._send(conversation, line)
