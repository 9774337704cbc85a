"""Texts as Twilio hands them over, and what came of them."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from twilio.request_validator import RequestValidator

TOKEN = "the token of the account in 32 letters"
AMELIE = "+15145550150"
PRIMUS = "+15145550100"
NUMBERS = {"primus": (PRIMUS,), "wrs": ("+16135550100",), "pitney-bowes": ("+18005550100",)}
_SIDS = itertools.count(1)


def sid() -> str:
    return f"SM{next(_SIDS):032x}"


def form(text: str, customer: str = AMELIE, number: str = PRIMUS, **more: str) -> dict[str, str]:
    """What Twilio sends of a text."""
    return {
        "ToCountry": "CA",
        "MessageSid": sid(),
        "NumMedia": "0",
        "AccountSid": "AC" + "0" * 32,
        "From": customer,
        "To": number,
        "Body": text,
        **more,
    }


async def post(gateway: Any, fields: Any, path: str = "/sms/twilio", signature: str | None = None, **headers: str):
    """(status, body) of a form that Twilio signed, or that carries `signature`."""
    url = gateway.url + path
    if signature is None:
        signature = RequestValidator(TOKEN).compute_signature(url, fields)
    headers = {"X-Twilio-Signature": signature, **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with gateway.http.post(url, data=fields, headers=headers) as response:
        return response.status, await response.text()


async def say(gateway: Any, text: str, customer: str = AMELIE, number: str = PRIMUS, **more: str) -> dict[str, str]:
    """A text that arrives; its form."""
    fields = form(text, customer, number, **more)
    status, body = await post(gateway, fields)
    assert (status, body) == (200, '<?xml version="1.0" encoding="UTF-8"?><Response/>')
    return fields


async def sent(gateway: Any, count: int, to: str = AMELIE) -> list[str]:
    """The texts to a number, once there are `count`; a little later, so that one too many shows."""
    for _ in range(1500):  # a slow machine takes its time; what never comes fails all the same
        if len([one for one in gateway.texts() if one["to"] == to]) >= count:
            break
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    return [one["text"] for one in gateway.texts() if one["to"] == to]
