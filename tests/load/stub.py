"""`python -m tests.load.stub PORT FILE [SECONDS]`: what stands behind a gateway, answering at once. FILE gets a line for each turn."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import TextIO

from aiohttp import web


def application(turns: TextIO, seconds: float) -> web.Application:
    """Assistant, actions' health and billing's readiness in one. A turn that it took is told again, as the real one does."""
    taken: dict[tuple[str, str], web.Response] = {}

    async def ok(_: web.Request) -> web.Response:
        return web.json_response([])

    async def turn(request: web.Request) -> web.Response:
        body = await request.json()
        key = (body["conversation"], body["message_id"])
        again = key in taken
        turns.write(json.dumps({"at": time.time(), "again": again, **body}, ensure_ascii=False) + "\n")
        await asyncio.sleep(seconds)
        reply = {"text": f"R {body['text']}", "buttons": [], "article": None, "title": None, "attachments": []}
        taken[key] = web.Response()
        turns.flush()
        return web.json_response({"replies": [reply], "understood": None, "asks": None})

    app = web.Application()
    routes = ("/webhooks/gateway/", "/healthz", "/readyz", "/v1/notices")
    app.add_routes([*(web.get(path, ok) for path in routes), web.post("/webhooks/gateway/turn", turn)])
    return app


def main() -> None:
    """See the module."""
    port, file, seconds = int(sys.argv[1]), sys.argv[2], float((sys.argv[3:] or ["0"])[0])
    with open(file, "a", encoding="utf-8") as turns:
        web.run_app(application(turns, seconds), host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main()
