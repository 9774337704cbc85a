"""The routes of the field service: machines, coverage, visits of technicians, preventive visits, the premier PIN."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from billing import field_service as rules
from billing.account import PROVINCES, province
from billing.bodies import day_field, line_field
from billing.coverage import cover
from billing.equipment import contract_of, equipment, visit_of_conversation, visits_of_year
from billing.field_service_data import FieldServiceData
from billing.field_service_models import EquipmentRow, MaintenanceVisitRow
from billing.holiday_calendar import holidays_of
from billing.models import AccountRow
from billing.parameters import (
    choice_parameter,
    day_parameter,
    distance_parameter,
    moment_parameter,
    postal_code_parameter,
    required,
    text_parameter,
)
from billing.premier import try_pin
from billing.problems import Problem
from billing.tokens import Visitor
from billing.web import BACKEND, invalid, json_body
from billing.writes import Outcome, Writer, answer_write

FIELD_SERVICE = web.AppKey("field_service", FieldServiceData)
_SERIAL_LONGEST = 40
_PIN = re.compile(r"[0-9]{4}")
_COUNTRIES = ("CA", "US")
# A dispatch that is further away than this is a slip of the keyboard.
_FAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a visit would be: what is known of it. `province` is None outside Canada too."""

    province: str | None
    postal_code: str | None
    distance_km: Decimal | None


async def equipment_by_serial(request: web.Request, visitor: Visitor) -> web.Response:
    """What a serial number tells: never the name, the account or the address of the owner."""
    machine, used = await _machine_and_visits(request, visitor, request.match_info["serial"])
    contract = contract_of(machine.owner)
    return web.json_response(
        {
            "model": machine.model,
            "contract": contract,
            "country": machine.owner.country,
            "maintenance_visits_left": max(rules.visits_allowed(contract) - used, 0),
        }
    )


async def coverage(request: web.Request, visitor: Visitor) -> web.Response:
    items = request.app[FIELD_SERVICE].items
    contract, machine = await _contract(request, visitor)
    named_country = choice_parameter(request, "country", _COUNTRIES) or "CA"
    country = machine.owner.country if machine is not None else named_country
    key = choice_parameter(request, "item", items)
    covers = [cover(item, contract, country) for item in items.values() if key in (None, item.key)]
    return web.json_response(
        {
            "contract": contract,
            "country": country,
            "items": [
                {
                    "key": one.item.key,
                    "name": {"fr": one.item.name_fr, "en": one.item.name_en},
                    "coverage": one.coverage,
                    "to_confirm": one.to_confirm,
                }
                for one in covers
            ],
        }
    )


async def onsite_estimate(request: web.Request, visitor: Visitor) -> web.Response:
    """When a technician should come. With a serial number, contract and place come from its account."""
    data = request.app[FIELD_SERVICE]
    contract, machine = await _contract(request, visitor)
    now = request.app[BACKEND].now()
    dispatched_at = moment_parameter(request, "dispatched_at") or now
    if abs(dispatched_at - now) > _FAR:
        raise invalid("dispatched_at")
    place = _place(request, machine.owner if machine else None)
    zone = rules.zone_of(place.distance_km) if place.distance_km is not None else None
    time_zone = rules.time_zone(place.province, place.postal_code) if place.province else None
    target = rules.onsite_target(contract, zone)
    due_at = None
    if target.hours is not None and time_zone is not None:
        due_at = rules.due_at(
            dispatched_at,
            target.hours,
            open_at=data.hours,
            zone=ZoneInfo(time_zone),
            holidays=holidays_of("CA", place.province),
        )
    return web.json_response(
        {
            "contract": contract,
            "zone": zone,
            "target_business_hours": target.hours,
            "guaranteed": target.guaranteed,
            "due_at": due_at.isoformat(timespec="seconds") if due_at else None,
            "hours": f"{data.hours.opens:%H:%M}-{data.hours.closes:%H:%M} local",
            "time_zone": time_zone,
            "province": place.province,
            "needs_quote": target.service is rules.Service.QUOTE,
            "needs_person": target.service is rules.Service.PERSON or zone is None,
        }
    )


async def maintenance(request: web.Request, visitor: Visitor) -> web.Response:
    serial = required(request, "serial", text_parameter(request, "serial", longest=_SERIAL_LONGEST))
    today = request.app[BACKEND].now().date()
    day = day_parameter(request, "preferred_on") if "preferred_on" in request.query else None
    year = (day or today).year
    async with request.app[BACKEND].database.reading() as session:
        machine = await _machine(session, visitor, serial)
        used = await visits_of_year(session, machine.owner, year)
        same = await visit_of_conversation(session, machine, day, visitor.conversation) if day else None
    allowed = rules.visits_allowed(contract_of(machine.owner))
    if day is not None and allowed and same is None:
        _require_visit_day(day, today, machine.owner)
    return web.json_response(
        {
            "year": year,
            "visits": used,
            "left": max(allowed - used, 0),
            "allowed": allowed,
            "asked_for": same.reference if same else None,
        }
    )


async def maintenance_visit(request: web.Request, visitor: Visitor) -> web.Response:
    backend = request.app[BACKEND]
    now = backend.now()
    body = await json_body(request, "serial", "preferred_on", "contact")
    serial = line_field(body, "serial", longest=_SERIAL_LONGEST)
    preferred_on = day_field(body, "preferred_on")
    contact = line_field(body, "contact", longest=200)
    async with backend.database.reading() as session:
        machine = await _machine(session, visitor, serial)

    async def change(session: AsyncSession, owner: AccountRow, reference: str) -> Outcome:
        allowed = rules.visits_allowed(contract_of(owner))
        if allowed == 0:
            raise Problem("no-contract")
        used = await visits_of_year(session, owner, preferred_on.year)
        same = await visit_of_conversation(session, machine, preferred_on, visitor.conversation)
        if same is not None:
            answer = {"preferred_on": preferred_on.isoformat(), "left": max(allowed - used, 0)}
            return Outcome(answer, changed=False, reference=same.reference)
        _require_visit_day(preferred_on, now.date(), owner)
        if used >= allowed:
            raise Problem("visits-used-up", values={"allowed": allowed, "year": preferred_on.year})
        session.add(
            MaintenanceVisitRow(
                account_id=owner.id,
                equipment_id=machine.id,
                reference=reference,
                at=now,
                preferred_on=preferred_on,
                contact=contact,
            )
        )
        return Outcome(
            answer={"preferred_on": preferred_on.isoformat(), "left": allowed - used - 1},
            before={"visits": used},
            after={"visits": used + 1, "year": preferred_on.year, "preferred_on": preferred_on.isoformat()},
        )

    writer = Writer(visitor.brand, machine.owner.number, visitor.conversation)
    return await answer_write(request, writer, "maintenance_visit", body, change, now=now, status=201)


async def premier_access(request: web.Request, visitor: Visitor) -> web.Response:
    body = await json_body(request, "pin", optional=("serial", "account"))
    if ("serial" in body) == ("account" in body):
        raise invalid("serial")
    named = {name: line_field(body, name, longest=_SERIAL_LONGEST) for name in ("serial", "account") if name in body}
    # A phone's keyboard may send full-width digits.
    pin = unicodedata.normalize("NFKC", line_field(body, "pin", longest=20))
    if not _PIN.fullmatch(pin):
        raise invalid("pin")
    backend = request.app[BACKEND]
    opened = await try_pin(
        backend.database,
        visitor=visitor,
        serial=named.get("serial"),
        account=named.get("account"),
        pin=pin,
        now=backend.now(),
    )
    if not opened:
        raise Problem("premier-refused")
    return web.json_response({"level": 2, "priority": "premier"})


async def _machine(session: AsyncSession, visitor: Visitor, serial: str) -> EquipmentRow:
    row = await equipment(session, brand=visitor.brand, serial=serial) if len(serial) <= _SERIAL_LONGEST else None
    if row is None:
        raise Problem("equipment-not-found")
    return row


async def _machine_and_visits(request: web.Request, visitor: Visitor, serial: str) -> tuple[EquipmentRow, int]:
    """The machine, and how many preventive visits of this year are used."""
    backend = request.app[BACKEND]
    async with backend.database.reading() as session:
        machine = await _machine(session, visitor, serial)
        return machine, await visits_of_year(session, machine.owner, backend.now().year)


async def _contract(request: web.Request, visitor: Visitor) -> tuple[str, EquipmentRow | None]:
    """The contract: `contract`, or that of `serial` with its machine; one of both must be there, not both."""
    named = choice_parameter(request, "contract", rules.CONTRACTS)
    serial = text_parameter(request, "serial", longest=_SERIAL_LONGEST)
    if (named is None) == (serial is None):
        raise invalid("contract")
    if named is not None or serial is None:
        return named or "", None
    async with request.app[BACKEND].database.reading() as session:
        machine = await _machine(session, visitor, serial)
    return contract_of(machine.owner), machine


def _place(request: web.Request, owner: AccountRow | None) -> _Place:
    """What the query says of the place; where it says nothing, the place of the machine's account."""
    distance = distance_parameter(request, "distance_km")
    postal_code = postal_code_parameter(request)
    named = choice_parameter(request, "province", PROVINCES)
    if owner is not None and distance is None and postal_code is None and named is None:
        distance = _kilometres(owner.extra.get("distance_km"))
        postal_code = owner.postal_code
        return _Place(province(owner.country, postal_code), postal_code, distance)
    if postal_code is not None:
        named = province("CA", postal_code)
        if distance is None:
            distance = request.app[FIELD_SERVICE].distances.get(postal_code[:3])
    elif distance is None and owner is None:
        raise invalid("postal_code")
    return _Place(named, postal_code, distance)


def _kilometres(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _require_visit_day(day: date, today: date, owner: AccountRow) -> None:
    holidays = holidays_of(owner.country, province(owner.country, owner.postal_code))
    found = rules.visit_day(day, today, holidays)
    if found is not rules.VisitDay.GOOD:
        raise Problem(
            "bad-visit-day",
            values={"days": rules.VISIT_AHEAD_DAYS},
            members={"field": "preferred_on", "reason": found},
        )
