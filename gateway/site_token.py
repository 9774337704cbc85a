"""The signed token with which a company's own site says who is logged in there: the other way to be verified.

HS256 with the brand's own secret (IDENTITY_SECRET_<BRAND>): `aud` "support-assistant", `brand`, `account`, `iat` and `exp`, at most ten
minutes apart. A site that signs for one brand says nothing about another's customers.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import jwt

AUDIENCE = "support-assistant"
LONGEST = datetime.timedelta(minutes=10)
LONGEST_ACCOUNT = 40  # characters, as the tables hold
SKEW = datetime.timedelta(seconds=30)  # clocks of two companies


def account_of(token: object, brand: str, secrets: Mapping[str, str], now: datetime.datetime) -> str | None:
    """The account that a token of the brand's site proves; None for any other token, and where the brand has no secret."""
    secret = secrets.get(brand)
    if not secret or not isinstance(token, str):
        return None
    try:
        # The times are checked below, by the program's clock.
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            audience=AUDIENCE,
            options={"require": ["exp", "iat", "aud"], "verify_exp": False, "verify_iat": False},
        )
        issued, ends = (datetime.datetime.fromtimestamp(claims[name], datetime.UTC) for name in ("iat", "exp"))
    except (jwt.PyJWTError, TypeError, ValueError, OverflowError, OSError):
        return None
    timely = issued <= now + SKEW and now < ends <= issued + LONGEST
    account = claims.get("account")
    named = isinstance(account, str) and 0 < len(account) <= LONGEST_ACCOUNT and account.isprintable()
    return account if timely and claims.get("brand") == brand and named else None
