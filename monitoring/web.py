"""For the processes that serve with aiohttp: each request has its id, its figures, its log line and its span."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import Awaitable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.typedefs import Handler, Middleware

from monitoring import request_id, traces
from monitoring.figures import CONTENT_TYPE, LOCAL, Figures

Network = IPv4Network | IPv6Network
SWITCHED = 101  # a WebSocket: it lasts as long as its page is open, which says nothing
_ID = web.RequestKey("request_id", str)
_QUIET = ("/healthz", "/readyz", "/metrics")  # asked every few seconds: they would drown the rest


def route_of(request: web.BaseRequest) -> str:
    """The pattern of the request's route, without what stands in its places; "unknown" where there is none."""
    if not isinstance(request, web.Request):
        return "unknown"
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"


def observe(figures: Figures, *, outside: bool = False) -> Middleware:
    """The outermost middleware: what it hears is the answer that goes out. `outside`: strangers call, who have no say in our traces."""

    @web.middleware
    async def observed(request: web.Request, handler: Handler) -> web.StreamResponse:
        found = request[_ID] = request_id.begin_from(request.headers)
        began, status, route = time.perf_counter(), 500, route_of(request)
        with traces.served(f"{request.method} {route}", {} if outside else request.headers) as span:
            try:
                response = await handler(request)
                status = response.status
                if not response.prepared:
                    response.headers.setdefault(request_id.HEADER, found)
                return response
            except web.HTTPException as error:
                status = error.status
                error.headers.setdefault(request_id.HEADER, found)
                raise
            finally:
                traces.note(span, "http.response.status_code", status)
                if status != SWITCHED:
                    figures.request(request.method, route, status, time.perf_counter() - began)

    return observed


class AccessLines(AbstractAccessLogger):
    """A line for each request but those for the state: method, route, status, milliseconds. No path, query or address stands in it."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        route = route_of(request)
        if route in _QUIET:
            return
        fields = {"method": request.method, "route": route, "status": response.status, "ms": round(time * 1000, 1)}
        self.logger.info(
            "%s %s %s %s ms",
            *fields.values(),
            extra={"request": request.get(_ID, "") if isinstance(request, web.Request) else "", "fields": fields},
        )

    @property
    def enabled(self) -> bool:
        return self.logger.isEnabledFor(logging.INFO)


def serve(
    app: web.Application | Awaitable[web.Application], *, host: str, port: int, lines: bool, **options: Any
) -> None:
    """Serves until it is told to stop; a log line for each request where `lines` (see `monitoring.logs.set_up`)."""
    # What is imported stays: each look at all of it by the garbage collector would stop every answer for 80 ms.
    gc.collect()
    gc.freeze()
    web.run_app(
        app,
        host=host,
        port=port,
        access_log=logging.getLogger("aiohttp.access") if lines else None,
        access_log_class=AccessLines,
        print=None,
        loop=_loop(),
        **options,
    )


def _loop() -> asyncio.AbstractEventLoop:
    """libuv's where it runs: each statement of a database waits for its socket, which asyncio's own takes several times as long to tell."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def metrics_route(figures: Figures, allowed: Sequence[Network] = ()) -> web.RouteDef:
    """`GET /metrics`, for programs on this machine and for the networks in `allowed`; 404 for others."""

    async def metrics(request: web.Request) -> web.Response:
        remote = request.remote or ""
        if remote not in LOCAL and not (remote and any(ip_address(remote) in network for network in allowed)):
            raise web.HTTPNotFound
        return web.Response(body=figures.text(), headers={"Content-Type": CONTENT_TYPE})

    return web.get("/metrics", metrics)
