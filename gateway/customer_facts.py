"""What agents see of a customer's account: read from billing by a short-lived token for the account that the conversation has proved."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from gateway.identity import Identity

WAIT_S = 3.0


class CustomerFacts:
    """Asks billing what the customer themself may ask; nothing where they have proved nothing, or the proof is over."""

    def __init__(self, http: aiohttp.ClientSession, url: str, identity: Identity) -> None:
        self._http = http
        self._url = url
        self._identity = identity

    async def read(self, conversation: str) -> dict[str, Any] | None:
        """`{"balance", "bill"}` as billing tells them, each None where it cannot; None without a proof."""
        token = await self._identity.billing_token(conversation)
        if token is None:
            return None
        balance, bill = await asyncio.gather(self._ask("/v1/balance", token), self._ask("/v1/bills/latest", token))
        return {"balance": balance, "bill": bill}

    async def _ask(self, path: str, token: str) -> dict[str, Any] | None:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            timeout = aiohttp.ClientTimeout(total=WAIT_S)
            async with self._http.get(f"{self._url}{path}", headers=headers, timeout=timeout) as response:
                if response.status != 200:
                    return None
                found: dict[str, Any] = await response.json()
                return found
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
            return None
