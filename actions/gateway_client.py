"""What the actions ask of the gateway and the desk: codes, proofs, support requests, the queue. By conversation, never by account."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp


class GatewayError(Exception):
    """The gateway could not do it; nothing is known to have changed."""


class NotFound(GatewayError):
    """There is no such thing."""


class Refused(GatewayError):
    """It is not allowed as things stand; nothing has changed."""


class NotVerified(GatewayError):
    """The conversation proved nothing, or no longer."""


class GatewayClient:
    """Calls a gateway's internal port: the one that answered last, and the next one where nobody listens there any more."""

    def __init__(self, http: aiohttp.ClientSession, urls: Sequence[str], secret: str, call_s: float) -> None:
        """`urls`: of gateways that share a database, any of which may be asked."""
        self._http = http
        self._urls = list(urls)
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._timeout = aiohttp.ClientTimeout(total=call_s)

    async def send_code(
        self,
        conversation: str,
        account: str,
        postal_code: str,
        language: str,
        channel: str = "sms",
        *,
        change: bool = False,
    ) -> bool:
        """Has a code sent, by "sms" or "email", where the two match a file. False where too many were asked for.

        `change`: it must prove enough to change something.
        """
        body: dict[str, Any] = {
            "account": account,
            "postal_code": postal_code,
            "channel": channel,
            "language": language,
        }
        body |= {"change": True} if change else {}
        return bool((await self._post(conversation, "codes", body))["sent"])

    async def check_code(self, conversation: str) -> bool:
        """Whether the code in the customer's message, which the gateway has masked, is right; then the conversation is verified."""
        return bool((await self._post(conversation, "verification", {}))["verified"])

    async def billing_token(self, conversation: str, scope: str = "account", *, change: bool = False) -> str:
        """The token for the account that the conversation proved; "catalogue" and "locate" prove nothing. Raises NotVerified.

        `change`: not where it proved enough to read only.
        """
        body: dict[str, Any] = {"scope": scope, **({"change": True} if change else {})}
        return str((await self._post(conversation, "billing-token", body))["token"])

    async def open_request(self, conversation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Opens a support request; the number comes back only once the row is safe."""
        return await self._post(conversation, "requests", request)

    async def request_status(self, conversation: str, number: str, contact: str) -> dict[str, Any]:
        """A request by its number and contact. Raises NotFound."""
        return await self._post(conversation, "request-status", {"number": number, "contact": contact})

    async def list_requests(self, conversation: str, kind: str | None = None) -> list[dict[str, Any]]:
        """The requests of the conversation and of the account it has proved; with `kind`, the conversation's open ones of it."""
        body = {"kind": kind} if kind else {}
        return list((await self._post(conversation, "request-list", body))["requests"])

    async def add_to_request(self, conversation: str, number: str, contact: str | None, text: str) -> dict[str, Any]:
        """Adds a message to a request; the same twice adds it once. Raises NotFound, and Refused where it takes nothing any more."""
        body = {"number": number, "contact": contact, "text": text}
        return await self._post(conversation, "request-addition", body)

    async def join_queue(self, conversation: str, *, premier: bool = False, only_open: bool = False) -> dict[str, Any]:
        """Puts the conversation into the queue for a person, before all others where `premier`; its place and the hours.

        `only_open`: outside hours it stays out of the queue, and `queued` is false.
        """
        return await self._post(conversation, "queue", {"premier": premier, "only_open": only_open})

    async def take_pin(self, conversation: str) -> str:
        """The premier PIN that the gateway took out of the customer's message; once. Raises NotFound where it is gone."""
        return str((await self._post(conversation, "pin", {}))["pin"])

    async def _post(self, conversation: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
        problem = ""
        for url in tuple(self._urls):
            try:
                return await self._ask(f"{url}/internal/v1/conversations/{conversation}/{what}", what, body)
            except aiohttp.ClientConnectorError as error:  # nothing was sent: another one may be asked
                problem = repr(error)
                self._urls.sort(key=url.__eq__)  # it is asked last from now on
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                raise GatewayError(f"{what}: {error!r}") from error
        raise GatewayError(f"{what}: {problem}")

    async def _ask(self, url: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self._http.post(url, json=body, headers=self._headers, timeout=self._timeout) as response:
            if response.status == 403:
                raise NotVerified(what)
            if response.status == 404:
                raise NotFound(what)
            if response.status == 409:
                raise Refused(what)
            if response.status >= 400:
                raise GatewayError(f"{what}: status {response.status}")
            return dict(await response.json())
