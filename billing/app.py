"""The composition root of the billing process: the only place that builds its parts. Tests call it too."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from billing import autopay_charges, field_service_handlers, handlers, internet_handlers
from billing.brands import read_brands
from billing.database import open_database
from billing.documents import read_document_words
from billing.field_service_data import read_field_service_data
from billing.holiday_calendar import holidays_of
from billing.internet_data import read_internet_data
from billing.migrate import current_revision
from billing.money_routes import money_routes
from billing.pages import read_pages
from billing.payment_provider import PaymentProvider, SandboxProvider
from billing.payments import settle_all
from billing.problems import read_problem_words
from billing.service_routes import service_routes
from billing.settings import Settings
from billing.web import BACKEND, BODY_LIMIT, Backend, Clock, for_customer, for_gateway, tell_problems
from monitoring.figures import Figures
from monitoring.web import metrics_route, observe

logger = logging.getLogger(__name__)

# A provider that is away must not keep the process from serving.
_PATIENCE_S = 5.0
_FOLDER = Path(__file__).parent


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    *, settings: Settings, clock: Clock = utc_now, provider: PaymentProvider | None = None, jobs: bool = False
) -> web.Application:
    """The billing backend, ready to be served. `clock` returns this moment, aware; the provider is the sandbox by default.

    `jobs`: automatic payments are carried out on their day for as long as it runs.
    """
    brands = read_brands()
    backend = Backend(
        settings=settings,
        database=open_database(settings.database_url),
        clock=clock,
        words=read_problem_words(),
        offers={brand.id: brand.offers for brand in brands.entries.values()},
        brands=brands,
        provider=provider or SandboxProvider(),
        pages=read_pages(),
        document_words=read_document_words(),
        revision=current_revision(),
        openapi=(_FOLDER / "openapi.json").read_text(encoding="utf-8"),
    )

    async def close_database(_: web.Application) -> AsyncIterator[None]:
        yield
        await backend.database.close()

    figures = Figures()
    app = web.Application(middlewares=[observe(figures), tell_problems], client_max_size=BODY_LIMIT)
    app[BACKEND] = backend
    app[internet_handlers.INTERNET] = read_internet_data()
    app[field_service_handlers.FIELD_SERVICE] = read_field_service_data()
    app.cleanup_ctx.append(close_database)
    app.on_startup.append(_settle_payments)
    app.on_startup.append(_load_holidays)
    if jobs:
        app.cleanup_ctx.append(_automatic_payments)
    app.add_routes(
        [
            web.get("/healthz", handlers.healthz),
            web.get("/readyz", handlers.readyz),
            metrics_route(figures),
            web.get("/openapi.json", handlers.openapi),
            web.post("/v1/locate", for_gateway(handlers.locate)),
            web.get("/v1/account", for_customer(handlers.account)),
            web.get("/v1/balance", for_customer(handlers.balance)),
            web.get("/v1/bills", for_customer(handlers.bills)),
            web.get("/v1/bills/latest", for_customer(handlers.latest_bill)),
            web.get("/v1/activity", for_customer(handlers.activity)),
            *money_routes(),
            *service_routes(),
        ]
    )
    return app


async def _settle_payments(app: web.Application) -> None:
    """End the payments that this process, or another, was charging when it stopped."""
    backend = app[BACKEND]
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await settle_all(backend.database, backend.provider, now=backend.now())
    # Without its database the process starts all the same, and says at /readyz that it cannot serve.
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        logger.warning("payments in progress were not looked at: %s", type(error).__name__)


async def _automatic_payments(app: web.Application) -> AsyncIterator[None]:
    backend = app[BACKEND]
    job = asyncio.create_task(
        autopay_charges.run(backend.database, backend.provider, backend.brands, backend.now), name="autopay"
    )
    yield
    job.cancel()
    with suppress(asyncio.CancelledError):
        await job


async def _load_holidays(_: web.Application) -> None:
    """The library loads a country when it is first asked about a day, which takes longer than a customer's question may."""
    await asyncio.to_thread(lambda: date(2000, 1, 1) in holidays_of("CA", "QC"))
