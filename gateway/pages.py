"""Pages for people: the demonstration page with the widget, the widget's files, and the development outbox."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from gateway.outbox import DevelopmentOutbox
from gateway.web import Handler, json_response
from knowledge import Shelf

WIDGET = Path(__file__).resolve().parent.parent / "widget"
PAGES = Path(__file__).parent / "pages"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Pages:
    """The handlers. The outbox page exists outside production only."""

    def __init__(self, *, shelf: Shelf, outbox: DevelopmentOutbox | None) -> None:
        self._shelf = shelf
        self._outbox = outbox

    def routes(self) -> list[web.RouteDef | web.StaticDef]:
        """The routes of the pages."""
        found: list[web.RouteDef | web.StaticDef] = [
            web.get("/", self._page("demo.html")),
            web.get("/widget.js", self.loader),
            web.static("/widget", WIDGET, append_version=False),
            web.static("/pages", PAGES),
            web.get("/api/v1/brands", self.brands),
        ]
        if self._outbox:
            found += [web.get("/dev/outbox", self._page("outbox.html")), web.get("/dev/outbox.json", self.outbox)]
        return found

    def _page(self, name: str) -> Handler:
        async def page(_: web.Request) -> web.FileResponse:
            return web.FileResponse(PAGES / name, headers={**HEADERS, "Content-Type": "text/html; charset=utf-8"})

        return page

    async def loader(self, _: web.Request) -> web.FileResponse:
        """The widget's loader, at the address that host pages embed."""
        headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
        return web.FileResponse(WIDGET / "widget.js", headers=headers)

    async def brands(self, _: web.Request) -> web.Response:
        """The brands as the widget needs them: names, colours, contact."""
        self._shelf.refresh()
        return json_response(
            [
                {
                    "id": brand.id,
                    "name": brand.name,
                    "assistant": brand.assistant,
                    "subjects": brand.subjects,
                    "colours": brand.colours,
                    "phone": brand.contact.get("phone"),
                }
                for brand in self._shelf.brands.values()
            ]
        )

    async def outbox(self, _: web.Request) -> web.Response:
        """The latest texts that would have been sent, newest first."""
        assert self._outbox is not None
        return json_response(await self._outbox.latest())
