"""What every page of the desk shares: who asks, the form's token, the layout, errors as pages, and the headers."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import hashlib
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk.agents import ADMINISTRATOR, AGENT, Doors, SignedIn
from desk.article_files import ArticleFiles
from desk.attachments import Files
from desk.console.words import Words, marked, shown
from desk.feed import Feed
from desk.handover import Change
from desk.triage_box import TriageBox
from knowledge import Brand, Shelf

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HERE = Path(__file__).parent
COOKIE, FORM_COOKIE = "desk_session", "desk_form"
TEXT_MOST = 4000
# No style and no script in the pages themselves; htmx is told to add none.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
OPEN_PATHS = ("/desk/sign-in", "/desk/setup/", "/desk/link/", "/desk/static/")


@dataclasses.dataclass(frozen=True)
class Office:
    """What the pages work with; the gateway's parts come as functions. `secret`: links are made from it."""

    sessions: async_sessionmaker[AsyncSession]
    shelf: Shelf
    doors: Doors
    feed: Feed
    now: Callable[[], datetime.datetime]
    at_desk: Callable[[str], AbstractAsyncContextManager[Change]]
    # The accounts that conversations have proved, at this moment, by conversation.
    proved: Callable[[AsyncSession, list[str]], Awaitable[dict[str, str]]]
    # Puts what a request's customer is to be told into the outbox, in the transaction.
    tell: Callable[[AsyncSession, Any, Any, datetime.datetime], None]
    # Billing's facts of the account that a conversation has proved; None where it proved none, or billing is away.
    facts: Callable[[str], Awaitable[dict[str, Any] | None]]
    # Puts a letter with a one-time link into the outbox, in the transaction (gateway/agent_letters.py).
    write: Callable[..., None]
    wake: Callable[[], None]
    # The folder of the files that belong to requests.
    attachments: Files
    # The folder of the articles that the gateway reads too.
    knowledge_base: Path
    # What texts mean, as vectors; None while the assistant is away.
    meanings: Callable[[Sequence[str]], Awaitable[list[bytes] | None]]
    # How a text of a brand and language reaches a telephone, with the choices under it (gateway/sms_look.py).
    sms_look: Callable[[Brand, str, str, Sequence[str]], dict[str, Any]]
    # Takes what may not be kept out of a text: card numbers, PINs (gateway/redact.py).
    mask: Callable[[str], str]
    box: TriageBox
    secret: str
    # The brands whose texts have cost most of what they may today.
    spending: Callable[[AsyncSession], Awaitable[list[Any]]]
    # Dollars for a part of a text message.
    part_cost: Decimal
    public_url: str
    production: bool

    @functools.cached_property
    def files(self) -> ArticleFiles:
        """The articles' folder, kept as the table of versions has it."""
        return ArticleFiles(self.sessions, self.knowledge_base, self.now)


OFFICE = web.AppKey("office", Office)
SIGNED = web.RequestKey("signed", SignedIn)
OPEN_FORM = web.RequestKey("open_form", str)
PAGES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGES.filters |= {"marked": marked, "shown": shown}


class Refusal(Exception):
    """An answer that is an error: a name of the table `problems`, and its status."""

    def __init__(self, name: str, status: int, **values: Any) -> None:
        super().__init__(name)
        self.name, self.status, self.values = name, status, values


def office(request: web.Request) -> Office:
    """The application's parts."""
    return request.app[OFFICE]


def signed(request: web.Request) -> SignedIn:
    """Who asks. Raises KeyError on the pages that are open to all."""
    return request[SIGNED]


def language_of(request: web.Request) -> str:
    """The agent's language; before they are known, the one chosen in the address, else the browser's."""
    if request.get(SIGNED):
        return signed(request).agent.language
    chosen = request.query.get("language", "")
    wanted = [chosen, *(part.strip()[:2].lower() for part in request.headers.get("Accept-Language", "").split(","))]
    return next((language for language in wanted if language in ("fr", "en")), "fr")


def client_of(request: web.Request) -> str:
    """The network address that asks. A proxy on this machine is believed about who asked it."""
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    near = request.remote in ("127.0.0.1", "::1")
    return (forwarded if near and forwarded else request.remote or "")[:60]


def is_htmx(request: web.Request) -> bool:
    """Whether the page asks for a part of itself."""
    return request.headers.get("HX-Request") == "true"


def page(request: web.Request, template: str, status: int = 200, **values: Any) -> web.Response:
    """A template, filled."""
    who = request.get(SIGNED)
    words = Words(language_of(request))
    known: dict[str, Any] = {
        "t": words,
        "language": words.language,
        "agent": who.agent if who else None,
        "administers": bool(who and who.agent.role == ADMINISTRATOR),
        "leads": bool(who and who.agent.role != AGENT),
        "form_token": who.form_token if who else _open_form_token(request),
        "now": office(request).now(),
        "here": request.path,
        "brands": office(request).shelf.brands,
        "problem": None,
        "done": None,
    }
    named = words.tables["problems"].get(values.get("problem") or "")
    if named:
        values["problem"] = named[words.language]
    text = PAGES.get_template(template).render({**known, **values})
    return web.Response(text=text, status=status, content_type="text/html")


def go(request: web.Request, path: str) -> web.Response:
    """On to another page, for htmx too."""
    if is_htmx(request):
        return web.Response(status=204, headers={"HX-Redirect": path})
    return web.Response(status=303, headers={"Location": path})


async def field(request: web.Request, name: str, most: int = 200) -> str:
    """A field of the form as text that may be stored, cut at its ends. Raises Refusal where it is too long or no text."""
    value = (await request.post()).get(name, "")
    if not isinstance(value, str):
        raise Refusal("bad_form", 422)
    text = value.replace("\r\n", "\n").strip()
    if len(text) > most:
        raise Refusal("too_long", 422, most=most)
    if any((letter < " " and letter not in "\n\t") or "\ud800" <= letter <= "\udfff" for letter in text):
        raise Refusal("bad_form", 422)
    return text


def inside(path: str) -> str:
    """Where to go after signing in: a page of the desk, nothing else."""
    parts = urlsplit(path)
    good = not parts.scheme and not parts.netloc and path.startswith("/desk/") and "\\" not in path
    return path if good and not path.startswith("/desk/sign-in") else "/desk/"


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets in who is signed in, refuses forms that are not ours, and turns errors into pages."""
    try:
        response = await _guarded(request, handler)
    except Refusal as refusal:
        response = _problem(request, refusal)
    except web.HTTPNotFound:
        response = _problem(request, Refusal("not_found", 404))
    except web.HTTPMethodNotAllowed:
        response = _problem(request, Refusal("not_found", 405))
    except web.HTTPRequestEntityTooLarge:
        response = _problem(request, Refusal("too_large", 413))
    except (web.HTTPException, ConnectionResetError):
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        response = _problem(request, Refusal("internal", 500))
    if not response.prepared:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if OPEN_FORM in request:
            secure = office(request).production
            response.set_cookie(
                FORM_COOKIE, request[OPEN_FORM], path="/desk", httponly=True, samesite="Strict", secure=secure
            )
    return response


async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    is_open = request.path.startswith(OPEN_PATHS)
    if not request.path.startswith("/desk/static/"):
        by_itself = request.headers.get("Desk-Refresh") == "1" or request.path == "/desk/feed"
        who = await office(request).doors.who(request.cookies.get(COOKIE), touch=not by_itself)
        if who:
            request[SIGNED] = who
        elif not is_open:
            wanted = request.path_qs if request.method == "GET" and not is_htmx(request) else "/desk/"
            return go(request, f"/desk/sign-in?next={quote(inside(wanted), safe='/')}")
    if request.method == "POST":
        await _check_form(request)
    return await handler(request)


async def _check_form(request: web.Request) -> None:
    origin = request.headers.get("Origin")
    hosts = {request.host, request.headers.get("X-Forwarded-Host", request.host)}
    if origin is not None and urlsplit(origin).netloc not in hosts:
        raise Refusal("bad_form", 403)
    given = request.headers.get("X-Form-Token") or (await request.post()).get("form_token", "")
    wanted = request[SIGNED].form_token if SIGNED in request else _of_cookie(request.cookies.get(FORM_COOKIE))
    if (
        not wanted
        or not isinstance(given, str)
        or not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())
    ):
        raise Refusal("old_form", 403)


def _open_form_token(request: web.Request) -> str:
    """For pages before signing in: a cookie of its own, and what is made of it in the form."""
    if OPEN_FORM not in request:
        request[OPEN_FORM] = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    return _of_cookie(request[OPEN_FORM])


def _of_cookie(value: str | None) -> str:
    return hashlib.sha256(f"desk form {value}".encode()).hexdigest() if value else ""


def _problem(request: web.Request, refusal: Refusal) -> web.Response:
    words = Words(language_of(request))
    text = words.tables["problems"][refusal.name][words.language].format(**refusal.values)
    if is_htmx(request):
        return page(request, "parts/alert.html", refusal.status, problem=text)
    return page(request, "problem.html", refusal.status, problem=text)
