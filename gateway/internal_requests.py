"""What the actions ask of the desk about support requests: open one, its state, those of the customer, something to add.

A request is found by its number and the contact given for it; those of this conversation, and of the account that it has proved,
also without the contact.
"""

from __future__ import annotations

import datetime
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from desk.calendars import zone_shown
from desk.models import SupportRequest
from desk.request_log import Refused
from desk.requests import REPEAT_WITHIN, add_message, find_request, open_request, requests_of
from gateway.database import Sessions
from gateway.identity import Identity
from gateway.models import Conversation
from gateway.outbox import Outbox
from gateway.receipts import put_receipt
from knowledge import Brand, Shelf

# Sorts a conversation and its requests by what was said, in the transaction.
Sort = Callable[[AsyncSession, str], Awaitable[Any]]


class InternalRequests:
    """The handlers; `Internal` has checked the secret and the conversation.

    What was said may bring a request's due time forward. That is done before the customer is told of it, so that the desk reads the same.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        identity: Identity,
        shelf: Shelf,
        outbox: Outbox,
        sort: Sort,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._identity = identity
        self._shelf = shelf
        self._outbox = outbox
        self._sort = sort
        self._now = now

    async def open(self, request: web.Request) -> web.Response:
        """`{"key","kind","category","language","description","contact","details"}` -> the request, and whether it is `new`."""
        body = await request.json()
        async with self._sessions.begin() as session:
            conversation, brand = await self._of(session, request)
            change = await open_request(
                session,
                key=f"{conversation.id}:{body['key']}",
                conversation=conversation.id,
                brand=brand,
                kind=body["kind"],
                category=body["category"],
                language=body["language"],
                description=body["description"],
                contact=body["contact"],
                details=body.get("details") or {},
                now=self._now(),
                account=await self._identity.proved_account(session, conversation.id),
            )
            await self._sort(session, conversation.id)
            put_receipt(session, change.request, change.told, self._now())
        self._outbox.wake()
        return web.json_response({**_body(brand, change.request), "new": change.new}, status=201 if change.new else 200)

    async def status(self, request: web.Request) -> web.Response:
        """`{"number","contact"}` -> the request; 404 where the two do not name one."""
        body = await request.json()
        async with self._sessions() as session:
            conversation, brand = await self._of(session, request)
            found = await find_request(session, conversation.brand, body["number"], body["contact"])
        if found is None:
            return web.json_response({"error": "not_found"}, status=404)
        return web.json_response(_body(brand, found))

    async def list(self, request: web.Request) -> web.Response:
        """`{}` -> `{"requests"}`: those of the conversation and of the account it has proved, at most ten.

        `{"kind"}`: only those of the conversation, of that kind, that still run and were opened within a day: a repeat is told of them.
        """
        kind = (await request.json()).get("kind")
        async with self._sessions() as session:
            conversation, brand = await self._of(session, request)
            if kind is None:
                account = await self._identity.proved_account(session, conversation.id)
                found = await requests_of(session, brand.id, conversation.id, account)
            else:
                since = self._now() - REPEAT_WITHIN
                found = await requests_of(session, brand.id, conversation.id, None, kind=str(kind), since=since)
        return web.json_response({"requests": [_body(brand, one) for one in found]})

    async def add(self, request: web.Request) -> web.Response:
        """`{"number","contact","text"}` -> the request, whether the text is `new` and whether it `reopened` it.

        404 where number and contact do not name one (`contact` may be null where the customer's own are meant); 409 `{"error"}` with
        "final" or "too_late" where it takes nothing any more.
        """
        body = await request.json()
        async with self._sessions.begin() as session:
            conversation, brand = await self._of(session, request)
            found = await self._named(session, conversation, body["number"], body["contact"])
            if found is None:
                return web.json_response({"error": "not_found"}, status=404)
            try:
                change = await add_message(session, found.id, str(body["text"]), brand=brand, now=self._now())
            except Refused as refused:
                return web.json_response({"error": refused.reason}, status=409)
            await self._sort(session, conversation.id)
            put_receipt(session, change.request, change.told, self._now())
        self._outbox.wake()
        return web.json_response({**_body(brand, change.request), "new": change.new, "reopened": change.reopened})

    async def _named(
        self, session: AsyncSession, conversation: Conversation, number: str, contact: str | None
    ) -> SupportRequest | None:
        account = await self._identity.proved_account(session, conversation.id)
        own = await requests_of(session, conversation.brand, conversation.id, account, number=number)
        if own:
            return own[0]
        return await find_request(session, conversation.brand, number, contact) if contact else None

    async def _of(self, session: AsyncSession, request: web.Request) -> tuple[Conversation, Brand]:
        conversation = await session.get_one(Conversation, request.match_info["conversation"])
        self._shelf.refresh()
        return conversation, self._shelf.brands[conversation.brand]


def _body(brand: Brand, found: SupportRequest) -> dict[str, Any]:
    """A request as the actions get it. `due_zone`: the time zone in which customer and agent read `due_at`."""
    return {
        "number": found.number,
        "state": found.state,
        "kind": found.kind,
        "created_at": found.created_at.isoformat(),
        "changed_at": found.changed_at.isoformat(),
        "due_at": found.due_at.isoformat() if found.due_at else None,
        "due_for": found.due_for,
        "due_zone": zone_shown(brand, found.due_for, found.details).key,
    }
