"""The payment page: what opens under the address of a payment link. The address is the only proof that is asked for."""

from __future__ import annotations

import logging
import re

from aiohttp import web

from billing import money_queries, payments
from billing.models import AccountRow
from billing.money_models import PaymentLinkRow
from billing.pages import amount_in_words
from billing.payment_provider import ProviderUnavailable
from billing.problems import LANGUAGES, preferred_language
from billing.web import BACKEND

logger = logging.getLogger(__name__)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
_RETRY_S = 60


async def payment_page(request: web.Request) -> web.Response:
    """The page of an open link; of any other link, what became of it."""
    return await _answer(request, choice=None)


async def pay(request: web.Request) -> web.Response:
    """Pays, once; the answer is the outcome."""
    form = await request.post()
    choice = form.get("choice")
    if choice not in request.app[BACKEND].provider.choices:
        return request.app[BACKEND].pages.notice("bad-choice", status=400, language=_asked_language(request))
    return await _answer(request, choice=str(choice))


async def _answer(request: web.Request, choice: str | None) -> web.Response:
    backend = request.app[BACKEND]
    now = backend.now()
    token = request.match_info["token"]
    found = None
    if _TOKEN.fullmatch(token):
        async with backend.database.reading() as session:
            found = await money_queries.link_with_account(session, token)
    if found is None:
        return backend.pages.notice("unknown", status=404, language=_asked_language(request))
    row, owner = found
    was_open = payments.state_of(row, now) == "open"
    try:
        if choice is not None and was_open:
            row = await payments.pay(backend.database, backend.provider, row, choice=choice, now=now)
        else:
            row = await payments.settled(backend.database, backend.provider, row.id, now=now)
    except ProviderUnavailable:
        logger.warning("payment link %s: the provider did not answer", row.reference)
        response = _notice(request, "charging", row, owner, status=503)
        response.headers["Retry-After"] = str(_RETRY_S)
        return response
    state = payments.state_of(row, now)
    if state == "open":
        return backend.pages.payment(
            row,
            brand=backend.brands[owner.brand].name[_language(request, owner)],
            provider=backend.provider,
            language=_language(request, owner),
            now=now,
        )
    if state == "paid" and not (choice is not None and was_open):
        state = "used"
    done = choice is not None and was_open and state in {"paid", "declined"}
    return _notice(request, state, row, owner, status=200 if done else 410)


def _notice(request: web.Request, name: str, row: PaymentLinkRow, owner: AccountRow, *, status: int) -> web.Response:
    backend = request.app[BACKEND]
    language = _language(request, owner)
    return backend.pages.notice(
        name,
        status=status,
        language=language,
        brand=backend.brands[owner.brand].name[language],
        switch=request.method == "GET",
        amount=amount_in_words(row.amount, language),
        receipt=row.receipt or "",
    )


def _language(request: web.Request, owner: AccountRow) -> str:
    """The one chosen on the page, else the account's."""
    chosen = request.query.get("language")
    return chosen if chosen in LANGUAGES else owner.language


def _asked_language(request: web.Request) -> str:
    chosen = request.query.get("language")
    return chosen if chosen in LANGUAGES else preferred_language(request.headers.get("Accept-Language", ""))
