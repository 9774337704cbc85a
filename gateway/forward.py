"""Pages and documents of billing that a customer opens by a link: `/pay/{token}` and `/documents/{token}` go on to billing as they are.

The token in the path is all the right that is needed; nothing of the conversation goes along, and cookies and other headers stay here.
"""

from __future__ import annotations

import asyncio
import logging

import aiohttp
from aiohttp import web

log = logging.getLogger(__name__)

PASSED_ON = ("Accept-Language", "Content-Type")
PASSED_BACK = (
    "Content-Type", "Content-Disposition", "Content-Language", "Content-Security-Policy", "Cache-Control", "Location",
    "Referrer-Policy", "X-Content-Type-Options", "Vary",
)  # fmt: skip
BODY_MOST = 16 * 1024
WITHIN_S = 20.0


class Forward:
    """Hands requests on to billing."""

    def __init__(self, http: aiohttp.ClientSession, billing_url: str) -> None:
        self._http = http
        self._url = billing_url

    def routes(self) -> list[web.RouteDef]:
        """The routes that are billing's."""
        return [
            web.get("/pay/{token}", self._pass_on, allow_head=False),
            web.post("/pay/{token}", self._pass_on),
            web.get("/documents/{token}", self._pass_on, allow_head=False),
        ]

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.content.read(BODY_MOST + 1) if request.can_read_body else b""
        if len(body) > BODY_MOST:
            raise web.HTTPRequestEntityTooLarge(max_size=BODY_MOST, actual_size=len(body))
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        try:
            async with self._http.request(
                request.method,
                self._url + request.raw_path,
                data=body or None,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=WITHIN_S),
            ) as found:
                kept = {name: found.headers[name] for name in PASSED_BACK if name in found.headers}
                return web.Response(status=found.status, body=await found.read(), headers=kept)
        except (aiohttp.ClientError, asyncio.TimeoutError):
            log.exception("billing did not answer for %s", request.match_info.route.resource)
            raise web.HTTPBadGateway
