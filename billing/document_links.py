"""Signed links to documents: who may open what, until when, told by the link itself.

The link names the account by the number of its row, which means nothing outside this database, and is signed with the
key of the tokens for an audience of its own, so that neither can be used as the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

VALID_FOR = timedelta(minutes=30)
KINDS = ("bill", "calls")
_AUDIENCE = "document"
_ALGORITHM = "HS256"


class LinkUnknown(Exception):
    """The link is none that this backend signed."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a link opens: `kind` "bill" with the bill's number, or "calls" with none; `language` "fr" or "en"."""

    kind: str
    account_id: int
    number: str
    language: str


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link that this backend signed. `expired`: it may no longer be used, but its language is known."""

    document: Document
    expired: bool


def sign_link(document: Document, *, secret: str, expires_at: datetime) -> str:
    """The token that stands in the link."""
    claims = {
        "aud": _AUDIENCE,
        "exp": int(expires_at.timestamp()),
        "k": document.kind,
        "a": document.account_id,
        "n": document.number,
        "l": document.language,
    }
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def open_link(token: str, *, secret: str, now: datetime) -> OpenedLink:
    """What the link opens at this moment. Raises LinkUnknown."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            # The time is compared below, with the clock of this process.
            options={"require": ["exp", "aud"], "verify_exp": False},
        )
        document = Document(claims["k"], claims["a"], claims["n"], claims["l"])
    except (jwt.InvalidTokenError, KeyError) as error:
        raise LinkUnknown from error
    return OpenedLink(document, expired=claims["exp"] <= now.timestamp())
