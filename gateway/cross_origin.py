"""Lets pages of the allowed sites call the API of a conversation from a browser, as the widget does with files and transcripts.

No cookie is ever involved: who calls shows the conversation's token, and a page of another site has none to show.
"""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

PATH = "/api/v1/conversations/"
REMEMBER_S = "600"


def let_sites_call(app: web.Application, allowed: tuple[str, ...]) -> None:
    """Answers a browser's question beforehand, and marks every answer of these paths, errors too."""

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

    app.middlewares.insert(0, preflight)
    app.on_response_prepare.append(mark)
