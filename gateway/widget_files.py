"""The widget as browsers get it: its modules joined into two files, the loader and the rest, without comments, compressed.

The modules in `widget/` run as they are; this only spares a page twenty requests and half of the bytes. Nothing is kept without asking,
as the loader and the rest must fit together; what has not changed answers 304.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).resolve().parent.parent / "widget"
# The loader, at the address that host pages embed, and what it asks for.
FILES = {"/widget.js": "widget.js", "/widget/chat.js": "chat.js"}
# Comments on lines of their own (the only kind that is long), and indentation. No string of the widget has such lines.
COMMENTS = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n|^[ \t]+", re.MULTILINE | re.DOTALL)
IMPORT = re.compile(r'^(?:import|export) \{[^}]*\} from "\./(?:widget/)?([a-z_]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?:(?=class |const |function |async )|\{[^}]*\};\n)", re.MULTILINE)
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-cache",
    "Content-Type": "text/javascript; charset=utf-8",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}


class WidgetFiles:
    """The handlers. What has changed on disk is joined again."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._ready: dict[str, tuple[int, bytes, bytes, str]] = {}

    def routes(self) -> list[web.RouteDef]:
        """The two files."""
        return [web.get(path, self.file) for path in FILES]

    async def file(self, request: web.Request) -> web.Response:
        """One of the two."""
        plain, packed, tag = self._read(FILES[request.path])
        headers = {**HEADERS, "ETag": f'"{tag}"'}
        if tag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=packed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=plain, headers=headers)

    def _read(self, name: str) -> tuple[bytes, bytes, str]:
        changed = max(path.stat().st_mtime_ns for path in self._folder.glob("*.js"))
        known = self._ready.get(name)
        if known is None or known[0] != changed:
            plain = joined(self._folder, name).encode()
            tag = hashlib.sha256(plain).hexdigest()[:16]
            known = self._ready[name] = (changed, plain, gzip.compress(plain, 9, mtime=0), tag)
        return known[1:]


def joined(folder: Path, name: str, known: set[str] | None = None) -> str:
    """A module and all that it imports, each once and before what needs it, as one module with the exports of the first.

    Names at the top of modules are unique in the whole widget, and imports rename nothing (tests hold both).
    """
    outermost, known = known is None, known if known is not None else set()
    if name in known:
        return ""
    known.add(name)
    source = COMMENTS.sub("", (folder / name).read_text(encoding="utf-8"))
    before = "".join(joined(folder, wanted, known) for wanted in IMPORT.findall(source))
    body = IMPORT.sub("", source)
    return before + (body if outermost else EXPORT.sub("", body))
