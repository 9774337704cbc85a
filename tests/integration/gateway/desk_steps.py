"""Steps that the tests of the desk share: a request on file, its changes in transactions of their own, its log."""

from __future__ import annotations

import contextlib
from typing import Any

from sqlalchemy import select

from desk.models import RequestEvent, SupportRequest
from gateway.database import open_database
from knowledge import Shelf

REQUEST = {
    "key": "open_request:1",
    "kind": "open_request",
    "category": "support",
    "language": "fr",
    "description": "Ma ligne est en panne depuis ce matin.",
    "contact": "+15145550123",
    "details": {"first_message": "ma ligne est en panne"},
}


async def open_one(talk, **changes):
    """Opens a request as the actions do; the body of the answer."""
    status, body = await talk.inside("requests", {**REQUEST, **changes})
    assert status in (200, 201), body
    assert body["new"] is (status == 201)
    return body


class Desk:
    """The desk's functions on the gateway's database, each call in a transaction of its own, by a connection of its own."""

    def __init__(self, gateway: Any, clock: Any) -> None:
        self.clock = clock
        self.shelf = Shelf(gateway.settings.knowledge_base)
        self.engine, self.sessions = open_database(gateway.settings.database_url)

    async def row(self, number: str) -> SupportRequest:
        async with self.sessions() as session:
            return (await session.scalars(select(SupportRequest).where(SupportRequest.number == number))).one()

    async def do(self, function: Any, number: str, *args: Any, **named: Any) -> Any:
        """Calls a function of the desk on a request; what it refuses is not kept."""
        row = await self.row(number)
        async with self.sessions.begin() as session:
            brand = self.shelf.brands[row.brand]
            return await function(session, row.id, *args, brand=brand, now=self.clock.now, **named)

    async def log(self, number: str) -> list[tuple[str, str, bool]]:
        """(who, what, visible) of each line of the log."""
        row = await self.row(number)
        async with self.sessions() as session:
            events = await session.scalars(
                select(RequestEvent).where(RequestEvent.request == row.id).order_by(RequestEvent.id)
            )
            return [(event.actor, event.what, event.visible) for event in events]


@contextlib.asynccontextmanager
async def desk_of(gateway, clock):
    """The desk of a running gateway."""
    desk = Desk(gateway, clock)
    try:
        yield desk
    finally:
        await desk.engine.dispose()
