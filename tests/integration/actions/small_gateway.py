"""The gateway as the actions' client sees it, small: what tests of the actions talk through, at a fixed moment."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import aiohttp
import jwt

from actions.gateway_client import GatewayError, NotFound, NotVerified, Refused

SECRET = "c0ffee" * 8
CODE = "482193"
# 21:30 on March 5 in Toronto, already March 6 in UTC: a day taken in UTC fails the tests of days.
NOW = datetime.datetime(2026, 3, 6, 2, 30, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 3, 5)
# 16:00 in Toronto: when an open request is answered at the latest.
DUE = datetime.datetime(2026, 3, 6, 21, 0, tzinfo=datetime.UTC)


@dataclasses.dataclass
class SmallGateway:
    """The gateway's internal port as the actions' client sees it: proofs by billing's own files, requests and the queue by list.

    `proved` is the account that the conversation proved; None ends the proof. `down` makes every call fail.
    """

    http: aiohttp.ClientSession
    url: str
    brand: str
    proved: str | None = None
    role: str = "holder"
    down: bool = False
    sent_to: str | None = None
    codes: int = 0
    opened: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    others: list[dict[str, Any]] = dataclasses.field(default_factory=list)  # opened in other conversations
    open: bool = True
    queued: str | None = None
    pin: str | None = None  # what the gateway took out of messages
    code: str | None = None

    def signed(self, scope: str, **claims: str) -> str:
        """A token as the gateway signs them."""
        claims |= {
            "iss": "gateway",
            "aud": "billing",
            "scope": scope,
            "brand": self.brand,
            "conversation": "conversation-1",
        }
        return jwt.encode({**claims, "exp": NOW + datetime.timedelta(seconds=60)}, SECRET, algorithm="HS256")

    def _reached(self) -> None:
        if self.down:
            raise GatewayError("the gateway is down")

    async def send_code(
        self, conversation: str, account: str, postal_code: str, language: str, channel: str = "sms", *, change=False
    ) -> bool:
        self._reached()
        self.codes += 1
        body = {"brand": self.brand, "account": account, "postal_code": postal_code}
        headers = {"Authorization": f"Bearer {self.signed('locate')}"}
        async with self.http.post(f"{self.url}/v1/locate", json=body, headers=headers) as response:
            self.sent_to = account if response.status == 200 else None
        return True

    async def check_code(self, conversation: str) -> bool:
        self._reached()
        right = bool(self.code == CODE and self.sent_to)
        self.proved = self.sent_to if right else self.proved
        return right

    async def billing_token(self, conversation: str, scope: str = "account", *, change: bool = False) -> str:
        self._reached()
        if scope != "account":
            return self.signed(scope)
        if self.proved is None:
            raise NotVerified(scope)
        return self.signed(scope, account=self.proved, role=self.role, level="verified")

    async def open_request(self, conversation: str, request: dict[str, Any]) -> dict[str, Any]:
        self._reached()
        known = next((one for one in self.opened if one["key"] == request["key"]), None)
        if known:
            return {**known, "new": False}
        kept = {**request, "number": f"R-{4821937 + len(self.opened)}", "state": "open", "created_at": NOW.isoformat()}
        self.opened.append({**kept, "due_at": DUE.isoformat(), "due_for": "answer", "due_zone": "America/Toronto"})
        return {**self.opened[-1], "new": True}

    async def list_requests(self, conversation: str, kind: str | None = None) -> list[dict[str, Any]]:
        self._reached()
        return [one for one in self.opened if kind is None or (one["kind"], one["state"]) == (kind, "open")]

    async def add_to_request(self, conversation: str, number: str, contact: str | None, text: str) -> dict[str, Any]:
        self._reached()
        for request in self.others:
            if request["number"] == number and contact is not None and request["contact"] == contact:
                break
        else:
            own = [one for one in self.opened if one["number"] == number]
            if not own:
                raise NotFound(number)
            request = own[0]
        if request["state"] == "closed":
            raise Refused(number)
        reopened = request["state"] == "solved"
        request.setdefault("added", []).append(text)
        request["state"] = "open"
        return {**request, "new": True, "reopened": reopened}

    async def request_status(self, conversation: str, number: str, contact: str) -> dict[str, Any]:
        self._reached()
        for request in (*self.opened, *self.others):
            if (request["number"], request["contact"]) == (number, contact):
                return {**request, "changed_at": request["created_at"]}
        raise NotFound(number)

    async def join_queue(self, conversation: str, *, premier: bool = False, only_open: bool = False) -> dict[str, Any]:
        self._reached()
        if queued := self.open or not only_open:
            self.queued = "premier" if premier else "queued"
        place = {"queued": queued, "place": 1, "already": False, "open": self.open}
        return place | {"opens_at": (NOW + datetime.timedelta(hours=10.5)).isoformat()}

    async def take_pin(self, conversation: str) -> str:
        self._reached()
        if self.pin is None:
            raise NotFound("pin")
        pin, self.pin = self.pin, None
        return pin
