"""A conversation: what was said, what is known, and what an agent does about it."""

from __future__ import annotations

import datetime
import re
import secrets
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from desk import dossier, handover, overview
from desk.agent_models import Agent
from desk.agents import audit_reading
from desk.canned import answers_for
from desk.console.names import TEAMS, Names, known_facts, summary
from desk.console.queue_pages import queue_values
from desk.console.web import TEXT_MOST, Refusal, field, go, is_htmx, language_of, office, page, signed
from desk.console.words import Words
from desk.feed import TYPING, announce
from desk.handover import HeldBy, NotHeld
from gateway.models import Conversation

FORM_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
SNOOZES = {
    "hour": datetime.timedelta(hours=1),
    "afternoon": datetime.timedelta(hours=4),
    "week": datetime.timedelta(days=7),
}


class TalkPages:
    """The handlers. Each of the changes parses, calls one function of desk/handover.py, renders."""

    def routes(self) -> list[web.RouteDef]:
        """The routes of a conversation."""
        prefix = "/conversations/{id}"
        changes = {
            "take": self.take,
            "answer": self.answer,
            "note": self.note,
            "hand-back": self.hand_back,
            "resolve": self.resolve,
            "snooze": self.snooze,
            "transfer": self.transfer,
        }
        return [
            web.get(prefix, self.show),
            web.get(f"{prefix}/live", self.live),
            web.get(f"{prefix}/facts", self.facts),
            web.post(f"{prefix}/typing", self.typing),
            *(web.post(f"{prefix}/{name}", handler) for name, handler in changes.items()),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """The whole page, the queue beside it."""
        return page(request, "conversation.html", **{**await queue_values(request), **await self._values(request)})

    async def live(self, request: web.Request) -> web.Response:
        """What changes by itself: transcript, state, dossier. What was refused stays in sight until the agent does something."""
        return page(request, "parts/live.html", acted=False, **await self._values(request))

    async def facts(self, request: web.Request) -> web.Response:
        """What billing knows of the account that the customer has proved, while that counts."""
        talk = await self._talk(request)
        found = await office(request).facts(talk.id)
        if found:
            async with office(request).sessions.begin() as session:
                await _read(session, signed(request).agent, "read_account", talk.id, office(request).now())
        return page(request, "parts/facts.html", talk=talk, facts=found)

    async def typing(self, request: web.Request) -> web.Response:
        """Tells colleagues who look at the same conversation that somebody writes."""
        talk = await self._talk(request)
        async with office(request).sessions.begin() as session:
            subject = f"{talk.id}:{signed(request).agent.id}"
            announce(session, TYPING, subject, talk.brand, office(request).now())
        return web.Response(status=204)

    async def take(self, request: web.Request) -> web.Response:
        """This agent has it from now on."""
        agent, brand = signed(request).agent, await self._brand(request)
        from_colleague = await field(request, "from_colleague", 3) == "yes"

        async def change(to: handover.Change) -> None:
            await handover.take(to, agent, brand, from_colleague=from_colleague)

        return await self._change(request, change)

    async def answer(self, request: web.Request) -> web.Response:
        """Says something to the customer."""
        text, form_id = await field(request, "text", TEXT_MOST), await field(request, "form_id", 64)
        article = await field(request, "article", 80) or None
        brand = await self._brand(request)
        if not text:
            raise Refusal("empty", 422)
        if not FORM_ID.fullmatch(form_id):
            raise Refusal("bad_form", 422)

        async def change(to: handover.Change) -> None:
            await handover.answer(to, signed(request).agent, brand, text, form_id, article)

        return await self._change(request, change, said=True)

    async def note(self, request: web.Request) -> web.Response:
        """Writes for colleagues only."""
        text = await field(request, "text", TEXT_MOST)
        if not text:
            raise Refusal("empty", 422)

        async def change(to: handover.Change) -> None:
            await handover.note(to, signed(request).agent, text)

        return await self._change(request, change, said=True)

    async def hand_back(self, request: web.Request) -> web.Response:
        """To the assistant."""

        async def change(to: handover.Change) -> None:
            await handover.hand_back(to, signed(request).agent)

        return await self._change(request, change)

    async def resolve(self, request: web.Request) -> web.Response:
        """Settled."""

        async def change(to: handover.Change) -> None:
            await handover.resolve(to, signed(request).agent)

        return await self._change(request, change)

    async def snooze(self, request: web.Request) -> web.Response:
        """Until later, or until the customer writes."""
        length = await field(request, "until", 20)
        brand = await self._brand(request)
        until = _until(length, office(request).now(), ZoneInfo(brand.hours["time_zone"]))

        async def change(to: handover.Change) -> None:
            await handover.snooze(to, signed(request).agent, until)

        return await self._change(request, change)

    async def transfer(self, request: web.Request) -> web.Response:
        """To a team."""
        team = await field(request, "team", 40)
        if team not in TEAMS:
            raise Refusal("bad_form", 422)

        async def change(to: handover.Change) -> None:
            await handover.transfer(to, signed(request).agent, team, TEAMS[team])

        return await self._change(request, change)

    async def _change(self, request: web.Request, change: Any, *, said: bool = False) -> web.Response:
        talk = await self._talk(request)
        words = Words(language_of(request))
        problem, status = None, 200
        try:
            async with office(request).at_desk(talk.id) as to:
                await change(to)
        except HeldBy as held:
            problem, status = words("held_by", name=held.name), 409
        except NotHeld:
            problem, status = words("not_held"), 409
        if not is_htmx(request):
            if problem:
                return page(request, "problem.html", status, problem=problem)
            return go(request, f"/desk/conversations/{talk.id}")
        response = page(
            request, "parts/live.html", status, **{**await self._values(request), "acted": True, "problem": problem}
        )
        if said and not problem:
            response.headers["HX-Trigger"] = "desk:said"
        return response

    async def _values(self, request: web.Request) -> dict[str, Any]:
        here, own = office(request), signed(request)
        here.shelf.refresh()
        talk = await self._talk(request)
        async with here.sessions.begin() as session:
            account = (await here.proved(session, [talk.id])).get(talk.id)
            found = await dossier.read(session, talk, account)
            canned = await answers_for(session, talk.brand)
            await _read(session, own.agent, "read_conversation", talk.id, here.now())
        words = Words(language_of(request))
        names = Names(here.shelf, words)
        brand = here.shelf.brands[talk.brand]
        language = talk.language or "fr"
        articles = [article for one in found.candidates if (article := here.shelf.article(one, language))]
        other = "en" if words.language == "fr" else "fr"
        return {
            "talk": talk,
            "brand_of_talk": brand,
            "zone": ZoneInfo(brand.hours["time_zone"]),
            "file": found,
            "account_ending": account[-4:] if account else "",
            "names": names,
            "outcome_of": dossier.outcome_of,
            "known": known_facts(found, names),
            "summaries": [(one, summary(found, here.shelf, one, account)) for one in (words.language, other)],
            "articles": articles,
            "canned": canned,
            "customer_language": language,
            "due_at": overview.due(talk, brand),
            "mine": talk.handled_by == "agent" and talk.agent == own.agent.id,
            "held": talk.handled_by == "agent" and talk.agent != own.agent.id,
            "form_id": secrets.token_urlsafe(12),
            "teams": list(TEAMS),
        }

    async def _brand(self, request: web.Request) -> Any:
        return office(request).shelf.brands[(await self._talk(request)).brand]

    async def _talk(self, request: web.Request) -> Conversation:
        """The conversation of the address. Raises Refusal where it is not there, or of a brand that is not the agent's."""
        async with office(request).sessions() as session:
            talk = await session.get(Conversation, request.match_info["id"])
        brands = signed(request).agent.brands
        if talk is None or (brands and talk.brand not in brands) or talk.brand not in office(request).shelf.brands:
            raise Refusal("not_found", 404)
        return talk


def _until(length: str, now: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """When what was put off comes back: in some hours, or tomorrow at eight, the brand's time."""
    if length == "tomorrow":
        day = now.astimezone(zone).date() + datetime.timedelta(days=1)
        return datetime.datetime.combine(day, datetime.time(8), zone)
    if length not in SNOOZES:
        raise Refusal("bad_form", 422)
    return now + SNOOZES[length]


async def _read(session: AsyncSession, agent: Agent, what: str, conversation: str, now: datetime.datetime) -> None:
    await audit_reading(session, agent.id, what, f"conversation:{conversation}", now)
