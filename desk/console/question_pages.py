"""The questions that nobody could answer, grouped: the list, and what is decided of each."""

from __future__ import annotations

from aiohttp import web

from desk import question_list
from desk.agents import audit
from desk.console.article_form import zone_of
from desk.console.web import Refusal, field, go, office, page, signed
from desk.open_questions import DISMISSED, OPEN


class QuestionPages:
    """The handlers."""

    def routes(self) -> list[web.RouteDef]:
        """The routes of questions."""
        return [
            web.get("/knowledge/questions", self.show),
            web.post("/knowledge/questions/{id}", self.decide),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """The groups of one state, of one brand or of all that are this agent's."""
        here, own = office(request), signed(request).agent
        mine = own.brands or sorted(here.shelf.brands)
        brand, state = request.query.get("brand", ""), request.query.get("state", "")
        state = state if state in question_list.STATES else OPEN
        async with here.sessions.begin() as session:
            found = await question_list.listed(session, [brand] if brand in mine else mine, state)
            audit(session, own.id, "read_questions", f"questions:{brand or 'all'}", here.now(), state=state)
        return page(
            request,
            "questions.html",
            found=found,
            mine=mine,
            chosen={"brand": brand, "state": state},
            states=question_list.STATES,
            zones={one: zone_of(here.shelf.brands[one]) for one in mine if one in here.shelf.brands},
        )

    async def decide(self, request: web.Request) -> web.Response:
        """Dismisses a group, with the reason; or opens it again."""
        here, own = office(request), signed(request).agent
        reason, to = await field(request, "reason", 300), await field(request, "to", 12)
        if to not in (OPEN, DISMISSED):
            raise Refusal("bad_form", 422)
        if to == DISMISSED and not reason:
            raise Refusal("reason_missing", 422)
        async with here.sessions.begin() as session:
            mine = own.brands or sorted(here.shelf.brands)
            group = await question_list.group_of(session, request.match_info["id"], mine)
            if group is None:
                raise Refusal("not_found", 404)
            await question_list.decide(session, group.id, to, own.id, here.now(), reason=reason)
        return go(request, "/desk/knowledge/questions")
