"""What the actions ask of the gateway and the desk: on loopback, with a shared secret, by the conversation's id alone.

No account number is ever accepted as proof here: codes are sent and checked, and a token for billing comes out only for the account that
this conversation proved.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from desk.feed import WAITING, announce
from desk.queue import join_queue
from gateway.billing_client import BillingError
from gateway.database import Sessions
from gateway.identity import Identity
from gateway.internal_requests import InternalRequests, Sort
from gateway.models import Conversation
from gateway.outbox import Outbox
from gateway.pins import Pins
from gateway.web import Handler, same
from knowledge import Shelf


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
        sort: Sort,
        secret: str,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._identity = identity
        self._shelf = shelf
        self._pins = pins
        self._requests = InternalRequests(
            sessions=sessions, identity=identity, shelf=shelf, outbox=outbox, sort=sort, now=now
        )
        self._secret = secret
        self._now = now

    def application(self, observed: Middleware) -> web.Application:
        """The application of the internal port; `observed` is its outermost middleware."""
        app = web.Application(middlewares=[observed, self._guard])
        prefix = "/internal/v1/conversations/{conversation}"
        requests = self._requests
        app.add_routes(
            [
                web.post(f"{prefix}/codes", self.send_code),
                web.post(f"{prefix}/verification", self.check_code),
                web.post(f"{prefix}/billing-token", self.billing_token),
                web.post(f"{prefix}/requests", requests.open),
                web.post(f"{prefix}/request-status", requests.status),
                web.post(f"{prefix}/request-list", requests.list),
                web.post(f"{prefix}/request-addition", requests.add),
                web.post(f"{prefix}/queue", self.join_queue),
                web.post(f"{prefix}/pin", self.take_pin),
            ]
        )
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not same(given, self._secret):
            return web.json_response({"error": "unauthorized"}, status=401)
        async with self._sessions.glance() as session:
            if await session.get(Conversation, request.match_info.get("conversation", "")) is None:
                return web.json_response({"error": "unknown_conversation"}, status=404)
        try:
            return await handler(request)
        except (AttributeError, KeyError, TypeError, json.JSONDecodeError) as error:
            return web.json_response({"error": "bad_request", "detail": repr(error)}, status=400)
        except BillingError:
            return web.json_response({"error": "billing_unavailable"}, status=502)

    async def send_code(self, request: web.Request) -> web.Response:
        """`{"account","postal_code","channel","language","change"}` -> `{"sent": bool}`."""
        body = await request.json()
        conversation = request.match_info["conversation"]
        channel = "email" if body.get("channel") == "email" else "sms"
        sent = await self._identity.send_code(
            conversation,
            body["account"],
            body["postal_code"],
            channel,
            body["language"],
            change=bool(body.get("change")),
        )
        return web.json_response({"sent": sent})

    async def check_code(self, request: web.Request) -> web.Response:
        """`{"code"}` -> `{"verified": bool}`; without it, the code that the customer's message held, which the gateway has masked."""
        code = (await request.json()).get("code")
        verified = await self._identity.check_code(request.match_info["conversation"], code)
        return web.json_response({"verified": verified})

    async def billing_token(self, request: web.Request) -> web.Response:
        """`{"scope": "account" (default) | "catalogue" | "locate", "change"}` -> `{"token"}`; 403 where "account" is not proved."""
        body, conversation = await request.json(), request.match_info["conversation"]
        scope = body.get("scope", "account")
        if scope in ("catalogue", "locate"):
            return web.json_response({"token": await self._identity.open_token(conversation, scope)})
        token = await self._identity.billing_token(conversation, change=bool(body.get("change")))
        if token is None:
            return web.json_response({"error": "not_verified"}, status=403)
        return web.json_response({"token": token})

    async def join_queue(self, request: web.Request) -> web.Response:
        """`{"premier": bool, "only_open": bool}` (false where it is not said) -> `{"queued","place","already","open","opens_at"}`.

        `only_open`: outside hours a conversation that does not wait already stays out of the queue; `queued` is false, and `place` 0.
        """
        body = await request.json()
        premier, only_open = bool(body.get("premier")), bool(body.get("only_open"))
        self._shelf.refresh()
        async with self._sessions.begin() as session:
            conversation = await session.get_one(Conversation, request.match_info["conversation"])
            place = await join_queue(
                session,
                conversation.id,
                self._shelf.brands[conversation.brand],
                self._now(),
                premier=premier,
                only_open=only_open,
            )
            if place.place and not place.already:
                announce(session, WAITING, conversation.id, conversation.brand, self._now())
        return web.json_response(
            {
                "queued": place.place > 0,
                "place": place.place,
                "already": place.already,
                "open": place.open,
                "opens_at": place.opens_at.isoformat(),
            }
        )

    async def take_pin(self, request: web.Request) -> web.Response:
        """-> `{"pin"}`, once; 404 where the conversation gave none, or it is gone."""
        pin = await self._pins.take(request.match_info["conversation"])
        if pin is None:
            return web.json_response({"error": "not_found"}, status=404)
        return web.json_response({"pin": pin})
