"""The composition root of the billing process: the only place that builds its parts. Tests call it too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import yaml
from aiohttp import web

from billing import handlers
from billing.database import open_database
from billing.migrate import current_revision
from billing.problems import read_problem_words
from billing.settings import Settings
from billing.web import BACKEND, BODY_LIMIT, Backend, Clock, for_customer, for_gateway, tell_problems

_FOLDER = Path(__file__).parent


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(*, settings: Settings, clock: Clock = utc_now) -> web.Application:
    """The billing backend, ready to be served. `clock` returns this moment, aware; the database opens at first use."""
    backend = Backend(
        settings=settings,
        database=open_database(settings.database_url),
        clock=clock,
        words=read_problem_words(),
        offers=_read_offers(),
        revision=current_revision(),
        openapi=(_FOLDER / "openapi.json").read_text(encoding="utf-8"),
    )

    async def close_database(_: web.Application) -> AsyncIterator[None]:
        yield
        await backend.database.close()

    app = web.Application(middlewares=[tell_problems], client_max_size=BODY_LIMIT)
    app[BACKEND] = backend
    app.cleanup_ctx.append(close_database)
    app.add_routes(
        [
            web.get("/healthz", handlers.healthz),
            web.get("/readyz", handlers.readyz),
            web.get("/openapi.json", handlers.openapi),
            web.post("/v1/locate", for_gateway(handlers.locate)),
            web.get("/v1/account", for_customer(handlers.account)),
            web.get("/v1/balance", for_customer(handlers.balance)),
            web.get("/v1/bills", for_customer(handlers.bills)),
            web.get("/v1/bills/latest", for_customer(handlers.latest_bill)),
            web.get("/v1/activity", for_customer(handlers.activity)),
            web.post("/v1/ebill-enrolment", for_customer(handlers.ebill_enrolment)),
        ]
    )
    return app


def _read_offers() -> dict[str, frozenset[str]]:
    brands = yaml.safe_load((_FOLDER / "data" / "brands.yml").read_text(encoding="utf-8"))
    return {brand: frozenset(entry["offers"]) for brand, entry in brands.items()}
