"""Lets pages of the allowed sites call the API of a conversation from a browser, as the widget does with files and transcripts.

No cookie is ever involved: who calls shows the conversation's token, and a page of another site has none to show.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

PATH = "/api/v1/conversations/"
REMEMBER_S = "600"


def cross_origin(
    allowed: tuple[str, ...],
) -> tuple[Middleware, Callable[[web.Request, web.StreamResponse], Awaitable[None]]]:
    """The middleware that answers a browser's question beforehand, and what marks every answer, errors too (`on_response_prepare`)."""

    @web.middleware
    async def preflight(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "OPTIONS" and request.path.startswith(PATH) and request.headers.get("Origin") in allowed:
            headers = {
                "Access-Control-Allow-Methods": "GET, POST",
                "Access-Control-Allow-Headers": "Authorization, Content-Type",
                "Access-Control-Max-Age": REMEMBER_S,
            }
            return web.Response(status=204, headers=headers)
        return await handler(request)

    async def mark(request: web.Request, response: web.StreamResponse) -> None:
        if request.path.startswith(PATH):
            response.headers["Vary"] = "Origin"
            if request.headers.get("Origin") in allowed:
                response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]

    return preflight, mark
