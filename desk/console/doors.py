"""Pages around signing in: sign in and out, the first set-up, links that set a password, and an agent's own account."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web
from email_validator import EmailNotValidError, validate_email
from markupsafe import Markup
from sqlalchemy import func, select

from desk import authenticator
from desk.agent_models import Agent
from desk.agents import PASSWORD_LEAST, PASSWORD_MOST, audit, end_sessions, fits, hash_password, open_session
from desk.canned import seed
from desk.console.web import COOKIE, SIGNED, Refusal, client_of, field, go, inside, language_of, office, page, signed
from desk.invitations import first_administrator, link_of, set_password, use_link

STATIC = Path(__file__).parent / "static"
# What the preview of an article has of the customers' widget.
WIDGET = Path(__file__).resolve().parents[2] / "widget"
OF_THE_WIDGET = ("markdown.js", "colours.js")
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain"}


class DoorPages:
    """The handlers."""

    def routes(self) -> list[web.RouteDef]:
        """The routes around signing in."""
        return [
            web.get("/sign-in", self.sign_in_page),
            web.post("/sign-in", self.sign_in),
            web.post("/sign-out", self.sign_out),
            web.get("/setup/{token}", self.setup_page),
            web.post("/setup/{token}", self.setup),
            web.get("/link/{token}", self.link_page),
            web.post("/link/{token}", self.link),
            web.get("/account", self.account_page),
            web.post("/account/language", self.language),
            web.post("/account/password", self.password),
            web.post("/account/authenticator", self.turn_on),
            web.post("/account/authenticator/off", self.turn_off),
            web.get("/static/{name}", self.static),
        ]

    async def sign_in_page(self, request: web.Request) -> web.Response:
        """The form; who is signed in goes on."""
        wanted = inside(request.query.get("next", "/desk/"))
        if request.get(SIGNED):
            return go(request, wanted)
        async with office(request).sessions() as session:
            nobody = not await session.scalar(select(func.count()).select_from(Agent))
        return page(request, "sign_in.html", wanted=wanted, email="", nobody=nobody)

    async def sign_in(self, request: web.Request) -> web.Response:
        """Address, password and code."""
        email, code = await field(request, "email", 254), await field(request, "code", 20)
        password = str((await request.post()).get("password", ""))
        wanted = inside(await field(request, "next", 500) or "/desk/")
        client = client_of(request)
        outcome = await office(request).doors.sign_in(email, password, code, client)
        if outcome.token is None:
            problem = "sign_in_closed" if outcome.closed else "sign_in_wrong"
            status = 429 if outcome.closed else 401
            return page(request, "sign_in.html", status, wanted=wanted, email=email, nobody=False, problem=problem)
        return self._with_session(request, wanted, outcome.token)

    async def sign_out(self, request: web.Request) -> web.Response:
        """Ends the session."""
        await office(request).doors.sign_out(signed(request))
        response = go(request, "/desk/sign-in")
        response.del_cookie(COOKIE, path="/desk")
        return response

    async def setup_page(self, request: web.Request) -> web.Response:
        """The first administrator's form."""
        await self._link(request, first=True)
        return page(request, "setup.html", email="", name="", least=PASSWORD_LEAST)

    async def setup(self, request: web.Request) -> web.Response:
        """Makes the first administrator, once, and the canned answers to begin with."""
        await self._link(request, first=True)
        email, name = await field(request, "email", 254), await field(request, "name", 80)
        password = str((await request.post()).get("password", ""))
        problem = _wrong_address(email) or ("name_missing" if not name else None) or _wrong_password(password)
        if problem:
            return page(request, "setup.html", 422, email=email, name=name, least=PASSWORD_LEAST, problem=problem)
        hashed = await hash_password(password)
        here, at = office(request), office(request).now()
        async with here.sessions.begin() as session:
            link = await link_of(session, request.match_info["token"], at)
            if link is None or not await use_link(session, link, at):
                raise Refusal("link_over", 410)
            agent = await first_administrator(
                session, email=email, name=name, language=language_of(request), password_hash=hashed, now=at
            )
            if agent is None:
                raise Refusal("link_over", 410)
            await seed(session)
            token = await open_session(session, agent, at)
        return self._with_session(request, "/desk/", token)

    async def link_page(self, request: web.Request) -> web.Response:
        """The form for a password."""
        agent = await self._link(request)
        return page(request, "link.html", name=agent.name if agent else "", least=PASSWORD_LEAST)

    async def link(self, request: web.Request) -> web.Response:
        """Sets the password of an invitation, or a new one."""
        agent = await self._link(request)
        password = str((await request.post()).get("password", ""))
        problem = _wrong_password(password)
        if problem:
            name = agent.name if agent else ""
            return page(request, "link.html", 422, name=name, least=PASSWORD_LEAST, problem=problem)
        hashed = await hash_password(password)
        here, at = office(request), office(request).now()
        async with here.sessions.begin() as session:
            link = await link_of(session, request.match_info["token"], at)
            if link is None or link.agent is None or not await use_link(session, link, at):
                raise Refusal("link_over", 410)
            await set_password(session, await session.get_one(Agent, link.agent), hashed, at)
        # Whoever has an authenticator must show it: a link alone lets nobody in.
        return go(request, "/desk/sign-in")

    async def account_page(self, request: web.Request) -> web.Response:
        """One's own settings."""
        return self._account(request)

    async def language(self, request: web.Request) -> web.Response:
        """The other language, and back to where one was."""
        language, back = await field(request, "language", 2), inside(await field(request, "back", 500))
        if language not in ("fr", "en"):
            raise Refusal("bad_form", 422)
        async with office(request).sessions.begin() as session:
            (await session.get_one(Agent, signed(request).agent.id)).language = language
        return go(request, back)

    async def password(self, request: web.Request) -> web.Response:
        """A new password; other browsers are signed out."""
        form = await request.post()
        old, new = str(form.get("old", "")), str(form.get("password", ""))
        own, here = signed(request), office(request)
        if not await fits(own.agent.password_hash, old):
            return self._account(request, 422, problem="old_password_wrong")
        if problem := _wrong_password(new):
            return self._account(request, 422, problem=problem)
        hashed = await hash_password(new)
        async with here.sessions.begin() as session:
            (await session.get_one(Agent, own.agent.id)).password_hash = hashed
            await end_sessions(session, own.agent.id, but=own.token_hash)
            audit(session, own.agent.id, "password_set", f"agent:{own.agent.id}", here.now())
        return self._account(request, done="password_set")

    async def turn_on(self, request: web.Request) -> web.Response:
        """An authenticator, once it has shown a code."""
        secret, code = await field(request, "secret", 64), await field(request, "code", 20)
        own, here = signed(request), office(request)
        if own.agent.totp_secret:
            return go(request, "/desk/account")
        try:
            step = authenticator.step_of(secret, code, here.now())
        except ValueError:
            raise Refusal("bad_form", 422) from None
        if step is None:
            return self._account(request, 422, problem="code_wrong", secret=secret)
        async with here.sessions.begin() as session:
            agent = await session.get_one(Agent, own.agent.id)
            agent.totp_secret, agent.totp_used = secret, step
            await end_sessions(session, agent.id, but=own.token_hash)
            audit(session, agent.id, "authenticator_on", f"agent:{agent.id}", here.now())
        return go(request, "/desk/account")

    async def turn_off(self, request: web.Request) -> web.Response:
        """Without an authenticator again: the password must be given."""
        password = str((await request.post()).get("old", ""))
        own, here = signed(request), office(request)
        if not await fits(own.agent.password_hash, password):
            return self._account(request, 422, problem="old_password_wrong")
        async with here.sessions.begin() as session:
            (await session.get_one(Agent, own.agent.id)).totp_secret = None
            audit(session, own.agent.id, "authenticator_off", f"agent:{own.agent.id}", here.now())
        return go(request, "/desk/account")

    async def static(self, request: web.Request) -> web.FileResponse:
        """A file of the pages."""
        name = request.match_info["name"]
        folder = WIDGET if name in OF_THE_WIDGET else STATIC
        path = folder / name
        kind = KINDS.get(path.suffix)
        if kind is None or path.parent != folder or not path.is_file():
            raise web.HTTPNotFound
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Cache-Control": "no-cache"}
        return web.FileResponse(path, headers=headers)

    def _account(self, request: web.Request, status: int = 200, *, secret: str = "", **values: str) -> web.Response:
        agent = signed(request).agent
        secret = secret or ("" if agent.totp_secret else authenticator.new_secret())
        picture = Markup(authenticator.picture(secret, agent.email)) if secret else ""
        return page(request, "account.html", status, secret=secret, picture=picture, least=PASSWORD_LEAST, **values)

    async def _link(self, request: web.Request, *, first: bool = False) -> Agent | None:
        """The agent of the link in the address, None for the first one's. Raises Refusal."""
        async with office(request).sessions() as session:
            link = await link_of(session, request.match_info["token"], office(request).now())
            if link is None or first != (link.agent is None):
                raise Refusal("link_over", 410)
            return await session.get(Agent, link.agent) if link.agent is not None else None

    def _with_session(self, request: web.Request, path: str, token: str) -> web.Response:
        response = go(request, path)
        secure = office(request).production
        response.set_cookie(COOKIE, token, path="/desk", httponly=True, samesite="Strict", secure=secure)
        return response


def _wrong_address(email: str) -> str | None:
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        return "address_wrong"
    return None


def _wrong_password(password: str) -> str | None:
    if len(password) < PASSWORD_LEAST:
        return "password_short"
    return "password_long" if len(password) > PASSWORD_MOST else None
