"""Fields of a JSON body: each function returns the value in its own type, or raises the Problem to answer with."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from billing.money import CAD, ZERO
from billing.problems import Problem
from billing.web import invalid, text_field

_AMOUNT = re.compile(r"[0-9]{1,7}(\.[0-9]{2})?")
# No control characters, and no half of a surrogate pair, which no database takes.
_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def amount_field(body: Mapping[str, Any], field: str) -> CAD:
    """An amount above zero, such as "123.45", as text: a number of JSON is a float for most who write it."""
    value = text_field(body, field, longest=10)
    if not _AMOUNT.fullmatch(value) or CAD(value) <= ZERO:
        raise invalid(field)
    return CAD(value)


def day_field(body: Mapping[str, Any], field: str) -> date:
    """A day such as "2026-03-05"."""
    value = text_field(body, field, longest=10)
    try:
        if not _DAY.fullmatch(value):
            raise invalid(field)
        return date.fromisoformat(value)
    except ValueError as error:
        raise invalid(field) from error


def choice_field(body: Mapping[str, Any], field: str, choices: Container[str]) -> str:
    """One of the choices."""
    value = text_field(body, field, longest=40)
    if value not in choices:
        raise invalid(field)
    return value


def line_field(body: Mapping[str, Any], field: str, *, longest: int) -> str:
    """A text of one line with something in it, without blanks at its ends."""
    value = text_field(body, field, longest=longest).strip()
    if not _LINE.fullmatch(value):
        raise invalid(field)
    return value


def email_field(body: Mapping[str, Any], field: str) -> str:
    """The address in its normal form, checked without the network: a name server must not decide an enrolment."""
    text = text_field(body, field, longest=254)
    try:
        # An accent before the @ is nearly always a slip ("amélie@…"), and few mail servers would take it.
        return validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as error:
        raise Problem("invalid-email", members={"field": field}) from error
