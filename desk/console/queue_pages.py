"""The queue: who waits, why first, how long, and who has whom."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from desk import overview
from desk.console.names import TEAMS, Names
from desk.console.web import is_htmx, language_of, office, page, signed
from desk.console.words import Words

SHOWN = ("open", "mine", "waiting", "all")


class QueuePages:
    """The handlers."""

    def routes(self) -> list[web.RouteDef]:
        """The routes of the queue."""
        return [web.get("/", self.queue), web.get("/queue", self.queue)]

    async def queue(self, request: web.Request) -> web.Response:
        """The page, or its list only where the page asks for that."""
        values = await queue_values(request)
        if request.path.endswith("/queue") and is_htmx(request):
            return page(request, "parts/queue.html", **values)
        return page(request, "queue.html", **values)


async def queue_values(request: web.Request) -> dict[str, Any]:
    """What the list's template needs; also beside a conversation."""
    here, agent = office(request), signed(request).agent
    here.shelf.refresh()
    show = request.query.get("show", "open")
    team, brand = request.query.get("team", ""), request.query.get("brand", "")
    async with here.sessions() as session:
        every = overview.in_order(await overview.rows(session, agent, here.shelf.brands, here.now()))
        endings = await here.proved(session, [row.talk.id for row in every])
        spending = [one for one in await here.spending(session) if not agent.brands or one.brand in agent.brands]
    found = [
        row
        for row in every
        if (not team or row.team == team)
        and (not brand or row.talk.brand == brand)
        and (show == "all" or (row.mine and show != "waiting") or (row.waiting and show != "mine"))
    ]
    return {
        "rows": found,
        "endings": {conversation: account[-4:] for conversation, account in endings.items()},
        "spending": spending,
        "waiting": sum(row.waiting for row in every),
        "show": show if show in SHOWN else "open",
        "team": team if team in TEAMS else "",
        "brand": brand if brand in here.shelf.brands else "",
        "teams": list(TEAMS),
        "names": Names(here.shelf, Words(language_of(request))),
        "query": request.query_string,
        "current": request.match_info.get("id", ""),
    }
