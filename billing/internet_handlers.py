"""The routes of the Internet provider: where service can be had, which modem and plan, when a modem arrives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from aiohttp import web

from billing import answers, queries
from billing.account import PROVINCES, province
from billing.availability import NETWORKS, Plan, Technology, availability, is_named, plans_over, technology
from billing.bill import standing
from billing.business_days import add_business_days
from billing.holiday_calendar import holidays_between, holidays_of
from billing.internet_data import InternetData
from billing.models import AccountRow
from billing.modems import Modem, Reason, accepted_on, check_modem
from billing.parameters import (
    choice_parameter,
    day_parameter,
    postal_code_parameter,
    required,
    text_parameter,
)
from billing.problems import Problem
from billing.tokens import Customer, Visitor
from billing.web import BACKEND, invalid, require_offer

INTERNET = web.AppKey("internet", InternetData)
# A day of payment that is further away than this is a slip of the keyboard.
_FAR_DAYS = 366


async def check_availability(request: web.Request, visitor: Visitor) -> web.Response:
    postal_code = required(request, "postal_code", postal_code_parameter(request))
    found = availability(postal_code, request.app[INTERNET].areas)
    return web.json_response(
        {
            "postal_code": postal_code,
            "province": found.province,
            "technologies": [_technology(one) for one in found.technologies],
            "known": found.known,
            "dsl_possible": found.dsl_possible,
            "guarantee": False,
            "list_is_partial": True,
        }
    )


async def modems(request: web.Request, visitor: Visitor) -> web.Response:
    """With a model or a serial number: may it be used. With neither: the network's list."""
    data = request.app[INTERNET]
    network = required(request, "network", choice_parameter(request, "network", NETWORKS))
    make, model, firmware, serial = (text_parameter(request, name) for name in ("make", "model", "firmware", "serial"))
    if not (make or model or firmware or serial):
        return web.json_response(
            {"network": network, "modems": [_modem(one, network) for one in accepted_on(data.modems, network)]}
        )
    verdict = check_modem(
        data.modems, data.lost, network=network, make=make, model=model or "", firmware=firmware, serial=serial
    )
    # Without its model, a serial number only tells whether the modem was reported.
    if model is None and verdict.reason is not Reason.LOST_OR_STOLEN:
        raise invalid("model")
    listed = verdict.modem
    return web.json_response(
        {
            "accepted": verdict.accepted,
            "reason": verdict.reason,
            "make": listed.make if listed else None,
            "model": listed.model if listed else None,
            "accepted_firmware": list(listed.firmware.get(network, ())) if listed else [],
            "networks": list(listed.firmware) if listed else [],
        }
    )


async def plans(request: web.Request, visitor: Visitor) -> web.Response:
    """Those that a postal code may have; without one, all of them."""
    data = request.app[INTERNET]
    postal_code = postal_code_parameter(request)
    if postal_code is None:
        return web.json_response({"postal_code": None, "known": False, "plans": [_plan(plan) for plan in data.plans]})
    found = availability(postal_code, data.areas)
    return web.json_response(
        {
            "postal_code": postal_code,
            "known": found.known,
            "plans": [_plan(plan) for plan in plans_over(found.technologies, data.plans)],
        }
    )


async def account_plans(request: web.Request, customer: Customer) -> web.Response:
    require_offer(request, customer.brand, "plans")
    data = request.app[INTERNET]
    owner = await _owner(request, customer)
    current = str(owner.extra.get("plan", ""))
    known, technologies = _technologies(owner, data.areas)
    return web.json_response(
        {
            "current": current or None,
            "known": known,
            "plans": [
                {**_plan(plan), "current": is_named(plan, current)} for plan in plans_over(technologies, data.plans)
            ],
        }
    )


async def modem_delivery(request: web.Request, visitor: Visitor) -> web.Response:
    paid_on = order_day_parameter(request, "paid_on")
    destination = _destination(request)
    figures = request.app[INTERNET].figures
    expected_on = add_business_days(paid_on, figures.delivery_days, holidays_of("CA", destination))
    return web.json_response(
        {
            "expected_on": expected_on.isoformat(),
            "approximate": True,
            "business_days": figures.delivery_days,
            "shipping": answers.money(figures.shipping),
            "plus_tax": True,
            "province": destination,
            "holidays_skipped": holidays_between(destination, paid_on, expected_on),
        }
    )


async def reconnection(request: web.Request, customer: Customer) -> web.Response:
    require_offer(request, customer.brand, "reconnection")
    backend = request.app[BACKEND]
    figures = request.app[INTERNET].figures
    async with backend.database.reading() as session:
        owner = await queries.account(session, brand=customer.brand, number=customer.account)
        if owner is None:
            raise Problem("account-not-found")
        ledger = await queries.ledger(session, owner)
    fee = figures.reconnection_fee
    return web.json_response(
        {
            "disconnected_on": owner.extra.get("disconnected_on"),
            # Past bills are paid first; a bill that is not yet due keeps nobody disconnected.
            "owed": answers.money(standing(ledger, backend.now().date()).past_due),
            "fee": None if fee is None else answers.money(fee),
            "fee_known": fee is not None,
            "delay_business_days": figures.reconnection_days,
        }
    )


def order_day_parameter(request: web.Request, name: str) -> date:
    """The day of an order or of its payment, at most a year away."""
    day = day_parameter(request, name)
    if abs((day - request.app[BACKEND].now().date()).days) > _FAR_DAYS:
        raise invalid(name)
    return day


async def _owner(request: web.Request, customer: Customer) -> AccountRow:
    async with request.app[BACKEND].database.reading() as session:
        row = await queries.account(session, brand=customer.brand, number=customer.account)
    if row is None:
        raise Problem("account-not-found")
    return row


def _technologies(owner: AccountRow, areas: Mapping[str, str]) -> tuple[bool, tuple[Technology, ...]]:
    """Over which network the account is served decides; the area of its postal code only where that is not kept."""
    network = owner.extra.get("network")
    if network in NETWORKS:
        return True, (technology(network),)
    found = availability(owner.postal_code, areas)
    return found.known, found.technologies


def _destination(request: web.Request) -> str:
    """The province that the parcel goes to: `province`, or that of `postal_code`."""
    named = choice_parameter(request, "province", PROVINCES)
    postal_code = postal_code_parameter(request)
    if named is not None and postal_code is not None:
        raise invalid("province")
    return required(request, "province", named or (postal_code and province("CA", postal_code)))


def _technology(one: Technology) -> dict[str, str]:
    return {"kind": one.kind, "network": one.network}


def _modem(modem: Modem, network: str) -> dict[str, Any]:
    return {"make": modem.make, "model": modem.model, "accepted_firmware": list(modem.firmware[network])}


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.id,
        "technology": plan.kind,
        "name": {"fr": plan.name_fr, "en": plan.name_en},
        "price": None if plan.price is None else answers.money(plan.price),
    }
