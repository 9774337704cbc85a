"""What comes over a socket that no page sends ends the connection and leaves one short line, no traceback that a stranger can repeat.

python-socketio raises out of its reader for a broken frame, and lets a client call handlers by the names of its own events.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any

import socketio
from aiohttp import web
from aiohttp.typedefs import Handler
from socketio.packet import CONNECT, DISCONNECT, EVENT, Packet

from gateway.web import LATER_S, UNAVAILABLE, Problem

log = logging.getLogger(__name__)

Heard = Callable[..., Awaitable[dict[str, Any]]]
PATH = "/socket.io/"
# What python-engineio and python-socketio raise for bytes that are none of theirs.
BROKEN = (ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError)


def open_server(events: Collection[str], origins: Any, most_bytes: int) -> socketio.AsyncServer:
    """The server of the pages' sockets, which hears these events from pages of these origins."""
    # Our handlers tell their own errors (`while_there`): what is left to these two is what strangers send. A level that is set keeps them
    # from adding handlers of their own, too.
    logging.getLogger("engineio.server").setLevel(logging.CRITICAL)
    logging.getLogger("socketio.server").setLevel(logging.ERROR)
    return socketio.AsyncServer(
        async_mode="aiohttp",
        cors_allowed_origins=origins,
        max_http_buffer_size=most_bytes,
        serializer=_packets(events),
    )


def _packets(events: Collection[str]) -> type[Packet]:
    """The class of packets of these events; any other means that the page leaves."""

    class KnownPacket(Packet):  # type: ignore[misc]
        uses_binary_events = False
        packet_type: Any
        data: Any
        namespace: Any

        def __init__(self, *given: Any, encoded_packet: Any = None, **named: Any) -> None:
            super().__init__(*given, encoded_packet=encoded_packet, **named)
            if encoded_packet is not None and not encoded_packet:
                self.packet_type = DISCONNECT

        def decode(self, encoded_packet: Any) -> int:
            try:
                super().decode(encoded_packet)
                known = self.packet_type in (CONNECT, DISCONNECT) or (
                    self.packet_type == EVENT and isinstance(self.data, list) and self.data[0] in events
                )
            except BROKEN as error:
                log.info("a frame that is none: %s", type(error).__name__)
                known = False
            if not known or self.namespace not in (None, "/"):
                self.packet_type, self.namespace, self.data, self.id = DISCONNECT, None, None, None
            return 0

    return KnownPacket


@web.middleware
async def broken_connections(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The socket's own route: what breaks its reader is the page's fault."""
    if not request.path.startswith(PATH):
        return await handler(request)
    try:
        return await handler(request)
    except BROKEN as error:
        log.info("a connection that is none: %s", type(error).__name__)
        raise web.HTTPBadRequest from error


def while_there(
    handler: Heard, server: socketio.AsyncServer, refusal: Callable[[Problem, str | None], dict[str, Any]]
) -> Heard:
    """The handler of an event as the server calls it: whatever breaks, the page is answered, where it is still there."""

    async def heard(sid: str, data: Any = None, *_: Any) -> dict[str, Any]:
        try:
            return await handler(sid, data)
        except UNAVAILABLE as error:
            log.warning("%s: unavailable: %s", handler.__name__, type(error).__name__)
            return refusal(Problem("unavailable", 503, retry_after=LATER_S), None)
        except Exception:
            if not server.manager.is_connected(sid, "/"):
                return {}  # it left meanwhile, and its session with it
            log.exception("%s failed", handler.__name__)
            return refusal(Problem("internal", 500), None)

    return heard
