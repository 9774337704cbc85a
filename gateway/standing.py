"""Who answers a conversation now, as its customer may know it: the place in line, and the hours of the brand's people."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from desk.opening_hours import Hours
from desk.queue import in_order, province_holidays, waiting_of
from gateway.models import Conversation
from knowledge import Brand


async def standing(session: AsyncSession, talk: Conversation, brand: Brand, now: datetime.datetime) -> dict[str, Any]:
    """`handled_by`; `place` where it waits (1 is next); `open`, `until` when, else `opens_at` when, as read in `zone`."""
    place = None
    if talk.handled_by == "queue":
        order = in_order(await waiting_of(session, [brand]))
        place = next((one.place for one in order if one.conversation == talk.id), None)
    hours, closed = Hours.of(brand.hours), province_holidays(brand, now)
    today = now.astimezone(hours.zone).date()
    span = hours.span(today, closed) if hours.is_open(now, closed) else None
    until = datetime.datetime.combine(today, span[1], hours.zone) if span else None
    return {
        "handled_by": talk.handled_by,
        "place": place,
        "open": span is not None,
        "until": until.isoformat() if until else None,
        "opens_at": hours.next_opening(now, closed).isoformat(),
        "zone": hours.zone.key,
    }
