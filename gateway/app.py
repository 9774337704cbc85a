"""Builds the gateway: the only file that knows everybody."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime
import functools
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Mapping

from aiohttp import web

from desk.agents import Doors
from desk.attachments import Files
from desk.console.app import open_desk
from desk.console.web import Office
from desk.due_watch import DueWatch
from desk.feed import Feed, announce_change
from desk.invitations import link_address
from desk.search import forget as unsearch
from desk.sorting import Sorter
from desk.triage_box import TriageBox
from desk.triage_data import read_rules
from desk.verdict import helped, rate
from gateway import sms_look, wakes
from gateway.admission import Admission
from gateway.agent_letters import AgentLetters
from gateway.attachments import Attachments
from gateway.billing_client import BillingClient
from gateway.channels.api import Api
from gateway.channels.frames import broken_connections, open_server
from gateway.channels.kannel import KannelChannel
from gateway.channels.origins import may_connect
from gateway.channels.twilio import TwilioChannel
from gateway.channels.verdict import Verdicts
from gateway.channels.web import EVENTS, WebChannel
from gateway.clock import utc_now
from gateway.conversation import Conversations
from gateway.cross_origin import let_sites_call
from gateway.customer_facts import CustomerFacts
from gateway.database import open_database
from gateway.forward import Forward
from gateway.headers import headers_on_every_answer
from gateway.health import open_health
from gateway.identity import Identity
from gateway.internal import Internal
from gateway.letters import Letters
from gateway.masking import Masking
from gateway.notices import Notices
from gateway.onward import Onward, codes_of
from gateway.order import OneGateway, Order, SeveralGateways
from gateway.outbox import Outbox
from gateway.pages import Pages
from gateway.pins import Pins
from gateway.providers import senders_or_exit
from gateway.rasa_client import RasaClient
from gateway.receipts import put_receipt
from gateway.redact import masked
from gateway.retention import Retention
from gateway.senders import DevelopmentSender, Sender
from gateway.sentences import Sentences
from gateway.settings import Settings
from gateway.sms_gate import SmsGate
from gateway.sms_inbox import SmsInbox
from gateway.sms_numbers import Numbers
from gateway.sms_status import SmsStatus
from gateway.sms_talk import SmsTalk
from gateway.standing import standing
from gateway.statements import Statements
from gateway.transcript_mail import TRANSCRIPT, TranscriptMail, entries_of
from gateway.triage_api import TriageApi
from gateway.turn_figures import TurnFigures
from gateway.web import SENTENCES, UNAVAILABLE, problems
from gateway.widget_files import WidgetFiles
from knowledge import Shelf
from language import Detector
from monitoring.figures import Figures
from monitoring.web import metrics_route, observe
from reach import open_session

BODY_BYTES = 512 * 1024  # above the longest message: one that is too long gets told so, not cut off
NOBODY_YET = "Nobody has access to the desk yet. Make the first administrator within 24 hours: {}"
DRAIN_S = 8.0  # an answer comes within 7 s; a stop is over within 10


async def create_app(
    *, settings: Settings, senders: Mapping[str, Sender] | None = None, now: Callable[[], datetime.datetime] = utc_now
) -> web.Application:
    """The public application; it starts and stops the internal one with it. Nothing runs before it is started.

    `senders`: what sends on "sms" and "email", instead of what the settings name.
    """
    development = None if settings.production else DevelopmentSender(settings.outbox_file, now)
    # Of their own: while the assistant hangs, its many waiting calls must not keep texts from going out.
    providers = open_session((settings.sms.twilio_api, settings.sms.kannel_url), inside=False, limit=50)
    senders = senders or await senders_or_exit(settings, development, providers)
    engine, sessions = open_database(settings.database_url)
    shelf = Shelf(settings.knowledge_base)
    sentences = Sentences()
    http = open_session(settings.behind, limit=200)
    billing = BillingClient(http, settings.billing_url, settings.billing_token_secret, now)
    assistant = RasaClient(http, settings.assistant_url, settings.assistant_secret)
    figures = Figures()
    turn_figures = TurnFigures(figures.registry)
    health = open_health(http, settings, sessions, figures.registry, assistant=assistant.ready, billing=billing.ready)
    public_url = settings.public_url or f"http://{settings.host}:{settings.port}"
    numbers = Numbers(settings.sms, shelf, production=settings.production)
    gate = SmsGate(settings.sms, numbers, shelf)
    outbox = Outbox(
        sessions=sessions,
        letters=Letters(shelf),
        senders=senders,
        gate=gate,
        codes=codes_of(settings.billing_token_secret),
        link=functools.partial(link_address, public_url, settings.billing_token_secret),
        now=now,
        reads={TRANSCRIPT: entries_of(sessions, shelf, sentences)},
    )
    notices = Notices(sessions=sessions, billing=billing, outbox=outbox, now=now)
    due_watch = DueWatch(sessions, shelf, now)
    secret, wait = settings.billing_token_secret, settings.code_answer_s
    identity = Identity(sessions=sessions, billing=billing, outbox=outbox, token_secret=secret, now=now, answer_s=wait)
    # On PostgreSQL there may be other gateways, and Redis wakes them; SQLite has one.
    several = engine.dialect.name == "postgresql"
    name = f"{socket.gethostname()[:20]}-{secrets.token_hex(6)}"
    order: Order = SeveralGateways(sessions, name) if several else OneGateway()
    shared = wakes.connect(settings.redis_url) if settings.redis_url else None
    pins = Pins(now, shared)
    places = settings.limits.turns_at_once * assistant.count
    limits = dataclasses.replace(settings.limits, turns_at_once=places)
    admission = Admission(limits, asked=turn_figures.turn, refused=turn_figures.refused)
    detector = Detector()
    rules = read_rules()
    sorter = Sorter(sessions=sessions, rules=rules, shelf=shelf, now=now)
    half = max(1, settings.limits.turns_at_once // 2)
    texts = SmsTalk(
        sessions=sessions, shelf=shelf, burst_s=settings.sms.burst_s, at_once=half, writes_from=numbers.writes_from,
        wake=outbox.wake, now=now,
    )  # fmt: skip
    conversations = Conversations(
        sessions=sessions,
        assistant=assistant,
        identity=identity,
        detector=detector,
        shelf=shelf,
        sentences=sentences,
        health=health,
        pins=pins,
        order=order,
        admission=admission,
        turn_s=settings.turn_s,
        masking=Masking(identity, unsearch),
        now=now,
        texts=texts,
        after_turn=sorter.after_turn,
    )
    box = TriageBox(rules=rules, shelf=shelf, detector=detector, understand=assistant.understand, now=now)
    internal = Internal(
        sessions=sessions,
        identity=identity,
        shelf=shelf,
        pins=pins,
        outbox=outbox,
        sort=sorter.sort_conversation,
        secret=settings.internal_secret,
        now=now,
    )
    files = Files(settings.attachments_folder)
    desk = open_desk(
        Office(
            sessions=sessions,
            shelf=shelf,
            doors=Doors(sessions, now),
            feed=Feed(sessions, now),
            now=now,
            at_desk=conversations.at_desk,
            proved=identity.proved_accounts,
            facts=CustomerFacts(http, settings.billing_url, identity).read,
            write=AgentLetters(shelf, now).write,
            tell=put_receipt,
            wake=outbox.wake,
            attachments=files,
            knowledge_base=settings.knowledge_base,
            meanings=assistant.meanings,
            sms_look=sms_look.look,
            mask=masked,
            box=box,
            secret=settings.billing_token_secret,
            spending=functools.partial(gate.spending, now),
            part_cost=settings.sms.part_cost,
            public_url=public_url,
            production=settings.production,
        )
    )
    conversations.listeners.extend((desk.watch.heard, turn_figures.heard))

    app = web.Application(
        middlewares=[observe(figures, outside=True), problems, broken_connections], client_max_size=BODY_BYTES
    )
    app[SENTENCES] = sentences
    let_sites_call(app, settings.allowed_origins)
    app.on_response_prepare.append(headers_on_every_answer(settings.production))
    app.add_routes(
        Api(
            sessions=sessions,
            conversations=conversations,
            prove=identity.prove,
            proved=identity.proved_account,
            sentences=sentences,
            shelf=shelf,
            settings=settings,
            admission=admission,
            now=now,
        ).routes()
    )
    verdicts = Verdicts(
        sessions=sessions, at_desk=conversations.at_desk, shelf=shelf, keep_rating=rate, keep_feedback=helped
    )
    app.add_routes(verdicts.routes())
    inbox = SmsInbox(
        sessions=sessions,
        conversations=conversations,
        talk=texts,
        numbers=numbers,
        shelf=shelf,
        sentences=sentences,
        settings=settings.sms,
        characters=settings.message_characters,
        now=now,
    )
    told = SmsStatus(sessions, functools.partial(announce_change, now), now).told
    app.add_routes(TwilioChannel(settings.sms, settings.public_url, hear=inbox.hear, told=told).routes())
    app.add_routes(KannelChannel(settings.sms, hear=inbox.hear, told=told).routes())
    app.add_routes(TriageApi(box, shelf, settings.desk_api_token, desk.office.doors).routes())
    retention = Retention(sessions=sessions, files=files, assistant=assistant, days=settings.retention, now=now)
    attachments = Attachments(
        sessions=sessions, identity=identity, files=files, at_desk=conversations.at_desk, sentences=sentences, now=now
    )
    mail = TranscriptMail(sessions=sessions, outbox=outbox, shelf=shelf, now=now)
    onward = Onward(
        sessions=sessions, texts=texts, gate=gate, numbers=numbers, shelf=shelf, sentences=sentences,
        secret=settings.billing_token_secret, hash_code=identity.hash_code, tell=conversations.tell, now=now,
    )  # fmt: skip
    app.add_routes([*attachments.routes(), *mail.routes(), *onward.routes()])
    app.add_routes(Pages(shelf=shelf, outbox=development, writes_from=numbers.writes_from).routes())
    app.add_routes(WidgetFiles().routes())
    app.add_routes([*Forward(http, settings.billing_url).routes(), *health.routes()])
    app.add_routes([*Statements(shelf, settings.retention).routes(), metrics_route(figures, settings.metrics_from)])
    app.add_subapp("/desk", desk.pages)
    server = open_server(EVENTS, may_connect(settings.allowed_origins), BODY_BYTES)
    server.attach(app)
    channel = WebChannel(
        server,
        sessions=sessions,
        conversations=conversations,
        prove=identity.prove,
        proved=identity.proved_account,
        last_proved=identity.last_proved,
        standing=standing,
        shelf=shelf,
        settings=settings,
        sentences=sentences,
        ready=health.ready,
        verdicts=verdicts,
        admission=admission,
        now=now,
    )
    turn_figures.show(admission, lambda: len(server.eio.sockets))
    if several:
        conversations.wakes = wakes.SharedWakes(
            shared, name, [channel.rooms.heard, conversations.turns.heard], channel.rooms.look
        )

    async def run(_: web.Application) -> AsyncIterator[None]:
        runner = web.AppRunner(internal.application(observe(figures)), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", settings.internal_port).start()
        loops = (health.watch, outbox.run, notices.run, due_watch.run, retention.run, *desk.runs)
        own = (order.run, conversations.turns.run, conversations.wakes.run)
        tasks = [asyncio.create_task(run()) for run in (*own, *loops)]
        if address := await desk.setup_address():
            print(NOBODY_YET.format(address), flush=True)
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await runner.cleanup()
        if shared is not None:
            await shared.aclose()
        await http.close()
        await providers.close()
        await engine.dispose()

    async def stop(_: web.Application) -> None:
        """Before the connections are closed: whoever waits for an answer still gets it."""
        admission.stopping = True
        await conversations.turns.drain(DRAIN_S)
        with contextlib.suppress(*UNAVAILABLE):
            await order.leave()
        # Their pages come back by themselves, to another gateway or to the next start of this one.
        for socket_id in [found for found, _ in server.manager.get_participants("/", None)]:
            await server.disconnect(socket_id)
        await server.shutdown()

    app.on_shutdown.append(stop)
    app.cleanup_ctx.append(run)
    return app
