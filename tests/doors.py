"""The routes of an application, taken from its router: a test that goes through them meets those that are added later too."""

from __future__ import annotations

import re

from aiohttp import web


def doors(app: web.Application) -> list[tuple[str, str]]:
    """(method, path with its places in braces) of every route, those of applications inside it too; HEAD goes with GET."""
    found = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    return sorted(found)


def filled(path: str, **values: str) -> str:
    """The path with its places filled; "1" where no value is given."""
    return re.sub(r"\{(\w+)\}", lambda place: values.get(place[1], "1"), path)
