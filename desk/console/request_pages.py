"""Support requests: the list by what is due, and one with its log. Changes are those of desk/request_work.py."""

from __future__ import annotations

import datetime
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk import calendars, request_work
from desk.agent_models import Agent
from desk.agents import audit, audit_reading
from desk.attachments import attachments_of
from desk.box_requests import DRAFT
from desk.console.names import Names
from desk.console.web import TEXT_MOST, Refusal, field, go, is_htmx, language_of, office, page, signed
from desk.console.words import Words
from desk.models import Attachment, Note, RequestEvent, SupportRequest
from desk.request_log import Change, Refused
from desk.request_states import AGENT, LIVE, MOVES, SOLVED, STATES, WAITING
from knowledge import Brand

LISTED = 200
ANSWER_TO = (WAITING, SOLVED)


class RequestPages:
    """The handlers. `visit` says what the page shows of help from afar and visits (visit_pages.py)."""

    def __init__(self, visit: Callable[[SupportRequest, Brand, datetime.datetime], dict[str, Any] | None]) -> None:
        self._visit = visit

    def routes(self) -> list[web.RouteDef]:
        """The routes of requests."""
        prefix = "/requests/{number}"
        return [
            web.get("/requests", self.list),
            web.get(prefix, self.show),
            web.post(f"{prefix}/take", self.take),
            web.post(f"{prefix}/answer", self.answer),
            web.post(f"{prefix}/move", self.move),
            web.post(f"{prefix}/note", self.note),
            web.get(f"{prefix}/files/{{file}}", self.file),
        ]

    async def list(self, request: web.Request) -> web.Response:
        """The live ones, what is due first on top; or those of one state."""
        agent, state = signed(request).agent, request.query.get("state", "")
        shown = (state,) if state in STATES else LIVE
        query = select(SupportRequest).where(SupportRequest.state.in_(shown))
        if agent.brands:
            query = query.where(SupportRequest.brand.in_(agent.brands))
        if request.query.get("mine"):
            query = query.where(SupportRequest.agent == agent.id)
        order = (SupportRequest.due_at.is_(None), SupportRequest.due_at, SupportRequest.changed_at.desc())
        async with office(request).sessions.begin() as session:
            await audit_reading(session, agent.id, "read_requests", "requests", office(request).now())
            found = list(await session.scalars(query.order_by(*order).limit(LISTED)))
            holders = {one.id: one.name for one in await session.scalars(select(Agent))}
        return page(
            request,
            "parts/request_list.html" if is_htmx(request) else "requests.html",
            found=found,
            holders=holders,
            state=state if state in STATES else "",
            states=STATES,
            own=bool(request.query.get("mine")),
            query=request.query_string,
            names=self._names(request),
        )

    async def show(self, request: web.Request) -> web.Response:
        """One request."""
        return await self._show(request)

    async def take(self, request: web.Request) -> web.Response:
        """This agent works on it."""
        own = signed(request).agent
        return await self.change(
            request,
            lambda session, found: request_work.take(
                session, found.id, agent=own.id, actor=own.name, **common(request, found)
            ),
            "took",
        )

    async def answer(self, request: web.Request) -> web.Response:
        """What the customer gets by mail or text, and reads in the request."""
        text, to = await field(request, "text", TEXT_MOST), await field(request, "to", 24)
        if not text:
            raise Refusal("empty", 422)
        if to not in ANSWER_TO:
            raise Refusal("bad_form", 422)
        actor = signed(request).agent.name
        return await self.change(
            request,
            lambda session, found: request_work.answer(
                session, found.id, text, actor=actor, to=to, **common(request, found)
            ),
            "answered",
        )

    async def move(self, request: web.Request) -> web.Response:
        """To another state, where the page showed the one that it has."""
        to, seen = await field(request, "to", 24), await field(request, "seen", 24)
        text = await field(request, "text", TEXT_MOST)
        if to not in STATES or seen not in STATES:
            raise Refusal("bad_form", 422)
        actor = signed(request).agent.name
        return await self.change(
            request,
            lambda session, found: request_work.move(
                session, found.id, to, who=AGENT, actor=actor, seen=seen, text=text, **common(request, found)
            ),
            "moved",
            to=to,
        )

    async def note(self, request: web.Request) -> web.Response:
        """For colleagues only."""
        text = await field(request, "text", TEXT_MOST)
        if not text:
            raise Refusal("empty", 422)
        here, agent = office(request), signed(request).agent
        async with here.sessions.begin() as session:
            found = await self._request(request, session)
            session.add(Note(request=found.id, agent=agent.id, text=text, at=here.now()))
            audit(session, agent.id, "noted", f"request:{found.number}", here.now())
        return go(request, f"/desk/requests/{found.number}")

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file of a request, as a download."""
        here, own, number = office(request), signed(request).agent, request.match_info["file"]
        async with here.sessions.begin() as session:
            found = await self._request(request, session)
            rows = await attachments_of(session, found.id)
            row = next((row for row in rows if str(row.id) == number), None)
            response = here.attachments.download(row) if row else None
            if response is None:
                raise Refusal("not_found", 404)
            audit(session, own.id, "read_file", f"request:{found.number}", here.now(), file=number)
        return response

    async def change(
        self,
        request: web.Request,
        change: Callable[[AsyncSession, SupportRequest], Awaitable[Change]],
        what: str,
        **details: Any,
    ) -> web.Response:
        """Makes a change in a transaction, with its line in the log and the letter to the customer; the page that follows."""
        here, agent = office(request), signed(request).agent
        try:
            async with here.sessions.begin() as session:
                found = await self._request(request, session)
                changed = await change(session, found)
                here.tell(session, changed.request, changed.told, here.now())
                audit(session, agent.id, what, f"request:{found.number}", here.now(), **details)
        except Refused as refused:
            words = Words(language_of(request))
            reason = words.tables["refusals"].get(refused.reason, words.tables["refusals"]["not_allowed"])
            return await self._show(request, 409, problem=reason[words.language])
        here.wake()
        return go(request, f"/desk/requests/{found.number}")

    async def _show(self, request: web.Request, status: int = 200, **values: Any) -> web.Response:
        here, own = office(request), signed(request).agent
        async with here.sessions.begin() as session:
            found = await self._request(request, session)
            events = list(
                await session.scalars(
                    select(RequestEvent).where(RequestEvent.request == found.id).order_by(RequestEvent.id)
                )
            )
            notes = list(await session.scalars(select(Note).where(Note.request == found.id).order_by(Note.id)))
            files = list(
                await session.scalars(select(Attachment).where(Attachment.request == found.id).order_by(Attachment.id))
            )
            holders = {one.id: one.name for one in await session.scalars(select(Agent))}
            audit(session, own.id, "read_request", f"request:{found.number}", here.now())
        brand = here.shelf.brands[found.brand]
        answered = any(one.what == "answered" for one in events)
        moves = [to for (state, to), who in MOVES.items() if state == found.state and AGENT in who]
        return page(
            request,
            "request.html",
            status,
            found=found,
            events=events,
            notes=notes,
            files=files,
            holders=holders,
            moves=[to for to in moves if to not in ANSWER_TO],
            answers=[to for to in ANSWER_TO if to == found.state or to in moves],
            brand_of=brand,
            draft="" if answered else found.details.get(DRAFT, ""),
            zone=calendars.zone_shown(brand, found.due_for, found.details),
            names=self._names(request),
            visit=self._visit(found, brand, here.now()),
            **values,
        )

    def _names(self, request: web.Request) -> Names:
        return Names(office(request).shelf, Words(language_of(request)))

    async def _request(self, request: web.Request, session: AsyncSession) -> SupportRequest:
        found = await session.scalar(
            select(SupportRequest).where(SupportRequest.number == request.match_info["number"])
        )
        brands = signed(request).agent.brands
        if found is None or (brands and found.brand not in brands) or found.brand not in office(request).shelf.brands:
            raise Refusal("not_found", 404)
        return found


def common(request: web.Request, found: SupportRequest) -> dict[str, Any]:
    """What every change of a request is given."""
    return {"brand": office(request).shelf.brands[found.brand], "now": office(request).now()}
