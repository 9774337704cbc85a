"""Who has access to the desk: an administrator invites people, changes their roles, sends links for passwords, ends an access."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select

from desk.agent_models import Agent
from desk.agents import ADMINISTRATOR, ROLES, audit, end_sessions
from desk.console.names import TEAMS, Names
from desk.console.web import Refusal, field, go, language_of, office, page, signed
from desk.console.words import Words
from desk.invitations import Taken, invite, link_address, password_nonce


class PeoplePages:
    """The handlers; all are for administrators."""

    def routes(self) -> list[web.RouteDef]:
        """The routes of people."""
        return [
            web.get("/agents", self.show),
            web.post("/agents", self.invite),
            web.get("/agents/{id}", self.edit),
            web.post("/agents/{id}", self.change),
            web.post("/agents/{id}/link", self.link),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """Everybody, and the form that invites one more."""
        self._administrator(request)
        return await self._list(request)

    async def invite(self, request: web.Request) -> web.Response:
        """A new agent; the link goes by mail, and is shown here once."""
        own = self._administrator(request)
        here = office(request)
        email, name = await field(request, "email", 254), await field(request, "name", 80)
        role, language, team, brands = await self._rights(request)
        try:
            validate_email(email, check_deliverability=False)
        except EmailNotValidError:
            return await self._list(request, 422, problem="address_wrong", email=email, name=name)
        if not name:
            return await self._list(request, 422, problem="name_missing", email=email, name=name)
        try:
            async with here.sessions.begin() as session:
                agent, nonce = await invite(
                    session,
                    here.secret,
                    by=own.id,
                    email=email,
                    name=name,
                    role=role,
                    language=language,
                    team=team,
                    brands=brands,
                    now=here.now(),
                )
                self._write(request, session, agent, "agent_invitation", nonce)
        except Taken:
            return await self._list(request, 409, problem="address_taken", email=email, name=name)
        here.wake()
        return await self._list(request, link=self._address(request, nonce), linked=agent.email)

    async def edit(self, request: web.Request) -> web.Response:
        """One person's rights."""
        self._administrator(request)
        return self._form(request, await self._agent(request))

    async def change(self, request: web.Request) -> web.Response:
        """Changes somebody's rights; whose access ends is signed out at once."""
        own, here = self._administrator(request), office(request)
        person = await self._agent(request)
        name = await field(request, "name", 80)
        role, language, team, brands = await self._rights(request)
        active = await field(request, "active", 3) == "yes"
        if not name:
            return self._form(request, person, 422, problem="name_missing")
        async with here.sessions.begin() as session:
            agent = await session.get_one(Agent, person.id, with_for_update=True)
            others = await session.scalar(
                select(func.count())
                .select_from(Agent)
                .where(Agent.role == ADMINISTRATOR, Agent.active, Agent.id != agent.id)
            )
            if not others and (role != ADMINISTRATOR or not active):
                return self._form(request, person, 409, problem="last_administrator")
            if agent.role != role or agent.active != active:
                await end_sessions(session, agent.id, but=signed(request).token_hash if agent.id == own.id else None)
            agent.name, agent.role, agent.language, agent.team = name, role, language, team
            agent.brands, agent.active = brands, active
            audit(session, own.id, "changed_agent", f"agent:{agent.id}", here.now(), role=role, active=active)
        return go(request, "/desk/agents")

    async def link(self, request: web.Request) -> web.Response:
        """A link for a new password, by mail and shown here once."""
        own, here = self._administrator(request), office(request)
        person = await self._agent(request)
        async with here.sessions.begin() as session:
            agent = await session.get_one(Agent, person.id)
            nonce = await password_nonce(session, here.secret, own.id, agent, here.now())
            self._write(request, session, agent, "agent_password", nonce)
        here.wake()
        return await self._list(request, link=self._address(request, nonce), linked=person.email)

    async def _list(self, request: web.Request, status: int = 200, **values: Any) -> web.Response:
        async with office(request).sessions() as session:
            people = list(await session.scalars(select(Agent).order_by(Agent.active.desc(), Agent.name)))
        known = {"link": "", "linked": "", "email": "", "name": "", **values}
        return page(request, "people.html", status, people=people, **self._choices(request), **known)

    def _form(self, request: web.Request, person: Agent, status: int = 200, **values: Any) -> web.Response:
        return page(request, "person.html", status, person=person, **self._choices(request), **values)

    def _choices(self, request: web.Request) -> dict[str, Any]:
        names = Names(office(request).shelf, Words(language_of(request)))
        return {"roles": ROLES, "teams": list(TEAMS), "names": names}

    def _write(self, request: web.Request, session: Any, agent: Agent, letter: str, nonce: str) -> None:
        office(request).write(
            session,
            letter=letter,
            nonce=nonce,
            email=agent.email,
            name=agent.name,
            language=agent.language,
            brands=agent.brands,
        )

    def _address(self, request: web.Request, nonce: str) -> str:
        here = office(request)
        return link_address(here.public_url, here.secret, nonce)

    async def _rights(self, request: web.Request) -> tuple[str, str, str, list[str]]:
        role, language = await field(request, "role", 16), await field(request, "language", 2)
        team = await field(request, "team", 40)
        brands = [str(one) for one in (await request.post()).getall("brands", [])]
        known = office(request).shelf.brands
        if role not in ROLES or language not in ("fr", "en") or team not in TEAMS or not set(brands) <= set(known):
            raise Refusal("bad_form", 422)
        return role, language, team, [] if set(brands) == set(known) else brands

    def _administrator(self, request: web.Request) -> Agent:
        agent = signed(request).agent
        if agent.role != ADMINISTRATOR:
            raise Refusal("not_allowed", 403)
        return agent

    async def _agent(self, request: web.Request) -> Agent:
        number = request.match_info["id"]
        async with office(request).sessions() as session:
            agent = await session.get(Agent, int(number)) if number.isdecimal() and len(number) < 10 else None
        if agent is None:
            raise Refusal("not_found", 404)
        return agent
