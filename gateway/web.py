"""What every HTTP handler shares: keys of the application, problem documents, the language of an error."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from babel import Locale, UnknownLocaleError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gateway.sentences import Sentences
from monitoring.web import route_of

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SENTENCES = web.AppKey("sentences", Sentences)
# What a database that is away, locked or full raises: trying again can help. An IntegrityError is none of them: it is our fault.
UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout, OSError, TimeoutError)
LATER_S = 5


class Problem(Exception):
    """An answer that is an error: a name of data/sentences.yml, a status and the values of its text.

    `retry_after` among the values: the seconds after which the same request may do.
    """

    def __init__(self, name: str, status: int, language: str | None = None, **values: Any) -> None:
        super().__init__(name)
        self.name = name
        self.status = status
        self.language = language
        self.values = values


def language_of(request: web.Request) -> str:
    """The language that the client asks for; French where it asks for neither."""
    wanted = [part.split(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(",")]
    for tag in wanted:
        try:
            language = Locale.parse(tag, sep="-").language
        except (ValueError, UnknownLocaleError):
            continue
        if language in ("fr", "en"):
            return language
    return "fr"


def problem_response(request: web.Request, problem: Problem) -> web.Response:
    """The problem as RFC 9457 has it, in the conversation's language where it is known."""
    language = problem.language or language_of(request)
    title, detail = request.app[SENTENCES].problem(problem.name, language, **problem.values)
    body = {"type": f"/problems/{problem.name}", "title": title, "status": problem.status, "detail": detail}
    headers = {"Content-Language": f"{language}-CA"}
    if (later := problem.values.get("retry_after")) is not None:
        body["retry_after"] = later
        headers["Retry-After"] = str(later)
    return web.json_response(
        body,
        status=problem.status,
        content_type="application/problem+json",
        headers=headers,
        dumps=lambda data: json.dumps(data, ensure_ascii=False),
    )


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns every error into a problem document; nothing of the inside is shown."""
    try:
        return await handler(request)
    except Problem as problem:
        return problem_response(request, problem)
    except web.HTTPNotFound:
        return problem_response(request, Problem("not_found", 404))
    except web.HTTPMethodNotAllowed as error:
        response = problem_response(request, Problem("method", 405))
        response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return response
    except web.HTTPRequestEntityTooLarge:
        return problem_response(request, Problem("too_large", 413))
    except web.HTTPException:
        raise
    except UNAVAILABLE as error:
        log.warning("%s %s: unavailable: %s", request.method, route_of(request), type(error).__name__)
        return problem_response(request, Problem("unavailable", 503, retry_after=LATER_S))
    except Exception:
        log.exception("%s %s failed", request.method, route_of(request))
        return problem_response(request, Problem("internal", 500))


def same(given: str, secret: str) -> bool:
    """Whether a header holds the secret; takes as long for a near miss as for any other. A header may hold any bytes."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


async def json_object(request: web.Request, language: str | None = None) -> dict[str, Any]:
    """The body as a JSON object. Raises Problem."""
    try:
        body = json.loads((await request.read()).decode("utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        raise Problem("bad_json", 400, language) from error
    if not isinstance(body, dict):
        raise Problem("bad_json", 400, language)
    return body


def json_response(body: Any, status: int = 200) -> web.Response:
    """JSON with its accents readable."""
    return web.json_response(body, status=status, dumps=lambda data: json.dumps(data, ensure_ascii=False))
