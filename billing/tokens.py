"""Who may do what: the tokens that the gateway signs for this backend.

A token is a JWT, HS256, audience "billing", with an expiry. Its `scope` is "locate" (the gateway looking for an account,
on nobody's behalf), "notices" (the gateway taking over what is to be sent to customers), "catalogue" (anybody who talks to a
brand: what it offers, and what a serial number finds) or "account" (a verified customer, on that account only). No account is
ever named by a path, a query or a body, but where the OpenAPI document says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from billing.account import normal_account_number

AUDIENCE = "billing"
_ALGORITHM = "HS256"
# What a person may do on the account. The gateway says "holder" for the contact on file, who has the administrator's
# rights; a token that names no role speaks for that contact too.
_ROLES = frozenset({"administrator", "holder", "secondary"})
_LONGEST = 200


class TokenRefused(Exception):
    """The token is missing, altered, expired, or not for this backend. The caller hears no more than that."""


class NotVerified(Exception):
    """The token is good, but the customer it speaks for has proved nothing yet."""


@dataclass(frozen=True, slots=True)
class Locator:
    """The gateway's own right to look for an account; it reads nothing else. `conversation`: "" where it names none."""

    conversation: str = ""


@dataclass(frozen=True, slots=True)
class Courier:
    """The gateway's right to take over the notices that are to be sent."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Anybody who talks to a brand in a conversation and has proved nothing."""

    brand: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A verified person acting on one account in a conversation. `role`: "administrator", "holder" or "secondary"."""

    brand: str
    account: str
    role: str
    conversation: str


Caller = Locator | Courier | Visitor | Customer


def read_token(token: str, *, secret: str, now: datetime) -> Caller:
    """Who the token speaks for at this moment; raises TokenRefused and NotVerified."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=AUDIENCE,
            # The times are compared below, with the clock of this process, which a test can set.
            options={"require": ["exp", "aud"], "verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError as error:
        raise TokenRefused(str(error)) from error
    if _time(claims, "exp") <= now.timestamp():
        raise TokenRefused("expired")
    if "nbf" in claims and _time(claims, "nbf") > now.timestamp():
        raise TokenRefused("not valid yet")
    if claims.get("scope") == "locate":
        return Locator(_text(claims, "conversation") if "conversation" in claims else "")
    if claims.get("scope") == "notices":
        return Courier()
    if claims.get("scope") == "catalogue":
        return Visitor(brand=_text(claims, "brand"), conversation=_text(claims, "conversation"))
    if claims.get("scope") == "account":
        return _customer(claims)
    raise TokenRefused("no known scope")


def _customer(claims: dict[str, Any]) -> Customer:
    if claims.get("level") != "verified":
        raise NotVerified
    role = claims.get("role", "administrator")
    if not isinstance(role, str) or role not in _ROLES:
        raise TokenRefused("no known role")
    return Customer(
        brand=_text(claims, "brand"),
        account=normal_account_number(_text(claims, "account")),
        role=role,
        conversation=_text(claims, "conversation"),
    )


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        raise TokenRefused(f"claim {name} is missing or not a text")
    return value


def _time(claims: dict[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(f"claim {name} is not a time")
    return float(value)
