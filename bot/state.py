"""What the assistant tells of itself: health, readiness, figures, and log lines with the request's id (`bot/turn.py` passes it on).

Rasa's own `/status` asks for a token of its HTTP API, which is off.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from prometheus_client import Gauge
from sanic import Blueprint, response
from sanic.request import Request

from bot.tracker_store import BoundedTrackerStore
from monitoring import logs, request_id, traces
from monitoring.figures import CONTENT_TYPE, LOCAL, Figures

log = logging.getLogger(__name__)

QUIET = ("/webhooks/gateway/", "/webhooks/gateway/healthz", "/webhooks/gateway/readyz", "/webhooks/gateway/metrics")


def can_serve(agent: Any) -> str:
    """ "ready", or what is missing: the model, or the database of what it remembers."""
    if agent is None or not agent.is_ready():
        return "no model"
    store = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
    return "ready" if isinstance(store, BoundedTrackerStore) and store.answers() else "no database"


def observe(routes: Blueprint) -> None:
    """Adds the pages of its state to the channel's routes, and watches the others."""
    figures, lines = Figures(), logs.set_up("assistant")  # now, as Rasa has set up its own before
    traces.set_up("assistant")
    ready = Gauge("assistant_ready", "1 where the model is loaded and the database answers", registry=figures.registry)

    @routes.get("/healthz")
    async def healthz(_: Request) -> response.HTTPResponse:
        return response.json({"status": "alive"})

    @routes.get("/readyz")
    async def readyz(request: Request) -> response.HTTPResponse:
        state = can_serve(request.app.ctx.agent)
        ready.set(state == "ready")
        return response.json({"status": state}, status=200 if state == "ready" else 503)

    @routes.get("/metrics")
    async def metrics(request: Request) -> response.HTTPResponse:
        if request.ip not in LOCAL:
            return response.empty(status=404)
        return response.raw(figures.text(), content_type=CONTENT_TYPE)

    @routes.middleware("request")
    async def begin(request: Request) -> None:
        request_id.begin_from(request.headers)
        request.ctx.began = time.perf_counter()
        request.ctx.span = traces.served(f"{request.method} {request.path}", request.headers)
        request.ctx.span.__enter__()

    @routes.middleware("response")
    async def end(request: Request, answer: response.HTTPResponse) -> None:
        took = time.perf_counter() - request.ctx.began
        request.ctx.span.__exit__(None, None, None)
        figures.request(request.method, request.path, answer.status, took)  # of our few routes, which hold no places
        answer.headers[request_id.HEADER] = request_id.current()
        if lines and request.path not in QUIET:
            fields = {
                "method": request.method,
                "route": request.path,
                "status": answer.status,
                "ms": round(took * 1000, 1),
            }
            log.info("%s %s %s %s ms", *fields.values(), extra={"fields": fields})
