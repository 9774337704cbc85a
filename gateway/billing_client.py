"""What the gateway asks of billing: which account a number and a postal code name, and what customers are to be told."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

import aiohttp
import jwt

TOKEN_LIFE = datetime.timedelta(seconds=30)


class BillingError(Exception):
    """Billing could not be asked."""


@dataclasses.dataclass(frozen=True)
class Located:
    """An account that was found, and its contacts on file by channel ("sms", "email")."""

    account: str
    contacts: dict[str, str]


@dataclasses.dataclass(frozen=True)
class Notice:
    """What a customer is to be told of one change, at one address (`billing/openapi.json`, Notice)."""

    id: int
    brand: str
    language: str
    event: str
    reference: str
    channel: str
    address: str
    values: dict[str, Any]


class BillingClient:
    """Finds accounts and takes over notices; the answers never leave the gateway."""

    def __init__(
        self, http: aiohttp.ClientSession, url: str, secret: str, now: Callable[[], datetime.datetime]
    ) -> None:
        self._http = http
        self._url = url
        self._secret = secret
        self._now = now

    async def locate(self, brand: str, account: str, postal_code: str) -> Located | None:
        """The account, None where the two do not match one. Raises BillingError."""
        body = {"brand": brand, "account": account, "postal_code": postal_code}
        found = await self._ask("POST", "/v1/locate", "locate", body)
        if found is None:
            return None
        return Located(found["account"], {contact["channel"]: contact["address"] for contact in found["contacts"]})

    async def notices(self) -> list[Notice]:
        """What is to be sent now, the oldest first. Raises BillingError."""
        found = await self._ask("GET", "/v1/notices", "notices")
        names = {field.name for field in dataclasses.fields(Notice)}
        return [Notice(**{name: one[name] for name in names}) for one in found or []]

    async def notices_taken(self, ids: list[int]) -> None:
        """These are kept here now. Raises BillingError."""
        await self._ask("POST", "/v1/notices/taken", "notices", {"ids": ids})

    async def _ask(self, method: str, path: str, scope: str, body: dict[str, Any] | None = None) -> Any:
        """The answer; None where there is no such thing. Raises BillingError."""
        claims = {"iss": "gateway", "aud": "billing", "scope": scope, "exp": self._now() + TOKEN_LIFE}
        token = jwt.encode(claims, self._secret, algorithm="HS256")
        headers = {"Authorization": f"Bearer {token}"}
        wait = aiohttp.ClientTimeout(total=2)
        try:
            async with self._http.request(
                method, f"{self._url}{path}", json=body, headers=headers, timeout=wait
            ) as response:
                if response.status == 404:
                    return None
                if response.status != 200:
                    raise BillingError(f"status {response.status}")
                return await response.json()
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise BillingError(str(error) or type(error).__name__) from error

    async def ready(self) -> bool:
        """Whether billing can serve."""
        try:
            async with self._http.get(f"{self._url}/readyz", timeout=aiohttp.ClientTimeout(total=2)) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False
