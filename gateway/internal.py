"""What the actions ask of the gateway and the desk: on loopback, with a shared secret, by the conversation's id alone.

No account number is ever accepted as proof here: codes are sent and checked, and a token for billing comes out only for the account that
this conversation proved.
"""

from __future__ import annotations

import datetime
import hmac
import json
from collections.abc import Callable
from typing import Any

import phonenumbers
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from desk.models import SupportRequest
from desk.queue import join_queue
from desk.requests import find_request, open_request
from gateway.billing_client import BillingError
from gateway.database import Sessions
from gateway.identity import Identity
from gateway.models import Conversation
from gateway.outbox import Outbox, put
from gateway.pins import Pins
from gateway.web import Handler
from knowledge import Shelf

DESCRIPTION_SHOWN = 300  # characters of what the customer wrote, in the receipt


class Internal:
    """The handlers of the internal application."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        identity: Identity,
        shelf: Shelf,
        pins: Pins,
        outbox: Outbox,
        secret: str,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._identity = identity
        self._shelf = shelf
        self._pins = pins
        self._outbox = outbox
        self._secret = secret
        self._now = now

    def application(self) -> web.Application:
        """The application of the internal port."""
        app = web.Application(middlewares=[self._guard])
        prefix = "/internal/v1/conversations/{conversation}"
        app.add_routes(
            [
                web.post(f"{prefix}/codes", self.send_code),
                web.post(f"{prefix}/verification", self.check_code),
                web.post(f"{prefix}/billing-token", self.billing_token),
                web.post(f"{prefix}/requests", self.open_request),
                web.post(f"{prefix}/request-status", self.request_status),
                web.post(f"{prefix}/queue", self.join_queue),
                web.post(f"{prefix}/pin", self.take_pin),
            ]
        )
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return web.json_response({"error": "unauthorized"}, status=401)
        async with self._sessions() as session:
            if await session.get(Conversation, request.match_info.get("conversation", "")) is None:
                return web.json_response({"error": "unknown_conversation"}, status=404)
        try:
            return await handler(request)
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            return web.json_response({"error": "bad_request", "detail": repr(error)}, status=400)
        except BillingError:
            return web.json_response({"error": "billing_unavailable"}, status=502)

    async def send_code(self, request: web.Request) -> web.Response:
        """`{"account","postal_code","channel","language"}` -> `{"sent": bool}`."""
        body = await request.json()
        conversation = request.match_info["conversation"]
        channel = "email" if body.get("channel") == "email" else "sms"
        sent = await self._identity.send_code(
            conversation, body["account"], body["postal_code"], channel, body["language"]
        )
        return web.json_response({"sent": sent})

    async def check_code(self, request: web.Request) -> web.Response:
        """`{"code"}` -> `{"verified": bool}`."""
        body = await request.json()
        verified = await self._identity.check_code(request.match_info["conversation"], body["code"])
        return web.json_response({"verified": verified})

    async def billing_token(self, request: web.Request) -> web.Response:
        """`{"scope": "account" (default) | "catalogue" | "locate"}` -> `{"token"}`; 403 where "account" is not proved, or no longer."""
        scope, conversation = (await request.json()).get("scope", "account"), request.match_info["conversation"]
        if scope in ("catalogue", "locate"):
            return web.json_response({"token": await self._identity.open_token(conversation, scope)})
        token = await self._identity.billing_token(conversation)
        if token is None:
            return web.json_response({"error": "not_verified"}, status=403)
        return web.json_response({"token": token})

    async def open_request(self, request: web.Request) -> web.Response:
        """`{"key","kind","category","language","description","contact","details"}` -> `{"number","new","state"}`."""
        body = await request.json()
        async with self._sessions.begin() as session:
            conversation = await session.get_one(Conversation, request.match_info["conversation"])
            opened, new = await open_request(
                session,
                key=f"{conversation.id}:{body['key']}",
                conversation=conversation.id,
                brand=conversation.brand,
                kind=body["kind"],
                category=body["category"],
                language=body["language"],
                description=body["description"],
                contact=body["contact"],
                details=body.get("details") or {},
                now=self._now(),
            )
            if new:
                self._receipt(session, opened)
        self._outbox.wake()
        return web.json_response(
            {"number": opened.number, "new": new, "state": opened.state}, status=201 if new else 200
        )

    def _receipt(self, session: AsyncSession, opened: SupportRequest) -> None:
        """By the channel of the contact that the customer gave, in the transaction of the request."""
        reached = address_of(opened.contact)
        if reached is None:
            return
        put(
            session,
            key=f"request:{opened.number}:opened",
            brand=opened.brand,
            language=opened.language,
            channel=reached[0],
            address=reached[1],
            letter="request_opened",
            values={"number": opened.number, "description": opened.description[:DESCRIPTION_SHOWN]},
            now=self._now(),
        )

    async def request_status(self, request: web.Request) -> web.Response:
        """`{"number","contact"}` -> `{"number","state","created_at","kind"}`; 404 where the two do not name one."""
        body = await request.json()
        async with self._sessions() as session:
            conversation = await session.get_one(Conversation, request.match_info["conversation"])
            found = await find_request(session, conversation.brand, body["number"], body["contact"])
        if found is None:
            return web.json_response({"error": "not_found"}, status=404)
        return web.json_response(_request_body(found))

    async def join_queue(self, request: web.Request) -> web.Response:
        """`{"premier": bool}` (false where it is not said) -> `{"place","already","open","opens_at"}`."""
        premier = bool((await request.json()).get("premier"))
        self._shelf.refresh()
        async with self._sessions.begin() as session:
            conversation = await session.get_one(Conversation, request.match_info["conversation"])
            place = await join_queue(
                session, conversation.id, self._shelf.brands[conversation.brand], self._now(), premier=premier
            )
        return web.json_response(
            {
                "place": place.place,
                "already": place.already,
                "open": place.open,
                "opens_at": place.opens_at.isoformat(),
            }
        )

    async def take_pin(self, request: web.Request) -> web.Response:
        """-> `{"pin"}`, once; 404 where the conversation gave none, or it is gone."""
        pin = self._pins.take(request.match_info["conversation"])
        if pin is None:
            return web.json_response({"error": "not_found"}, status=404)
        return web.json_response({"pin": pin})


def address_of(contact: str) -> tuple[str, str] | None:
    """The channel and address of a contact as people type it; None where it is neither a phone nor a mail address."""
    if "@" in contact:
        return "email", contact.strip()
    try:
        number = phonenumbers.parse(contact, "CA")
    except phonenumbers.NumberParseException:
        return None
    return "sms", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _request_body(found: Any) -> dict[str, Any]:
    return {
        "number": found.number,
        "state": found.state,
        "kind": found.kind,
        "created_at": found.created_at.isoformat(),
        "changed_at": found.changed_at.isoformat(),
    }
