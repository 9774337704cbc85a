"""What every handler of this backend shares: who calls, in which language, how a body is read, how errors are told."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from billing.brands import Brands
from billing.database import Database
from billing.pages import Pages
from billing.payment_provider import PaymentProvider
from billing.problems import Problem, ProblemWords, preferred_language
from billing.settings import Settings
from billing.tokens import Caller, Courier, Customer, Locator, NotVerified, TokenRefused, Visitor, read_token
from monitoring.web import route_of

logger = logging.getLogger(__name__)

BODY_LIMIT = 16 * 1024
Clock = Callable[[], datetime]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LocatorHandler = Callable[[web.Request, Locator], Awaitable[web.StreamResponse]]
CourierHandler = Callable[[web.Request, Courier], Awaitable[web.StreamResponse]]
CustomerHandler = Callable[[web.Request, Customer], Awaitable[web.StreamResponse]]
VisitorHandler = Callable[[web.Request, Visitor], Awaitable[web.StreamResponse]]

_SLUG_BY_STATUS = {404: "no-such-page", 405: "method-not-allowed", 413: "too-large"}


@dataclass(frozen=True, slots=True)
class Backend:
    """What `create_app` built for the handlers. `offers`: by brand, the changes it lets its customers make here."""

    settings: Settings
    database: Database
    clock: Clock
    words: ProblemWords
    offers: Mapping[str, frozenset[str]]
    brands: Brands
    provider: PaymentProvider
    pages: Pages
    document_words: Mapping[str, Any]
    revision: str
    openapi: str

    def now(self) -> datetime:
        """This moment in the company's time zone, so that its date is the customer's date."""
        return self.clock().astimezone(self.settings.time_zone)


BACKEND = web.AppKey("backend", Backend)


def for_gateway(handler: LocatorHandler) -> Handler:
    """The handler, for a token of scope "locate" only, with who asks."""

    async def checked(request: web.Request) -> web.StreamResponse:
        caller = _caller(request)
        if not isinstance(caller, Locator):
            raise Problem("forbidden")
        return await handler(request, caller)

    return checked


def for_courier(handler: CourierHandler) -> Handler:
    """The handler, for a token of scope "notices" only."""

    async def checked(request: web.Request) -> web.StreamResponse:
        caller = _caller(request)
        if not isinstance(caller, Courier):
            raise Problem("forbidden")
        return await handler(request, caller)

    return checked


def for_customer(handler: CustomerHandler) -> Handler:
    """The handler, for a token of scope "account" only. It gets its customer from here and cannot forget the check."""

    async def checked(request: web.Request) -> web.StreamResponse:
        caller = _caller(request)
        if not isinstance(caller, Customer):
            raise Problem("forbidden")
        return await handler(request, caller)

    return checked


def for_visitor(handler: VisitorHandler, *, offer: str) -> Handler:
    """The handler, for a token of scope "catalogue" only, and for the brands that offer this (`data/brands.yml`).

    A query may name the brand too; it must then be the token's.
    """

    async def checked(request: web.Request) -> web.StreamResponse:
        caller = _caller(request)
        if not isinstance(caller, Visitor) or request.query.get("brand", caller.brand) != caller.brand:
            raise Problem("forbidden")
        require_offer(request, caller.brand, offer)
        return await handler(request, caller)

    return checked


def require_offer(request: web.Request, brand: str, offer: str) -> None:
    """Raises the Problem to answer with where the brand does not offer this."""
    if offer not in request.app[BACKEND].offers.get(brand, frozenset()):
        raise Problem("not-offered")


def _caller(request: web.Request) -> Caller:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem("unauthorized")
    backend = request.app[BACKEND]
    try:
        return read_token(token.strip(), secret=backend.settings.token_secret, now=backend.clock())
    except TokenRefused as error:
        logger.info("token refused: %s", error)
        raise Problem("unauthorized") from error
    except NotVerified as error:
        raise Problem("forbidden") from error


def require_administrator(customer: Customer) -> None:
    """Raises the Problem to answer with where the customer is a secondary user."""
    if customer.role == "secondary":
        raise Problem("administrator-only")


async def json_body(request: web.Request, *fields: str, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """The body, a JSON object with exactly these fields, and any of the optional ones; else the Problem to answer with.

    Values are not checked.
    """
    if request.content_type != "application/json":
        raise Problem("not-json")
    try:
        body = json.loads((await request.read()).decode())
    # RecursionError: 16 kB hold enough brackets for it.
    except (ValueError, RecursionError) as error:
        raise Problem("bad-request") from error
    if not isinstance(body, dict):
        raise Problem("bad-request")
    for field in (*fields, *body):
        if field not in (*fields, *optional) or field not in body:
            raise invalid(field)
    return body


def text_field(body: Mapping[str, Any], field: str, *, longest: int) -> str:
    """A text of 1 to `longest` characters; else the Problem to answer with."""
    value = body[field]
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise invalid(field)
    return value


def limit_parameter(request: web.Request, name: str = "limit", *, default: int, most: int) -> int:
    """A query parameter that counts, from 1 to `most`; else the Problem to answer with."""
    value = request.query.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) <= 4 and 1 <= int(value) <= most):
        raise invalid(name)
    return int(value)


def invalid(field: str) -> Problem:
    # The name may be the caller's own invention: enough of it to recognise, no more.
    return Problem("invalid-field", values={"field": field[:40]}, members={"field": field[:40]})


@web.middleware
async def tell_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error leaves as a problem document, and nothing that a customer's account says is kept by a cache."""
    headers = {}
    try:
        response = await handler(request)
    except Problem as problem:
        response = problem_response(request, problem)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        if "Allow" in error.headers:
            headers["Allow"] = error.headers["Allow"]
        slug = _SLUG_BY_STATUS.get(error.status, "http-error")
        response = problem_response(request, Problem(slug, status=error.status))
    except Exception:
        # Not the path: who knows the address of a payment page or a document may use it.
        logger.exception("unhandled error on %s %s", request.method, route_of(request))
        response = problem_response(request, Problem("internal-error"))
    response.headers.update(headers)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def problem_response(request: web.Request, problem: Problem) -> web.Response:
    """The problem as a document in the language that the request prefers."""
    language = preferred_language(request.headers.get("Accept-Language", ""))
    document = request.app[BACKEND].words.document(problem, language)
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    if document["status"] == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="billing"'
    return web.json_response(
        document, status=document["status"], headers=headers, content_type="application/problem+json"
    )
