"""Canned answers: the list, a new one, a change."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from desk.agents import audit
from desk.canned import Unusable, answers_for, keep
from desk.console.web import TEXT_MOST, Refusal, field, go, office, page, signed
from desk.models import CannedAnswer


class CannedPages:
    """The handlers."""

    def routes(self) -> list[web.RouteDef]:
        """The routes of canned answers."""
        return [
            web.get("/canned", self.show),
            web.get("/canned/{id}", self.edit),
            web.post("/canned/{id}", self.keep),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """All answers."""
        async with office(request).sessions() as session:
            answers = await answers_for(session)
        return page(request, "canned.html", answers=answers)

    async def edit(self, request: web.Request) -> web.Response:
        """The form of one; "new" for one that is not there yet."""
        answer = await self._answer(request)
        values: dict[str, Any] = {
            "shortcut": answer.shortcut if answer else "",
            "brand": (answer.brand if answer else None) or "",
            "french": answer.text_fr if answer else "",
            "english": answer.text_en if answer else "",
        }
        return page(request, "canned_edit.html", is_new=answer is None, **values)

    async def keep(self, request: web.Request) -> web.Response:
        """Keeps one; both languages must be there."""
        answer = await self._answer(request)
        here, agent = office(request), signed(request).agent
        values = {
            "shortcut": (await field(request, "shortcut", 40)).lower(),
            "brand": await field(request, "brand", 40),
            "french": await field(request, "french", TEXT_MOST),
            "english": await field(request, "english", TEXT_MOST),
        }
        if values["brand"] and values["brand"] not in here.shelf.brands:
            raise Refusal("bad_form", 422)
        try:
            async with here.sessions.begin() as session:
                kept = await keep(
                    session,
                    await session.get(CannedAnswer, answer.id) if answer else None,
                    shortcut=values["shortcut"],
                    brand=values["brand"] or None,
                    french=values["french"],
                    english=values["english"],
                )
                audit(session, agent.id, "kept_canned", f"canned:{kept.id}", here.now(), shortcut=kept.shortcut)
        except Unusable as reason:
            problem = f"canned_{reason}"
            return page(request, "canned_edit.html", 422, is_new=answer is None, problem=problem, **values)
        return go(request, "/desk/canned")

    async def _answer(self, request: web.Request) -> CannedAnswer | None:
        number = request.match_info["id"]
        if number == "new":
            return None
        async with office(request).sessions() as session:
            answer = await session.get(CannedAnswer, int(number)) if number.isdecimal() and len(number) < 10 else None
        if answer is None:
            raise Refusal("not_found", 404)
        return answer
