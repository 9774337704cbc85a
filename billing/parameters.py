"""Query parameters: each function returns the value in its own type, or raises the Problem to answer with."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date, datetime
from decimal import Decimal

from aiohttp import web

from billing.availability import BadPostalCode, NotInCanada, canadian_postal_code
from billing.money import CAD
from billing.problems import Problem
from billing.web import invalid

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AMOUNT = re.compile(r"[0-9]{1,5}(\.[0-9]{2})?")
_DISTANCE = re.compile(r"[0-9]{1,5}(\.[0-9]{1,3})?")


def text_parameter(request: web.Request, name: str, *, longest: int = 60) -> str | None:
    """A text of at most `longest` characters; None where it is absent or blank."""
    value = request.query.get(name, "").strip()
    if len(value) > longest:
        raise invalid(name)
    return value or None


def choice_parameter(request: web.Request, name: str, choices: Container[str]) -> str | None:
    """One of the choices; None where it is absent."""
    value = text_parameter(request, name)
    if value is not None and value not in choices:
        raise invalid(name)
    return value


def required(request: web.Request, name: str, value: str | None) -> str:
    if value is None:
        raise invalid(name)
    return value


def day_parameter(request: web.Request, name: str) -> date:
    """A day such as 2026-12-23; it must be there."""
    value = text_parameter(request, name)
    try:
        if value is None or not _DAY.fullmatch(value):
            raise invalid(name)
        return date.fromisoformat(value)
    except ValueError as error:
        raise invalid(name) from error


def moment_parameter(request: web.Request, name: str) -> datetime | None:
    """A moment with its offset, such as 2026-03-05T15:10:00-05:00; None where it is absent."""
    # A + that was not written %2B arrives as a blank.
    value = text_parameter(request, name)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError as error:
        raise invalid(name) from error
    if moment.tzinfo is None:
        raise invalid(name)
    return moment


def distance_parameter(request: web.Request, name: str) -> Decimal | None:
    """Kilometres, whole or with up to three decimals; None where they are absent."""
    value = text_parameter(request, name)
    if value is None:
        return None
    if not _DISTANCE.fullmatch(value):
        raise invalid(name)
    return Decimal(value)


def amount_parameter(request: web.Request, name: str) -> CAD | None:
    """An amount such as 49.95; None where it is absent."""
    value = text_parameter(request, name)
    if value is None:
        return None
    if not _AMOUNT.fullmatch(value):
        raise invalid(name)
    return CAD(value)


def postal_code_parameter(request: web.Request, name: str = "postal_code") -> str | None:
    """A Canadian postal code as it is kept; None where it is absent."""
    value = text_parameter(request, name)
    if value is None:
        return None
    try:
        return canadian_postal_code(value)
    except NotInCanada as error:
        raise Problem("not-in-canada", members={"field": name}) from error
    except BadPostalCode as error:
        raise Problem("bad-postal-code", members={"field": name}) from error
