"""Whether each part can serve: asked in the background, told by /readyz, and known to turns while the assistant starts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import select

from gateway.database import Sessions
from gateway.settings import Settings
from gateway.web import json_response


class Health:
    """Asks each part for its state, often while it starts, then every few seconds."""

    def __init__(
        self, parts: dict[str, Callable[[], Awaitable[bool]]], start_grace_s: float, registry: CollectorRegistry
    ) -> None:
        self._parts = parts
        self._grace_until = time.monotonic() + start_grace_s
        self._been_ready = False
        self.states = dict.fromkeys(parts, False)
        self._gauge = Gauge("part_ready", "1 where the part can serve", ["part"], registry=registry)

    def ready(self) -> bool:
        """Whether the assistant can be asked."""
        return self.states.get("assistant", False)

    def starting(self) -> bool:
        """Whether the assistant has not been ready yet, and may still become so by itself."""
        return not self._been_ready and time.monotonic() < self._grace_until

    async def until_ready(self) -> None:
        """Waits for an assistant that may still come; not for one that was there and is gone."""
        while self.starting() and not self.ready():
            await asyncio.sleep(0.2)

    def routes(self) -> list[web.RouteDef]:
        """The routes that tell the state."""
        return [
            web.get("/healthz", self.alive),
            web.get("/readyz", self.readiness),
        ]

    async def watch(self) -> None:
        """Runs until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(3.0 if all(self.states.values()) else 0.5)

    async def look(self) -> None:
        """Asks every part once."""
        answers = await asyncio.gather(*(ask() for ask in self._parts.values()), return_exceptions=True)
        for name, answer in zip(self._parts, answers, strict=True):
            self.states[name] = answer is True
            self._gauge.labels(name).set(answer is True)
        self._been_ready = self._been_ready or self.ready()

    async def alive(self, _: web.Request) -> web.Response:
        """GET /healthz: this process runs."""
        return json_response({"status": "alive"})

    async def readiness(self, _: web.Request) -> web.Response:
        """GET /readyz: each part's state; 503 until all can serve."""
        await self.look()
        whole = all(self.states.values())
        body = {
            "status": "ready" if whole else "not ready",
            "parts": {name: "ready" if state else "not ready" for name, state in self.states.items()},
        }
        return json_response(body, 200 if whole else 503)


def database_part(sessions: Sessions) -> Callable[[], Awaitable[bool]]:
    """The gateway's own database: whether it answers within two seconds."""

    async def ask() -> bool:
        async with asyncio.timeout(2), sessions() as session:
            return (await session.execute(select(1))).scalar() == 1

    return ask


def open_health(
    http: aiohttp.ClientSession,
    settings: Settings,
    sessions: Sessions,
    registry: CollectorRegistry,
    **parts: Callable[[], Awaitable[bool]],
) -> Health:
    """The health of the gateway's database, of the actions, and of `parts`."""
    own = {"database": database_part(sessions), "actions": http_part(http, f"{settings.actions_url}/readyz")}
    return Health({**own, **parts}, settings.start_grace_s, registry)


def http_part(http: aiohttp.ClientSession, url: str) -> Callable[[], Awaitable[bool]]:
    """A part that answers 200 at an address when it can serve."""

    async def ask() -> bool:
        try:
            async with http.get(url, timeout=aiohttp.ClientTimeout(total=2)) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    return ask
