"""What people at the desk read and did: for administrators, to look through and to take along as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from sqlalchemy import Select, select

from desk.agent_models import Agent, DeskAudit
from desk.agents import ADMINISTRATOR, audit_reading
from desk.console.names import Names
from desk.console.tables import harmless
from desk.console.web import Refusal, language_of, office, page, signed
from desk.console.words import Words

SHOWN, TAKEN = 100, 50_000  # rows on a page, and in a file
READ, DID = "read", "did"
READINGS = DeskAudit.what.startswith("read_", autoescape=True) | (DeskAudit.what == "searched")
SUBJECT_MOST = 80


class AuditPages:
    """The handlers; both are for administrators."""

    def routes(self) -> list[web.RouteDef]:
        """The routes of the log."""
        return [web.get("/agents/log", self.show), web.get("/agents/log.csv", self.export)]

    async def show(self, request: web.Request) -> web.Response:
        """The newest lines that fit what was chosen, `before` a line for the next page."""
        lines, people = await self._read(request, SHOWN + 1)
        query = {name: value for name, value in request.query.items() if name != "before"}
        return page(
            request,
            "audit.html",
            lines=lines[:SHOWN],
            older=str(request.rel_url.with_query({**query, "before": str(lines[SHOWN - 1].id)}))
            if len(lines) > SHOWN
            else "",
            file=f"/desk/agents/log.csv{'?' if query else ''}{request.rel_url.with_query(query).query_string}",
            people=people,
            chosen=request.query,
            names=Names(office(request).shelf, Words(language_of(request))),
            link=_link,
        )

    async def export(self, request: web.Request) -> web.Response:
        """All lines that fit, for a spreadsheet."""
        lines, people = await self._read(request, TAKEN)
        words = Words(language_of(request))
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";" if words.language == "fr" else ",", lineterminator="\r\n")
        writer.writerow([words(f"audit_{head}") for head in ("when", "who", "what", "subject", "more")])
        for line in lines:
            cells = [people.get(line.agent, ""), words.name("audit_acts", line.what), line.subject, told(line)]
            writer.writerow([line.at.isoformat(), *(harmless(cell) for cell in cells)])
        headers = {"Content-Disposition": 'attachment; filename="desk-log.csv"'}
        return web.Response(text="\ufeff" + out.getvalue(), content_type="text/csv", headers=headers)

    async def _read(self, request: web.Request, most: int) -> tuple[list[DeskAudit], dict[int | None, str]]:
        own, here = signed(request).agent, office(request)
        if own.role != ADMINISTRATOR:
            raise Refusal("not_allowed", 403)
        async with here.sessions.begin() as session:
            await audit_reading(session, own.id, "read_log", "log", here.now())
            lines = list(await session.scalars(_chosen(request).limit(most)))
            people: dict[int | None, str] = {one.id: one.name for one in await session.scalars(select(Agent))}
        return lines, people


def _chosen(request: web.Request) -> Select[DeskAudit]:
    query = select(DeskAudit).order_by(DeskAudit.id.desc())
    who, kind, before = (request.query.get(name, "") for name in ("who", "kind", "before"))
    subject = request.query.get("subject", "").strip()[:SUBJECT_MOST]
    if number := _number(who):
        query = query.where(DeskAudit.agent == number)
    if kind in (READ, DID):
        query = query.where(READINGS if kind == READ else ~READINGS)
    if subject:
        query = query.where(DeskAudit.subject.contains(subject, autoescape=True))
    if number := _number(before):
        query = query.where(DeskAudit.id < number)
    return query


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _link(line: DeskAudit) -> str:
    """Where the subject of a line can be read; "" where nowhere."""
    kind, _, name = line.subject.partition(":")
    folder = {"conversation": "conversations", "request": "requests", "article": "knowledge", "agent": "agents"}.get(
        kind
    )
    return f"/desk/{folder}/{name}" if folder and name else ""


def told(line: DeskAudit) -> str:
    """What else a line holds, in a row: "team: billing"."""
    values: Sequence[tuple[str, Any]] = sorted(line.details.items())
    return "; ".join(f"{name}: {value}" for name, value in values)
