"""The routes: each handler parses, calls one function, renders. All refusals of what was sent are raised here."""

from __future__ import annotations

import re

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from billing import answers, queries
from billing.account import normal_account_number, normal_postal_code
from billing.bill import Ledger, latest_activity, standing, unpaid
from billing.models import AccountRow
from billing.money import ZERO
from billing.problems import Problem
from billing.readiness import DatabaseState, database_state
from billing.tokens import Customer, Locator
from billing.web import BACKEND, invalid, json_body, limit_parameter, text_field

_BRAND = re.compile(r"[a-z0-9-]{1,40}")


async def healthz(request: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


async def readyz(request: web.Request) -> web.Response:
    backend = request.app[BACKEND]
    state = await database_state(backend.database, backend.revision)
    if state is not DatabaseState.READY:
        raise Problem("not-ready", members={"database": state})
    return web.json_response({"status": "ready", "database": state})


async def openapi(request: web.Request) -> web.Response:
    return web.json_response(text=request.app[BACKEND].openapi)


async def locate(request: web.Request, gateway: Locator) -> web.Response:
    body = await json_body(request, "brand", "account", "postal_code")
    brand = text_field(body, "brand", longest=40)
    if not _BRAND.fullmatch(brand):
        raise invalid("brand")
    number = normal_account_number(text_field(body, "account", longest=40))
    postal_code = normal_postal_code(text_field(body, "postal_code", longest=20))
    async with request.app[BACKEND].database.reading() as session:
        row = await queries.located_account(session, brand=brand, number=number, postal_code=postal_code)
    if row is None:
        raise Problem("account-not-found")
    return web.json_response(answers.located(row))


async def account(request: web.Request, customer: Customer) -> web.Response:
    async with request.app[BACKEND].database.asking() as session:
        found = await queries.account_and_users(session, brand=customer.brand, number=customer.account)
    if found is None:
        raise Problem("account-not-found")
    return web.json_response(answers.account(*found))


async def balance(request: web.Request, customer: Customer) -> web.Response:
    backend = request.app[BACKEND]
    now = backend.now()
    async with backend.database.asking() as session:
        ledger = await ledger_of(session, customer)
    return web.json_response(answers.balance(standing(ledger, now.date()), now))


async def bills(request: web.Request, customer: Customer) -> web.Response:
    limit = limit_parameter(request, default=12, most=60)
    async with request.app[BACKEND].database.asking() as session:
        ledger = await ledger_of(session, customer)
    owed = {bill.number: amount for bill, amount in unpaid(ledger)}
    newest = ledger.bills[: -limit - 1 : -1]
    return web.json_response([answers.bill(bill, owed.get(bill.number, ZERO)) for bill in newest])


async def latest_bill(request: web.Request, customer: Customer) -> web.Response:
    async with request.app[BACKEND].database.asking() as session:
        ledger = await ledger_of(session, customer)
        if not ledger.bills:
            raise Problem("no-bill")
        latest = ledger.bills[-1]
        lines = await queries.bill_lines(session, brand=customer.brand, number=customer.account, bill=latest.number)
    owed = {bill.number: amount for bill, amount in unpaid(ledger)}
    return web.json_response(answers.bill_with_lines(latest, lines, owed.get(latest.number, ZERO)))


async def activity(request: web.Request, customer: Customer) -> web.Response:
    limit = limit_parameter(request, default=5, most=50)
    async with request.app[BACKEND].database.asking() as session:
        ledger = await ledger_of(session, customer)
    events = latest_activity(reversed(ledger.bills), reversed(ledger.payments), limit)
    return web.json_response([answers.event(event) for event in events])


async def ledger_of(session: AsyncSession, customer: Customer) -> Ledger:
    """The ledger of the customer's account; else the Problem to answer with."""
    found = await queries.ledger_of(session, brand=customer.brand, number=customer.account)
    if found is None:
        raise Problem("account-not-found")
    return found


async def owner_of(session: AsyncSession, customer: Customer) -> AccountRow:
    """The customer's account; else the Problem to answer with."""
    row = await queries.account(session, brand=customer.brand, number=customer.account)
    if row is None:
        raise Problem("account-not-found")
    return row
