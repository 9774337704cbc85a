"""The stream of events that keeps the pages up to date (server-sent events)."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import AsyncIterator

from aiohttp import web

from desk.agent_models import Agent
from desk.console.web import COOKIE, HEADERS, Refusal, language_of, office, signed
from desk.console.words import Words
from desk.feed import Event

BEAT_S = 15.0  # a line that says nothing, so that proxies keep the connection
AGAIN_MS = 2000


class LivePages:
    """The handlers."""

    def routes(self) -> list[web.RouteDef]:
        """The routes of what comes by itself."""
        return [web.get("/feed", self.feed), web.get("/conversations/{id}/typing/{agent}", self.typist)]

    async def feed(self, request: web.Request) -> web.StreamResponse:
        """Events from now on, or after `Last-Event-ID`; ends with the session."""
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        response.headers["X-Accel-Buffering"] = "no"
        await response.prepare(request)
        await response.write(f"retry: {AGAIN_MS}\n\n".encode())
        brands = signed(request).agent.brands
        try:
            async for events in self._events(request):
                lines = [line_of(event) for event in events if not brands or event.brand in brands]
                if lines or not events:
                    await response.write(b"".join(lines) or b": beat\n\n")
        except ConnectionResetError:
            pass  # the page was closed
        return response

    async def _events(self, request: web.Request) -> AsyncIterator[list[Event]]:
        """What happened at about the same time; nothing where nothing did for a while."""
        here = office(request)
        last = request.headers.get("Last-Event-ID", "")
        with here.feed.listen() as queue:
            told: set[int] = set()
            if last.isdecimal() and len(last) <= 15:
                missed = await here.feed.since(int(last))
                told = {event.id for event in missed}
                if missed:
                    yield missed
            looked = asyncio.get_running_loop().time()
            while True:
                try:
                    events = [await asyncio.wait_for(queue.get(), BEAT_S)]
                    while not queue.empty():
                        events.append(queue.get_nowait())
                except TimeoutError:
                    yield []
                else:
                    new = [event for event in events if event is not None and event.id not in told]
                    if new:
                        yield new
                    if None in events:
                        return
                if asyncio.get_running_loop().time() - looked > BEAT_S:
                    looked = asyncio.get_running_loop().time()
                    if await here.doors.who(request.cookies.get(COOKIE), touch=False) is None:
                        return

    async def typist(self, request: web.Request) -> web.Response:
        """Who writes an answer, in words."""
        number = request.match_info["agent"]
        if not number.isdecimal() or len(number) > 9:
            raise Refusal("not_found", 404)
        async with office(request).sessions() as session:
            agent = await session.get(Agent, int(number))
        if agent is None:
            raise Refusal("not_found", 404)
        return web.Response(text=Words(language_of(request))("typing", name=agent.name))


@functools.lru_cache(1024)
def line_of(event: Event) -> bytes:
    """An event as it goes to every page: made once for all of them."""
    data = json.dumps({"kind": event.kind, "subject": event.subject, "brand": event.brand})
    return f"id: {event.id}\nevent: desk\ndata: {data}\n\n".encode()
