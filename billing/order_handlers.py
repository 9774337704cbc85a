"""The routes about an order: what it is charged, where its parcel is, when the installer comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.account import province
from billing.answers import money
from billing.business_days import add_business_days
from billing.field_service import time_zone
from billing.handlers import owner_of
from billing.holiday_calendar import holidays_of
from billing.internet_data import InternetData
from billing.internet_handlers import INTERNET, order_day_parameter
from billing.models import AccountRow
from billing.order_charge import MODEMS, OrderCharge, Prices, order_charge
from billing.order_models import AppointmentRow, ShipmentRow
from billing.orders import (
    Appointment,
    Shipment,
    appointment_stage,
    appointments_told,
    shipment_stage,
    shipments_told,
)
from billing.parameters import amount_parameter, choice_parameter, postal_code_parameter, required
from billing.tax import taxes
from billing.tokens import Customer, Visitor
from billing.web import BACKEND, require_offer


async def charge(request: web.Request, visitor: Visitor) -> web.Response:
    """The monthly price is that of the plan; where the company has not set one, that which the customer saw."""
    data = request.app[INTERNET]
    ordered_on = order_day_parameter(request, "ordered_on")
    postal_code = required(request, "postal_code", postal_code_parameter(request))
    modem = required(request, "modem", choice_parameter(request, "modem", MODEMS))
    named = choice_parameter(request, "plan", {plan.id for plan in data.plans})
    of_plan = next((plan.price for plan in data.plans if plan.id == named), None)
    figures = data.figures
    found = order_charge(
        Prices(
            monthly=of_plan if of_plan is not None else amount_parameter(request, "monthly_price"),
            modem=figures.modem_price,
            shipping=figures.shipping,
            connection=figures.connection_fee,
        ),
        ordered_on=ordered_on,
        modem=modem,
        charged=taxes("CA", postal_code),
    )
    return web.json_response({"ordered_on": ordered_on.isoformat(), "plan": named, **_charge(found)})


async def shipments(request: web.Request, customer: Customer) -> web.Response:
    require_offer(request, customer.brand, "orders")
    today = request.app[BACKEND].now().date()
    data = request.app[INTERNET]
    async with request.app[BACKEND].database.reading() as session:
        owner = await owner_of(session, customer)
        rows = await _shipments(session, owner)
    told = shipments_told([_shipment(row, data) for row in rows], today)
    return web.json_response([_shipment_said(one, shipment_stage(one, today), data) for one in told])


async def appointments(request: web.Request, customer: Customer) -> web.Response:
    require_offer(request, customer.brand, "orders")
    now = request.app[BACKEND].now()
    async with request.app[BACKEND].database.reading() as session:
        owner = await owner_of(session, customer)
        rows = await _appointments(session, owner)
    told = appointments_told([_appointment(row, now.tzinfo) for row in rows], now)
    return web.json_response([_appointment_said(one, appointment_stage(one, now)) for one in told])


async def _shipments(session: AsyncSession, owner: AccountRow) -> Sequence[ShipmentRow]:
    return (await session.scalars(select(ShipmentRow).where(ShipmentRow.account_id == owner.id))).all()


async def _appointments(session: AsyncSession, owner: AccountRow) -> Sequence[AppointmentRow]:
    return (await session.scalars(select(AppointmentRow).where(AppointmentRow.account_id == owner.id))).all()


def _shipment(row: ShipmentRow, data: InternetData) -> Shipment:
    worked_out = add_business_days(
        row.ordered_on, data.figures.delivery_days, holidays_of("CA", province("CA", row.postal_code))
    )
    return Shipment(
        state=row.state,
        ordered_on=row.ordered_on,
        expected_on=row.expected_on or worked_out,
        approximate=row.expected_on is None,
        shipped_on=row.shipped_on,
        delivered_on=row.delivered_on,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        postal_code=row.postal_code,
    )


def _appointment(row: AppointmentRow, usual: tzinfo | None) -> Appointment:
    """`usual`: the time zone where that of the postal code is not known."""
    named = time_zone(province("CA", row.postal_code) or "", row.postal_code)
    zone = ZoneInfo(named) if named else usual
    return Appointment(
        state=row.state,
        opens=datetime.combine(row.day, row.window_from, zone),
        until=datetime.combine(row.day, row.window_to, zone),
        kind=row.kind,
        postal_code=row.postal_code,
        phone=row.phone,
    )


def _shipment_said(one: Shipment, stage: str, data: InternetData) -> dict[str, Any]:
    name = data.carriers.get(one.carrier) or {"fr": one.carrier, "en": one.carrier}
    return {
        "stage": stage,
        "carrier": {"fr": name["fr"], "en": name["en"]},
        "tracking_number": one.tracking_number,
        "ordered_on": one.ordered_on.isoformat(),
        "shipped_on": one.shipped_on and one.shipped_on.isoformat(),
        "expected_on": one.expected_on.isoformat(),
        "approximate": one.approximate,
        "delivered_on": one.delivered_on and one.delivered_on.isoformat(),
        "postal_code": one.postal_code,
    }


def _appointment_said(one: Appointment, stage: str) -> dict[str, Any]:
    return {
        "stage": stage,
        "kind": one.kind,
        "from": one.opens.isoformat(timespec="seconds"),
        "until": one.until.isoformat(timespec="seconds"),
        "postal_code": one.postal_code,
        "phone": one.phone,
    }


def _charge(found: OrderCharge) -> dict[str, Any]:
    month = found.month
    return {
        "until": month.until.isoformat(),
        "days": month.days,
        "days_in_month": month.days_in_month,
        "parts": [
            {"key": key, "amount": None if amount is None else money(amount)} for key, amount in found.parts.items()
        ],
        "taxes": [
            {"code": tax.code, "percent": f"{tax.percent.normalize():f}", "amount": money(amount)}
            for tax, amount in found.taxes
        ],
        "known": money(found.known),
        "complete": found.complete,
    }
