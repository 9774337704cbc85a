"""What the actions ask of billing, with the token of the account that the conversation proved."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp


class BillingError(Exception):
    """Billing could not be asked or failed. After a write: it is not known whether it was done."""


class BillingRefused(BillingError):
    """Billing said no; nothing was changed. `status` is its status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class BillingClient:
    """Calls billing's port."""

    def __init__(self, http: aiohttp.ClientSession, url: str, call_s: float) -> None:
        self._http = http
        self._url = url
        self._timeout = aiohttp.ClientTimeout(total=call_s)

    async def balance(self, token: str) -> dict[str, Any]:
        """`{"balance", "past_due", "due_date", "as_of"}`."""
        return await self._call("GET", "/v1/balance", token)

    async def activity(self, token: str, limit: int = 5) -> dict[str, Any]:
        """The latest bills and payments, newest first."""
        return await self._call("GET", f"/v1/activity?limit={limit}", token)

    async def latest_bill(self, token: str) -> dict[str, Any]:
        """The latest bill with its lines. Raises BillingRefused(404) where there is none."""
        return await self._call("GET", "/v1/bills/latest", token)

    async def enroll_ebill(self, token: str, email: str, key: str) -> dict[str, Any]:
        """Switches to the e-bill, once for a key."""
        return await self._call("POST", "/v1/ebill-enrolment", token, {"email": email}, key)

    async def _call(
        self, method: str, path: str, token: str, body: dict[str, Any] | None = None, key: str | None = None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        try:
            async with self._http.request(
                method, self._url + path, json=body, headers=headers, timeout=self._timeout
            ) as response:
                if 400 <= response.status < 500:
                    raise BillingRefused(response.status)
                if response.status >= 500:
                    raise BillingError(f"status {response.status}")
                found = await response.json()
                return dict(found) if isinstance(found, dict) else {"items": found}
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise BillingError(repr(error)) from error
