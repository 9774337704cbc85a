"""The headers that every answer of the gateway has, errors, files and sockets too: what a browser must not do with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

# For what is no page of ours: it may load nothing, run nothing and be framed by nobody. Pages bring a policy of their own.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
EVERYWHERE = {
    "Content-Security-Policy": NOTHING,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",  # transcripts; files and pages that may be kept say so themselves
}
# Two years, subdomains left to their owner: this server may be one name among others that have no TLS.
HSTS = "max-age=63072000"


def headers_on_every_answer(production: bool) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """For `app.on_response_prepare`: sets what an answer does not say itself."""

    async def prepare(_: web.Request, response: web.StreamResponse) -> None:
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        if production:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        # Which versions run here is nobody's business.
        response.headers.popall(hdrs.SERVER, None)

    return prepare
