"""The one thing that the gateway asks of billing: which account an account number and a postal code name."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
from collections.abc import Callable

import aiohttp
import jwt


class BillingError(Exception):
    """Billing could not be asked."""


@dataclasses.dataclass(frozen=True)
class Located:
    """An account that was found, and its contacts on file by channel ("sms", "email")."""

    account: str
    contacts: dict[str, str]


class BillingClient:
    """Finds accounts; the answer never leaves the gateway."""

    def __init__(
        self, http: aiohttp.ClientSession, url: str, secret: str, now: Callable[[], datetime.datetime]
    ) -> None:
        self._http = http
        self._url = url
        self._secret = secret
        self._now = now

    async def locate(self, brand: str, account: str, postal_code: str) -> Located | None:
        """The account, None where the two do not match one. Raises BillingError."""
        expires = self._now() + datetime.timedelta(seconds=30)
        claims = {"iss": "gateway", "aud": "billing", "scope": "locate", "exp": expires}
        token = jwt.encode(claims, self._secret, algorithm="HS256")
        try:
            async with self._http.post(
                f"{self._url}/v1/locate",
                json={"brand": brand, "account": account, "postal_code": postal_code},
                headers={"Authorization": f"Bearer {token}"},
                timeout=aiohttp.ClientTimeout(total=2),
            ) as response:
                if response.status == 404:
                    return None
                if response.status != 200:
                    raise BillingError(f"status {response.status}")
                body = await response.json()
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise BillingError(str(error)) from error
        return Located(body["account"], {contact["channel"]: contact["address"] for contact in body["contacts"]})

    async def ready(self) -> bool:
        """Whether billing can serve."""
        try:
            async with self._http.get(f"{self._url}/readyz", timeout=aiohttp.ClientTimeout(total=2)) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False
