"""Tells the other gateways which conversation has new lines, by Redis: its id, never what was said. The lines stand in the database.

Nothing depends on a wake: each gateway looks by itself, every second where Redis is not set or away, less often where it is there. So
Redis may stop at any time, and its memory needs no backup.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import redis.asyncio
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

CHANNEL = "support-assistant:lines"
LOOK_S, LOOK_WITH_REDIS_S = 1.0, 5.0
AGAIN_S = 1.0
MOST_WAITING = 10_000  # conversations to tell of while Redis is away; beyond that the others' looks find them

Heard = Callable[[str], Awaitable[None]]  # one conversation may have new lines, whoever wrote them
Look = Callable[[], Awaitable[None]]  # any may


class Wakes(Protocol):
    """`tell` after a commit."""

    def tell(self, conversation: str) -> None: ...

    async def run(self) -> None: ...


class NoWakes:
    """There is no other gateway."""

    def tell(self, conversation: str) -> None:
        """Nobody to tell."""

    async def run(self) -> None:
        """Nothing to hear."""


class SharedWakes:
    """Among several gateways. Without a server everybody looks for themselves."""

    def __init__(self, server: redis.asyncio.Redis | None, name: str, heard: Sequence[Heard], look: Look) -> None:
        self._redis = server
        self._name = name
        self._heard = heard
        self._look = look
        self._out: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self.connected = False

    def tell(self, conversation: str) -> None:
        """The other gateways are told soon; never waits, never fails."""
        if self._redis is not None and self.connected:
            with contextlib.suppress(asyncio.QueueFull):
                self._out.put_nowait(conversation)

    async def run(self) -> None:
        """Runs until cancelled."""
        if self._redis is None:
            await self._look_again_and_again()
            return
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look_again_and_again())
            tasks.create_task(self._hear(self._redis))
            tasks.create_task(self._publish(self._redis))

    async def _look_again_and_again(self) -> None:
        while True:
            try:
                await self._look()
            except Exception as error:  # a database that is away is looked at again
                log.warning("new lines cannot be read: %s", type(error).__name__)
            await asyncio.sleep(LOOK_WITH_REDIS_S if self.connected else LOOK_S)

    async def _hear(self, server: redis.asyncio.Redis) -> None:
        while True:
            try:
                async with server.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(CHANNEL)
                    if not self.connected:
                        log.info("new lines are heard by Redis")
                    self.connected = True
                    while True:
                        # A ping each time that nothing came: a server that hangs is noticed, not waited for.
                        message = await channel.get_message(timeout=AGAIN_S)
                        if message is not None:
                            await self._take(message["data"].decode())
                        else:
                            await asyncio.wait_for(server.ping(), AGAIN_S)
            except (RedisError, OSError, TimeoutError) as error:
                if self.connected:
                    log.warning("Redis is away (%s): new lines are looked for instead", type(error).__name__)
                self.connected = False
            await asyncio.sleep(AGAIN_S)

    async def _take(self, message: str) -> None:
        sender, _, conversation = message.partition(" ")
        if sender == self._name:
            return
        try:
            for heard in self._heard:
                await heard(conversation)
        except Exception as error:
            log.warning("new lines of %s cannot be read: %s", conversation, type(error).__name__)

    async def _publish(self, server: redis.asyncio.Redis) -> None:
        while True:
            conversations = {await self._out.get()}
            while not self._out.empty():
                conversations.add(self._out.get_nowait())
            try:
                async with server.pipeline(transaction=False) as pipe:
                    for conversation in conversations:
                        pipe.publish(CHANNEL, f"{self._name} {conversation}")
                    await asyncio.wait_for(pipe.execute(), AGAIN_S)
            except (RedisError, OSError, TimeoutError):
                await asyncio.sleep(AGAIN_S)  # `_hear` says that it is away; what is dropped is looked for


def connect(url: str) -> redis.asyncio.Redis:
    """A client that gives up after a second: whoever asks has another way."""
    return redis.asyncio.Redis.from_url(url, socket_timeout=AGAIN_S * 2, socket_connect_timeout=AGAIN_S, retry=None)
