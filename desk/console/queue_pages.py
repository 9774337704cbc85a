"""The queue: who waits, why first, how long, and who has whom."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from aiohttp import web
from markupsafe import Markup

from desk import overview
from desk.agents import audit_reading
from desk.console.names import TEAMS, Names
from desk.console.web import PAGES, Office, is_htmx, language_of, office, page, signed
from desk.console.words import Words
from desk.overview import Row
from desk.together import Together

SHOWN = ("open", "mine", "waiting", "all")
SHOWN_MOST = 200


@dataclasses.dataclass(frozen=True)
class Reading:
    """The queue of all agents at a moment. `drawn`: the rows that were drawn from it, by all that they depend on."""

    at: datetime.datetime
    rows: list[Row]
    endings: dict[str, str]
    spending: list[Any]
    drawn: dict[tuple[Any, ...], Markup] = dataclasses.field(default_factory=dict)


READING = web.AppKey("reading", Together[Reading])


def reading_of(here: Office) -> Together[Reading]:
    """Reads the queue, once for all pages that ask for it at the same time: fifty of them do whenever something happens."""

    async def read() -> Reading:
        here.shelf.refresh()
        async with here.sessions() as session:
            found = await overview.rows(session, here.shelf.brands)
            proved = await here.proved(session, [row.id for row in found])
            spending = await here.spending(session)
        endings = {conversation: account[-4:] for conversation, account in proved.items()}
        return Reading(here.now(), found, endings, spending)

    return Together(read)


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
        here = office(request)
        async with here.sessions.begin() as session:
            await audit_reading(session, signed(request).agent.id, "read_queue", "queue", here.now())
        return page(request, "queue.html", **values)


async def queue_values(request: web.Request) -> dict[str, Any]:
    """What the list's template needs; also beside a conversation."""
    here, agent = office(request), signed(request).agent
    reading = await request.app[READING]()
    show = request.query.get("show", "open")
    team, brand = request.query.get("team", ""), request.query.get("brand", "")
    own = agent.id
    every = overview.of_agent(reading.rows, agent, reading.at)
    found = [
        row
        for row in every
        if (not team or row.team == team)
        and (not brand or row.brand == brand)
        and (show == "all" or (row.agent == own and show != "waiting") or (row.waiting and show != "mine"))
    ]
    words = Words(language_of(request))
    names = Names(here.shelf, words)
    current, query = request.match_info.get("id", ""), request.query_string

    def drawn(row: Row) -> Markup:
        mine = row.agent == own
        key = (row.id, words.language, mine, row.id == current, query)
        if key not in reading.drawn:
            values = {"row": row, "mine": mine, "ending": reading.endings.get(row.id, ""), "now": reading.at}
            known = {"t": words, "names": names, "brands": here.shelf.brands, "query": query, "current": current}
            reading.drawn[key] = Markup(PAGES.get_template("parts/queue_row.html").render({**known, **values}))
        return reading.drawn[key]

    return {
        "rows": Markup("").join(drawn(row) for row in found[:SHOWN_MOST]),
        "hidden": len(found[SHOWN_MOST:]),
        "spending": [one for one in reading.spending if not agent.brands or one.brand in agent.brands],
        "waiting": sum(row.waiting for row in every),
        "show": show if show in SHOWN else "open",
        "team": team if team in TEAMS else "",
        "brand": brand if brand in here.shelf.brands else "",
        "teams": list(TEAMS),
        "names": names,
        "query": query,
        "current": current,
    }
