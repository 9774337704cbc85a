"""The id of the request that is being served: one for a customer's message, through every process that has to do with it.

It goes from process to process in the header `X-Request-Id`, stands in every log line, and is the trace's id where traces are on. A reverse
proxy may make it: nginx's `$request_id` has the same form.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from contextvars import ContextVar

HEADER = "X-Request-Id"
_FORM = re.compile(r"[0-9a-f]{32}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id of the request that this task serves; "" where it serves none."""
    return _current.get()


def begin(given: str | None = None) -> str:
    """Takes up the id that came with a request, or a new one where none came that has its form. Only log lines rest on it."""
    found = given if given and _FORM.fullmatch(given) and given.strip("0") else secrets.token_hex(16)
    _current.set(found)
    return found


def begin_from(headers: Mapping[str, str]) -> str:
    """The same from a request's headers."""
    return begin(headers.get(HEADER))


def carried() -> dict[str, str]:
    """The header for a call to another process."""
    found = _current.get()
    return {HEADER: found} if found else {}
