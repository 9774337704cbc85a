"""Help from afar and visits: an agent starts the one, and says when a technician is needed. Only for brands that send technicians."""

from __future__ import annotations

import datetime
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from desk import calendars, request_work
from desk.console.request_pages import RequestPages, common
from desk.console.web import Refusal, field, office, signed
from desk.models import SupportRequest
from desk.request_log import Change
from desk.request_states import LIVE
from desk.service_levels import REMOTE_HELP
from knowledge import Brand

MOMENT = "%Y-%m-%dT%H:%M"


class VisitPages:
    """The handlers. `requests` changes a request and shows it."""

    def __init__(self, requests: RequestPages) -> None:
        self._requests = requests

    def routes(self) -> list[web.RouteDef]:
        """The routes of visits."""
        return [
            web.post("/requests/{number}/remote-help", self.remote_help),
            web.post("/requests/{number}/dispatch", self.dispatch),
        ]

    async def remote_help(self, request: web.Request) -> web.Response:
        """From now on runs the time after which a technician must be sent."""

        async def change(session: AsyncSession, found: SupportRequest) -> Change:
            _offered(office(request).shelf.brands[found.brand])
            actor = signed(request).agent.name
            return await request_work.start_remote_help(session, found.id, actor=actor, **common(request, found))

        return await self._requests.change(request, change, "remote_help")

    async def dispatch(self, request: web.Request) -> web.Response:
        """A technician is needed since a moment, by the clock that the page showed; now, where none was given."""
        given = await field(request, "at", 16)

        async def change(session: AsyncSession, found: SupportRequest) -> Change:
            brand = office(request).shelf.brands[found.brand]
            _offered(brand)
            return await request_work.dispatch(
                session,
                found.id,
                actor=signed(request).agent.name,
                at=_moment(given, brand, found, office(request).now()),
                **common(request, found),
            )

        return await self._requests.change(request, change, "dispatched")


def visit_values(found: SupportRequest, brand: Brand, now: datetime.datetime) -> dict[str, Any] | None:
    """What the card of a request shows of help from afar and a visit; None where there is nothing to show or to do."""
    if "remote_help_minutes" not in brand.figures or not (found.state in LIVE or found.dispatched_at):
        return None
    due = found.due_at if found.due_for == REMOTE_HELP else None
    return {
        "contract": (found.details.get("onsite") or {}).get("contract"),
        "zone": (found.details.get("onsite") or {}).get("zone"),
        "may_start": found.dispatched_at is None and due is None,
        "may_dispatch": found.dispatched_at is None,
        "left": due and max(0.0, (due - now).total_seconds()),
        "over": due is not None and due <= now,
        "now": now.astimezone(calendars.zone_shown(brand, None, {})).strftime(MOMENT),
    }


def _offered(brand: Brand) -> None:
    if "remote_help_minutes" not in brand.figures:
        raise Refusal("bad_form", 422)


def _moment(given: str, brand: Brand, found: SupportRequest, now: datetime.datetime) -> datetime.datetime:
    """The moment of the form: a minute that has not ended is now, and the minute of the opening is the opening."""
    if not given:
        return now
    try:
        local = datetime.datetime.strptime(given, MOMENT)
    except ValueError:
        raise Refusal("bad_form", 422) from None
    at = local.replace(tzinfo=calendars.zone_shown(brand, None, {}))
    minute = datetime.timedelta(minutes=1)
    if now - minute < at <= now:
        return now
    return found.created_at if found.created_at - minute < at < found.created_at else at
