"""The page of figures: a period, brands and a channel chosen in the address; pictures with their tables; each table as CSV."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from aiohttp import web

from desk.console import charts, tables
from desk.console.dashboard_tables import SERIES, all_tables
from desk.console.names import Names
from desk.console.tables import Table
from desk.console.web import Refusal, language_of, office, page, signed
from desk.console.words import ZONE, Words
from desk.dashboard import Choice, Figures, read
from desk.records import Records
from formats import day

PERIODS = ("today", "7", "30", "90", "own")
USUAL = "30"
DAYS_MOST = 366
CHANNELS = ("web", "sms", "api")


@dataclasses.dataclass(frozen=True)
class Asked:
    """What the address asks for. `wrong`: its own dates were none, and the usual period is shown instead."""

    choice: Choice
    period: str
    brand: str
    wrong: bool = False


class DashboardPages:
    """The handlers."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def routes(self) -> list[web.RouteDef]:
        """The routes of the figures."""
        return [web.get("/dashboard", self.show), web.get("/dashboard/{table}.csv", self.export)]

    async def show(self, request: web.Request) -> web.Response:
        """The page."""
        asked, found = await self._read(request)
        words = Words(language_of(request))
        return page(
            request,
            "dashboard.html",
            found=found,
            asked=asked,
            tables=self._tables(request, asked, found),
            periods=PERIODS,
            channels=CHANNELS,
            own_brands=_own_brands(request),
            day=lambda date: day(date, words.language),
            cell=lambda value, kind: tables.shown(value, kind, words),
            picture=lambda table: picture(table, words),
            charts=charts,
            series=list(zip(charts.SERIES, SERIES, strict=True)),
            query=request.query_string,
        )

    async def export(self, request: web.Request) -> web.Response:
        """One table, for a spreadsheet."""
        asked, found = await self._read(request)
        words = Words(language_of(request))
        table = self._tables(request, asked, found).get(request.match_info["table"])
        if table is None:
            raise Refusal("not_found", 404)
        heads = [words.name("dashboard_columns", name) for name, _ in table.columns]
        name = f"{table.name}-{asked.choice.first}-{asked.choice.last}.csv"
        return web.Response(
            text=tables.as_csv(table, heads, words),
            content_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    async def _read(self, request: web.Request) -> tuple[Asked, Figures]:
        here = office(request)
        here.shelf.refresh()
        asked = asked_for(request, here.now())
        await self._records.fill()
        return asked, await read(here.sessions, asked.choice, ZONE, here.now())

    def _tables(self, request: web.Request, asked: Asked, found: Figures) -> dict[str, Table]:
        here, words = office(request), Words(language_of(request))
        return all_tables(found, asked.choice, words, Names(here.shelf, words), here.part_cost)


def asked_for(request: web.Request, now: datetime.datetime) -> Asked:
    """The choice of an address, within what the agent may see."""
    query, own = request.query, _own_brands(request)
    brand = query.get("brand", "") if query.get("brand", "") in own else ""
    channel = query.get("channel", "") if query.get("channel", "") in CHANNELS else ""
    period = query.get("period", USUAL) if query.get("period", USUAL) in PERIODS else USUAL
    today = now.astimezone(ZONE).date()
    wrong = False
    if period == "own":
        try:
            first, last = (datetime.date.fromisoformat(query.get(name, "")) for name in ("from", "to"))
            wrong = not datetime.timedelta() <= last - first < datetime.timedelta(days=DAYS_MOST)
        except ValueError:
            wrong = True
        period = USUAL if wrong else period
    if period != "own":
        days = 1 if period == "today" else int(period)
        first, last = today - datetime.timedelta(days=days - 1), today
    restricted = bool(signed(request).agent.brands)
    brands = (brand,) if brand else tuple(own) if restricted else ()
    return Asked(Choice(first, last, brands, channel), period, brand, wrong)


def picture(table: Table, words: Words) -> tuple[Any, tuple[int, int]]:
    """The picture of a table of columns (days with who helped, or hours), and what its two lines stand for, the upper one first."""
    stacks = [tuple(int(value or 0) for value in row.cells[2:] or row.cells[1:]) for row in table.rows]
    labels = [_told(table, row.cells, words) for row in table.rows]
    most = max(table.rows, key=lambda row: row.cells[1] or 0)
    name = words.name("dashboard_tables", table.name)
    told = words("dash_picture", table=name, count=most.cells[1], where=most.cells[0])
    top = charts.upper_line(stacks)
    return charts.columns(labels, stacks, told), (top, top // 2)


def _told(table: Table, cells: tuple[tables.Cell, ...], words: Words) -> str:
    """A column in words: "12 mars 2026 : 34"."""
    colon = "\u00a0: " if words.language == "fr" else ": "
    return f"{cells[0]}{colon}{cells[1]}"


def _own_brands(request: web.Request) -> list[str]:
    """The brands that the agent may see."""
    mine = signed(request).agent.brands
    return [brand for brand in office(request).shelf.brands if not mine or brand in mine]
