"""Builds the gateway: the only file that knows everybody."""

from __future__ import annotations

import asyncio
import datetime
import logging
from collections.abc import AsyncIterator, Callable

import aiohttp
import socketio
from aiohttp import web

from gateway.billing_client import BillingClient
from gateway.channels.api import Api
from gateway.channels.web import WebChannel, may_connect
from gateway.conversation import Conversations
from gateway.database import open_database
from gateway.forward import Forward
from gateway.health import Health, http_part
from gateway.identity import Identity
from gateway.internal import Internal
from gateway.outbox import DevelopmentOutbox, Outbox
from gateway.pages import Pages
from gateway.pins import Pins
from gateway.rasa_client import RasaClient
from gateway.sentences import Sentences
from gateway.settings import Settings
from gateway.web import SENTENCES, problems
from knowledge import Shelf
from language import Detector

log = logging.getLogger(__name__)

BODY_BYTES = 512 * 1024  # above the longest message: one that is too long gets told so, not cut off
DRAIN_S = 10.0


def utc_now() -> datetime.datetime:
    """The clock of the program."""
    return datetime.datetime.now(datetime.UTC)


async def create_app(
    *, settings: Settings, outbox: Outbox | None = None, now: Callable[[], datetime.datetime] = utc_now
) -> web.Application:
    """The public application; it starts and stops the internal one with it. Nothing runs before it is started."""
    development = None
    if outbox is None:
        if settings.production:
            raise SystemExit("In production an SMS and a mail provider must be set: none is configured.")
        outbox = development = DevelopmentOutbox(settings.outbox_file, now)
    engine, sessions = open_database(settings.database_url)
    shelf = Shelf(settings.knowledge_base)
    sentences = Sentences()
    http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200), trust_env=False)
    billing = BillingClient(http, settings.billing_url, settings.billing_token_secret, now)
    assistant = RasaClient(http, settings.assistant_url, settings.assistant_secret, settings.turn_s)
    parts = {
        "assistant": assistant.ready,
        "actions": http_part(http, f"{settings.actions_url}/healthz"),
        "billing": billing.ready,
    }
    health = Health(parts, settings.start_grace_s)
    identity = Identity(
        sessions=sessions,
        billing=billing,
        outbox=outbox,
        shelf=shelf,
        sentences=sentences,
        token_secret=settings.billing_token_secret,
        now=now,
    )
    pins = Pins(now)
    conversations = Conversations(
        sessions=sessions,
        assistant=assistant,
        identity=identity,
        detector=Detector(),
        shelf=shelf,
        sentences=sentences,
        health=health,
        pins=pins,
        now=now,
    )
    internal = Internal(
        sessions=sessions, identity=identity, shelf=shelf, pins=pins, secret=settings.internal_secret, now=now
    )

    app = web.Application(middlewares=[problems], client_max_size=BODY_BYTES)
    app[SENTENCES] = sentences
    app.add_routes(
        Api(
            sessions=sessions,
            conversations=conversations,
            prove=identity.prove,
            shelf=shelf,
            settings=settings,
            now=now,
        ).routes()
    )
    app.add_routes(Pages(shelf=shelf, outbox=development).routes())
    app.add_routes(Forward(http, settings.billing_url).routes())
    app.add_routes(health.routes())
    server = socketio.AsyncServer(
        async_mode="aiohttp",
        cors_allowed_origins=may_connect(settings.allowed_origins),
        max_http_buffer_size=BODY_BYTES,
    )
    server.attach(app)
    WebChannel(
        server,
        sessions=sessions,
        conversations=conversations,
        shelf=shelf,
        settings=settings,
        sentences=sentences,
        ready=health.ready,
        now=now,
    )

    async def run(_: web.Application) -> AsyncIterator[None]:
        runner = web.AppRunner(internal.application(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", settings.internal_port).start()
        watching = asyncio.create_task(health.watch())
        left = await conversations.recover()
        if left:
            log.info("taking up %d messages that were left unanswered", left)
        yield
        await conversations.drain(DRAIN_S)
        watching.cancel()
        await runner.cleanup()
        await http.close()
        await engine.dispose()

    app.cleanup_ctx.append(run)
    return app
