"""Runs open turns: those of one conversation one after the other, those of different conversations beside each other.

What was recorded here is started at once. Every few seconds the transcript is asked for what nobody is at: left by a stop, by a crash
(another gateway's too), or by a database that was away. So an acknowledged message is answered whatever happens in between.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from gateway import transcript
from gateway.database import Sessions
from gateway.models import Message
from gateway.turn_rows import Recorded

log = logging.getLogger(__name__)

LOOK_S = 2.0
WAITED_LOOK_S = 1.0  # how often it is asked whether what somebody waits for here was answered elsewhere, or just before
PAUSES_S = (1.0, 5.0, 20.0)  # after a turn that broke: a locked or restarting database; then each minute
LAST_PAUSE_S = 60.0
FEW = 100  # turns at a time of those that can wait: thousands would hold up whatever else is written
AT_ONCE = 500  # left turns that are taken up at one look

# Takes a conversation's next open turn, or the one that was just recorded and is known to be it; whether more are open.
Take = Callable[[str, Recorded | None], Awaitable[bool]]
Left = Callable[[int], Awaitable[list[str]]]  # at most so many conversations with open turns that nobody is at


class Turns:
    """`start` what is open, `wait` until it is closed."""

    def __init__(self, *, sessions: Sessions, take: Take, left: Left) -> None:
        self._sessions = sessions
        self._take = take
        self._left = left
        self._again: set[str] = set()
        self._runs: dict[str, asyncio.Task[None]] = {}
        self._waiting: dict[int, list[tuple[str, asyncio.Event]]] = {}  # by message, with its conversation
        self._few = asyncio.Semaphore(FEW)
        self._stopping = False

    def start(self, conversation: str, opened: Recorded | None = None, *, patient: bool = False) -> None:
        """Something may be open in a conversation. `patient`: it may wait until others like it are done.

        `opened`: the message that was just recorded, where the conversation is claimed and nothing before it is open.
        """
        if self._stopping:
            return
        self._again.add(conversation)
        if conversation not in self._runs:
            self._runs[conversation] = asyncio.create_task(self._run(conversation, opened, patient))

    def closed(self, message: int) -> None:
        """A message is answered: whoever waits for that goes on."""
        for _, waiter in self._waiting.get(message, ()):
            waiter.set()

    async def wait(self, message: Message, seconds: float) -> None:
        """Until the message is answered, here or elsewhere; no longer than so many seconds."""
        here = (message.conversation, asyncio.Event())
        self._waiting.setdefault(message.id, []).append(here)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while not here[1].is_set():
                        with contextlib.suppress(TimeoutError):
                            await asyncio.wait_for(here[1].wait(), WAITED_LOOK_S)
                        if not here[1].is_set():
                            await self.heard(message.conversation)
        finally:
            self._waiting[message.id].remove(here)
            if not self._waiting[message.id]:
                del self._waiting[message.id]

    async def heard(self, conversation: str) -> None:
        """Turns of a conversation may have been closed by another gateway."""
        wanted = [message for message, waiters in self._waiting.items() if waiters[0][0] == conversation]
        if not wanted:
            return
        async with self._sessions() as session:
            done = await session.scalars(
                select(Message.id).where(Message.id.in_(wanted), Message.state != transcript.RECEIVED)
            )
            for message in done:
                self.closed(message)

    async def run(self) -> None:
        """Runs until cancelled. A database that is away is looked at again."""
        while True:
            try:
                await self.take_up()
            except (SQLAlchemyError, OSError) as error:
                log.warning("open turns cannot be read: %s", type(error).__name__)
            await asyncio.sleep(LOOK_S)

    async def take_up(self) -> int:
        """Starts what nobody is at; in how many conversations."""
        if self._stopping:
            return 0
        left = [conversation for conversation in await self._left(AT_ONCE) if conversation not in self._runs]
        for conversation in left:
            self.start(conversation, patient=True)
        if left:
            log.info("taking up %d conversations with messages that were left unanswered", len(left))
        return len(left)

    async def drain(self, seconds: float) -> None:
        """Begins no turn any more, and waits for those under way; what does not end stays open in the transcript."""
        self._stopping = True
        self._again.clear()
        if tasks := list(self._runs.values()):
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, conversation: str, opened: Recorded | None, patient: bool) -> None:
        try:
            while conversation in self._again:
                async with self._few if patient else contextlib.nullcontext():
                    if self._stopping and patient:
                        return  # it had not begun
                    self._again.discard(conversation)
                    more = await self._one(conversation, opened)
                opened = None  # what comes next is looked up
                if more and not self._stopping:
                    self._again.add(conversation)
        finally:
            del self._runs[conversation]

    async def _one(self, conversation: str, opened: Recorded | None) -> bool:
        for pause in itertools.chain(PAUSES_S, itertools.repeat(LAST_PAUSE_S)):
            try:
                return await self._take(conversation, opened)
            except Exception:
                log.exception("a turn of %s was not finished; it stays open", conversation)
            opened = None
            await asyncio.sleep(pause)
        raise AssertionError("not reached: it is tried for ever")
