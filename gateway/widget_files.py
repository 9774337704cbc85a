"""The widget's files as browsers get them: without the comments that only developers read, compressed, and asked for anew each time.

Old and new modules of the widget must never meet, so nothing is kept without asking; an unchanged file answers 304.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).resolve().parent.parent / "widget"
# Comments on lines of their own (the only kind that is long), and indentation. No string of the widget has such lines.
COMMENTS = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n|^[ \t]+", re.MULTILINE | re.DOTALL)
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-cache",
    "Content-Type": "text/javascript; charset=utf-8",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}


class WidgetFiles:
    """The handlers. A file is read again when it has changed."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._ready: dict[Path, tuple[int, bytes, bytes, str]] = {}

    def routes(self) -> list[web.RouteDef]:
        """The loader at the address that host pages embed, and its parts beside it."""
        return [web.get("/widget.js", self.loader), web.get("/widget/{name}", self.part)]

    async def loader(self, request: web.Request) -> web.Response:
        """The loader."""
        return self._answer(request, "widget.js")

    async def part(self, request: web.Request) -> web.Response:
        """A module that the loader asks for."""
        return self._answer(request, request.match_info["name"])

    def _answer(self, request: web.Request, name: str) -> web.Response:
        path = self._folder / name
        # `name` holds no slash; an unknown one, and what is no module, is not there.
        if path.suffix != ".js" or path.parent != self._folder or not path.is_file():
            raise web.HTTPNotFound
        plain, packed, tag = self._read(path)
        headers = {**HEADERS, "ETag": f'"{tag}"'}
        if tag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=packed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=plain, headers=headers)

    def _read(self, path: Path) -> tuple[bytes, bytes, str]:
        changed = path.stat().st_mtime_ns
        known = self._ready.get(path)
        if known is None or known[0] != changed:
            plain = served(path.read_text(encoding="utf-8")).encode()
            tag = hashlib.sha256(plain).hexdigest()[:16]
            known = self._ready[path] = (changed, plain, gzip.compress(plain, 9, mtime=0), tag)
        return known[1:]


def served(source: str) -> str:
    """A module without its comments and indentation."""
    return COMMENTS.sub("", source)
