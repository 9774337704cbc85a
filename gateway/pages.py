"""Pages for people: the demonstration page with the widget, the brands as the widget needs them, and the development outbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from gateway.senders import DevelopmentSender
from gateway.web import Handler, json_response
from knowledge import Shelf

PAGES = Path(__file__).parent / "pages"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Pages:
    """The handlers. The outbox page exists outside production only."""

    def __init__(
        self, *, shelf: Shelf, outbox: DevelopmentSender | None, writes_from: Callable[[str], str | None]
    ) -> None:
        """`writes_from`: the number of a brand's texts, None where it writes none."""
        self._shelf = shelf
        self._writes_from = writes_from
        self._outbox = outbox

    def routes(self) -> list[web.RouteDef]:
        """The routes of the pages."""
        found: list[web.RouteDef] = [
            web.get("/", self._page("demo.html")),
            web.get("/pages/{path:.+}", self._files(PAGES)),
            web.get("/api/v1/brands", self.brands),
        ]
        if self._outbox:
            found += [web.get("/dev/outbox", self._page("outbox.html")), web.get("/dev/outbox.json", self.outbox)]
        return found

    def _files(self, folder: Path) -> Handler:
        """The files of a folder; always asked for anew."""

        async def file(request: web.Request) -> web.FileResponse:
            path = (folder / request.match_info["path"]).resolve()
            kind = KINDS.get(path.suffix)
            if kind is None or not path.is_relative_to(folder) or not path.is_file():
                raise web.HTTPNotFound
            headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Content-Type": kind}
            return web.FileResponse(path, headers=headers)

        return file

    def _page(self, name: str) -> Handler:
        async def page(_: web.Request) -> web.FileResponse:
            return web.FileResponse(PAGES / name, headers={**HEADERS, "Content-Type": "text/html; charset=utf-8"})

        return page

    async def brands(self, _: web.Request) -> web.Response:
        """The brands as the widget needs them: names, colours, contact."""
        self._shelf.refresh()
        response = json_response(
            [
                {
                    "id": brand.id,
                    "name": brand.name,
                    "assistant": brand.assistant,
                    "subjects": brand.subjects,
                    "greeting": brand.greeting,
                    "logo": brand.logo or None,
                    "colours": brand.colours,
                    "phone": brand.contact.get("phone"),
                    "texts": self._writes_from(brand.id) is not None,
                }
                for brand in self._shelf.brands.values()
            ]
        )
        response.headers["Access-Control-Allow-Origin"] = "*"  # public, and read by the widget on its host's pages
        return response

    async def outbox(self, _: web.Request) -> web.Response:
        """The latest texts that would have been sent, newest first."""
        assert self._outbox is not None
        return json_response(await self._outbox.latest())
