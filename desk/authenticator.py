"""Codes of an authenticator app (TOTP, RFC 6238): a secret to scan, and which time step a code belongs to. A code is taken once."""

from __future__ import annotations

import datetime
import io

import pyotp
import segno

ISSUER = "Support desk"
STEP_S = 30
DRIFT = 1  # steps that a phone's clock may be off


def new_secret() -> str:
    """160 random bits, in base32."""
    return str(pyotp.random_base32())


def step_of(secret: str, code: str, now: datetime.datetime) -> int | None:
    """The time step whose code this is; None where it fits none of those near `now`."""
    digits = "".join(code.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return None
    codes = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_S
    for step in range(present - DRIFT, present + DRIFT + 1):
        if pyotp.utils.strings_equal(codes.generate_otp(step), digits):
            return step
    return None


def picture(secret: str, email: str) -> str:
    """What an authenticator scans, as SVG to stand in a page (dark on white, whatever the page's colours)."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(drawn, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, light="#ffffff")
    return drawn.getvalue().decode()
