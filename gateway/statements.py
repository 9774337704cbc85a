"""The public pages /privacy and /accessibility, in both languages, with how to reach each brand; `?brand=` and `?language=` narrow them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.days import Days
from gateway.pages import HEADERS
from gateway.web import language_of
from knowledge import Shelf

HERE = Path(__file__).parent
OTHER = {"fr": "en", "en": "fr"}


class Statements:
    """The handlers. `days`: what the page says is what the settings do."""

    def __init__(self, shelf: Shelf, days: Days) -> None:
        self._shelf = shelf
        self._days = days
        self._texts: dict[str, Any] = yaml.safe_load((HERE / "data" / "statements.yml").read_text(encoding="utf-8"))
        pages = Environment(loader=FileSystemLoader(HERE / "pages"), autoescape=True, undefined=StrictUndefined)
        self._page = pages.get_template("statement.html")

    def routes(self) -> list[web.RouteDef]:
        """The routes of the two pages."""
        return [web.get("/privacy", self.privacy), web.get("/accessibility", self.accessibility)]

    async def privacy(self, request: web.Request) -> web.Response:
        """What is kept, for how long, and whom to ask; that an assistant decides, and that a person can be asked."""
        return self._shown(request, "privacy")

    async def accessibility(self, request: web.Request) -> web.Response:
        """What the chat and the pages aim at, how that is checked, and another way to reach the company."""
        return self._shown(request, "accessibility")

    def _shown(self, request: web.Request, name: str) -> web.Response:
        chosen = request.query.get("language", "")
        language = chosen if chosen in OTHER else language_of(request)
        self._shelf.refresh()
        brand = request.query.get("brand", "")
        brand = brand if brand in self._shelf.brands else ""
        found = [one for one in self._shelf.brands.values() if brand in ("", one.id)]
        page = self._texts[name]
        days = {kind: getattr(self._days, kind) for kind in ("conversations", "requests", "letters", "memory")}
        text = self._page.render(
            language=language,
            other=OTHER[language],
            brand=brand,
            title=page["title"][language],
            sections=[
                {
                    "heading": section["heading"][language],
                    "lines": [line[language].format(**days) for line in section["lines"]],
                }
                for section in page["sections"]
            ],
            words={key: value[language] for key, value in self._texts["common"].items()},
            brands=[
                {"name": one.name, "ways": [way for way in (one.contact.get("phone"), one.contact.get("email")) if way]}
                for one in found
            ],
        )
        headers = {**HEADERS, "Content-Language": f"{language}-CA", "Vary": "Accept-Language"}
        return web.Response(text=text, content_type="text/html", headers=headers)
