"""What the actions ask of billing, with the token of the account that the conversation proved."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

KEY_MOST = 128  # characters of an idempotency key that billing takes


class BillingError(Exception):
    """Billing could not be asked or failed. After a write: it is not known whether it was done."""


class BillingRefused(BillingError):
    """Billing said no; nothing was changed. `problem` is the last word of its problem type, `told` the whole document."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        self.status = status
        self.told = told
        self.problem = str(told.get("type", "")).rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        super().__init__(f"status {status} {self.problem}")


class BillingClient:
    """Calls billing's port."""

    def __init__(self, http: aiohttp.ClientSession, url: str, call_s: float) -> None:
        self._http = http
        self._url = url
        self._timeout = aiohttp.ClientTimeout(total=call_s)

    async def get(self, token: str, path: str, **query: str | int) -> Any:
        """What `path` answers. Raises BillingRefused and BillingError."""
        return await self._call("GET", path, token, params=query)

    async def write(self, token: str, method: str, path: str, body: dict[str, Any] | None, key: str) -> Any:
        """Changes something, once for a key. After a BillingError it is not known whether it was done; the same key again is safe."""
        return await self._call(method, path, token, json=body, headers={"Idempotency-Key": key[:KEY_MOST]})

    async def _call(
        self, method: str, path: str, token: str, headers: dict[str, str] | None = None, **given: Any
    ) -> Any:
        headers = {"Authorization": f"Bearer {token}", **(headers or {})}
        try:
            async with self._http.request(
                method, self._url + path, headers=headers, timeout=self._timeout, **given
            ) as response:
                if 400 <= response.status < 500:
                    raise BillingRefused(response.status, await response.json(content_type=None))
                if response.status >= 500:
                    raise BillingError(f"status {response.status}")
                return await response.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise BillingError(repr(error)) from error
