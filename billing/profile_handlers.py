"""The routes of the e-service profile: who is registered, and which accounts of the company it holds."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from billing import money_queries, queries
from billing.account import normal_account_number, normal_postal_code
from billing.bodies import email_field, line_field
from billing.handlers import owner_of
from billing.models import AccountRow, AccountUserRow
from billing.money_models import ProfileAccountRow
from billing.problems import Problem
from billing.profile import TooMany, is_same_person, require_room, role_of_next
from billing.tokens import Customer, Locator
from billing.web import BACKEND, invalid, json_body, require_administrator, require_offer, text_field
from billing.writes import Outcome, Writer, answer_write, idempotency_key, writer_of


async def register(request: web.Request, gateway: Locator) -> web.Response:
    """Registers a person on an account found by its number and postal code: the first becomes the administrator."""
    backend, now = request.app[BACKEND], request.app[BACKEND].now()
    idempotency_key(request)
    body = await json_body(request, "account", "postal_code", "name", "email", "accept_terms", optional=("brand",))
    name, email = line_field(body, "name", longest=200), email_field(body, "email")
    number = normal_account_number(text_field(body, "account", longest=40))
    postal_code = normal_postal_code(text_field(body, "postal_code", longest=20))
    if not isinstance(body["accept_terms"], bool):
        raise invalid("accept_terms")
    if not body["accept_terms"]:
        raise Problem("terms-not-accepted", members={"field": "accept_terms"})
    brands = backend.brands.offering("eservice")
    if "brand" in body:
        brand = text_field(body, "brand", longest=40)
        if brand not in brands:
            raise Problem("not-offered")
        brands = (brand,)
    async with backend.database.reading() as session:
        found = await money_queries.located_in(session, brands=brands, number=number, postal_code=postal_code)
    if found is None:
        raise Problem("account-not-found")
    seats = backend.brands[found.brand].secondary_users

    async def change(session: AsyncSession, owner: AccountRow, reference: str) -> Outcome:
        users = await money_queries.users(session, owner)
        same = next((user for user in users if is_same_person(name, email, user.name, user.email)), None)
        if same is not None:
            last = await queries.latest_audit(session, owner, "eservice_registration")
            made_so = last.reference if last and last.after.get("email") == same.email else None
            answer = {"role": same.role, "users": len(users), "most_users": 1 + seats}
            return Outcome(answer, changed=False, reference=made_so)
        try:
            role = role_of_next(len(users), seats)
        except TooMany as error:
            raise Problem("too-many-users", values={"most": error.most}, members={"most": error.most}) from error
        session.add(AccountUserRow(account_id=owner.id, name=name, role=role, email=email))
        return Outcome(
            {"role": role, "users": len(users) + 1, "most_users": 1 + seats},
            before={"users": len(users)},
            after={"users": len(users) + 1, "name": name, "email": email, "role": role},
            told={"name": name},
            also_to=(email,),
        )

    writer = Writer(found.brand, found.number, gateway.conversation)
    return await answer_write(request, writer, "eservice_registration", body, change, now=now, status=201)


async def users(request: web.Request, customer: Customer) -> web.Response:
    require_offer(request, customer.brand, "eservice")
    require_administrator(customer)
    backend = request.app[BACKEND]
    async with backend.database.reading() as session:
        owner = await owner_of(session, customer)
        rows = await money_queries.users(session, owner)
        accounts = await _accounts(session, owner)
    brand = backend.brands[customer.brand]
    return web.json_response(
        {
            "users": [{"name": row.name, "role": row.role} for row in rows],
            "most_users": 1 + brand.secondary_users,
            "accounts": accounts,
            "most_accounts": brand.profile_accounts,
        }
    )


async def add_account(request: web.Request, customer: Customer) -> web.Response:
    """Adds another account of the same brand to the company's profile."""
    require_offer(request, customer.brand, "eservice")
    require_administrator(customer)
    backend, now = request.app[BACKEND], request.app[BACKEND].now()
    idempotency_key(request)
    body = await json_body(request, "account", "postal_code")
    number = normal_account_number(text_field(body, "account", longest=40))
    postal_code = normal_postal_code(text_field(body, "postal_code", longest=20))
    most = backend.brands[customer.brand].profile_accounts

    async def change(session: AsyncSession, owner: AccountRow, reference: str) -> Outcome:
        found = await queries.located_account(session, brand=customer.brand, number=number, postal_code=postal_code)
        if found is None:
            raise Problem("account-not-found")
        accounts = await _accounts(session, owner)
        if found.id == owner.id or await money_queries.is_added(session, owner, found):
            return Outcome({"accounts": accounts, "most_accounts": most}, changed=False)
        try:
            require_room(accounts, most)
        except TooMany as error:
            raise Problem("profile-full", values={"most": error.most}, members={"most": error.most}) from error
        session.add(ProfileAccountRow(profile_id=owner.id, account_id=found.id, at=now))
        return Outcome(
            {"accounts": accounts + 1, "most_accounts": most},
            before={"accounts": accounts},
            after={"accounts": accounts + 1, "added": found.number},
            told={"added_ending": found.number[-4:]},
        )

    return await answer_write(request, writer_of(customer), "profile_account", body, change, now=now, status=201)


async def _accounts(session: AsyncSession, owner: AccountRow) -> int:
    # The account itself is the first of its profile; profiles from before come with the number of their accounts.
    before: int = owner.extra.get("profile_accounts", 1)
    return before + await money_queries.added_accounts(session, owner)
