"""Search over conversations, notes and requests."""

from __future__ import annotations

from aiohttp import web

from desk.agents import audit
from desk.console.web import office, page, signed
from desk.search import FOUND_MOST, fill, search

QUERY_MOST = 200


class SearchPages:
    """The handler."""

    def routes(self) -> list[web.RouteDef]:
        """The route of the search."""
        return [web.get("/search", self.find)]

    async def find(self, request: web.Request) -> web.Response:
        """The form, and what was found."""
        query = request.query.get("q", "").strip()[:QUERY_MOST]
        here, agent = office(request), signed(request).agent
        found = []
        if query:
            await fill(here.sessions)
            async with here.sessions.begin() as session:
                found = await search(session, query, agent.brands)
                audit(session, agent.id, "searched", "search", here.now(), query=query, found=len(found))
        return page(request, "search.html", q=query, found=found, most=FOUND_MOST)
