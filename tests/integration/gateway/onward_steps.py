"""The steps of going on by text, as a page takes them."""

from __future__ import annotations

import re

from tests.integration.gateway.sms_steps import AMELIE, sent


async def ask(talk, phone="514 555-0150", language="fr"):
    path = f"/api/v1/conversations/{talk.id}/phone"
    return await talk.gateway.call("POST", path, {"phone": phone}, talk.token, **{"Accept-Language": language})


async def give(talk, code):
    return await talk.gateway.call("POST", f"/api/v1/conversations/{talk.id}/phone/code", {"code": code}, talk.token)


async def code_at(gateway, phone=AMELIE, count=1):
    """The code in the last of so many texts."""
    return re.search(r"\b\d{6}\b", (await sent(gateway, count, phone))[-1])[0]


async def move(talk, phone=AMELIE):
    """The conversation goes on at a phone, which has had no text before."""
    assert (await ask(talk, phone))[0] == 202
    status, body = await give(talk, await code_at(talk.gateway, phone))
    assert status == 200, body
    await sent(talk.gateway, 2, phone)
    return body
