"""Builds the action server: rasa-sdk's executor behind aiohttp (why: DESIGN.md, "What Rasa does by itself")."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp import web
from prometheus_client import Histogram
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.billing_client import BillingClient
from actions.carry_out import CarryOut
from actions.conversation import Talk
from actions.details_form import DetailsForm
from actions.form_events import Events, ended
from actions.gateway_client import GatewayClient
from actions.operations import operations
from actions.requests import read_live_answers, read_requests
from actions.settings import Settings
from actions.support_requests import SupportRequests
from actions.turn import Turn
from knowledge import Shelf
from monitoring import traces
from monitoring.figures import SECONDS, Figures
from monitoring.web import metrics_route, observe
from reach import open_session

log = logging.getLogger(__name__)

Step = Callable[[Turn], Awaitable[Events]]


async def create_app(*, settings: Settings) -> web.Application:
    """The application: `POST /webhook` for Rasa, which shows the assistant's secret (endpoints.yml), and the pages of its state."""
    shelf = Shelf(settings.knowledge_base)
    specs = read_requests() | read_live_answers()
    figures = Figures()
    actions_taken = Histogram(
        "action_seconds", "How long actions took", ["action", "outcome"], buckets=SECONDS, registry=figures.registry
    )
    http = open_session((*settings.gateway_urls, settings.billing_url))
    gateway = GatewayClient(http, settings.gateway_urls, settings.internal_secret, settings.call_s)
    billing = BillingClient(http, settings.billing_url, settings.call_s)
    talk = Talk(shelf, specs, gateway)
    done_here = operations(specs, billing, gateway)
    carry_out = CarryOut(specs, gateway=gateway, operations=done_here, support=SupportRequests(gateway, specs))
    steps: dict[str, Step] = {
        "validate_details_form": DetailsForm(specs, gateway, done_here).validate,
        "action_carry_out": carry_out.carry_out,
        "action_answer": talk.answer,
        "action_converse": talk.converse,
        "action_clarify": talk.clarify,
        "action_cancel": talk.cancel,
        "action_talk_to_agent": talk.talk_to_agent,
    }
    executor = ActionExecutor()
    for name, step in steps.items():
        executor.register_function(name, _guarded(name, step, shelf, settings.action_s, actions_taken))

    async def webhook(request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        given_bytes = given.encode("utf-8", "surrogateescape")  # a header may hold any bytes
        if not hmac.compare_digest(given_bytes, settings.assistant_secret.encode()):
            raise web.HTTPUnauthorized
        payload = await request.json(loads=json.loads)
        payload.setdefault("domain", {})  # Rasa sends none (enable_selective_domain); the executor wants one
        result = await executor.run(payload)
        return web.json_response(result.model_dump() if result else {"events": [], "responses": []})

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"status": "alive", "actions": sorted(steps)})

    async def ready(_: web.Request) -> web.Response:
        """Whether it can act: the articles and brands are read. Gateway and billing tell their own state."""
        whole = bool(shelf.brands)
        return web.json_response({"status": "ready" if whole else "not ready"}, status=200 if whole else 503)

    async def close(_: web.Application) -> AsyncIterator[None]:
        yield
        await http.close()

    most = 16 * 1024 * 1024  # a tracker with a long conversation
    app = web.Application(middlewares=[observe(figures)], client_max_size=most)
    app.add_routes([web.post("/webhook", webhook), web.get("/healthz", alive), web.get("/readyz", ready)])
    app.add_routes([metrics_route(figures)])
    app.cleanup_ctx.append(close)
    return app


def _guarded(
    name: str, step: Step, shelf: Shelf, action_s: float, taken: Histogram
) -> Callable[[CollectingDispatcher, Tracker, dict[str, Any]], Awaitable[Events]]:
    """The step as the executor calls it: under the time limit, and with a sentence where it breaks (Rasa would be silent)."""

    async def run(dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        shelf.refresh()
        began, outcome = time.perf_counter(), "failed"
        try:
            with traces.span(name):
                async with asyncio.timeout(action_s):
                    events = await step(Turn.of(dispatcher, tracker, shelf))
            outcome = "done"
            return events
        except Exception:
            log.exception("%s failed", name)
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_action_failed")
            return ended()
        finally:
            taken.labels(name, outcome).observe(time.perf_counter() - began)

    return run
