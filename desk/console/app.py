"""The desk as the gateway runs it: the agents' pages under /desk, the feed that keeps them up to date, and the watch over who waits."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Coroutine

from aiohttp import web

from desk.console.article_pages import ArticlePages
from desk.console.audit_pages import AuditPages
from desk.console.box_pages import BoxPages
from desk.console.canned_pages import CannedPages
from desk.console.dashboard_pages import DashboardPages
from desk.console.doors import DoorPages
from desk.console.live import LivePages
from desk.console.people_pages import PeoplePages
from desk.console.question_pages import QuestionPages
from desk.console.queue_pages import READING, QueuePages, reading_of
from desk.console.request_pages import RequestPages
from desk.console.search_pages import SearchPages
from desk.console.talk_pages import TalkPages
from desk.console.version_pages import VersionPages
from desk.console.visit_pages import VisitPages, visit_values
from desk.console.web import OFFICE, Office, guard
from desk.invitations import link_token, setup_nonce
from desk.open_questions import OpenQuestions
from desk.records import Records
from desk.search import Indexing
from desk.triage_data import read_rules
from desk.watch import Watch


@dataclasses.dataclass(frozen=True)
class Desk:
    """`pages` to stand under /desk; `runs` to run beside them; `watch` to listen to conversations."""

    office: Office
    pages: web.Application
    runs: tuple[Callable[[], Coroutine[None, None, None]], ...]
    watch: Watch

    async def setup_address(self) -> str | None:
        """Where the first administrator is made; None where there is an agent. An earlier address is void."""
        async with self.office.sessions.begin() as session:
            nonce = await setup_nonce(session, self.office.secret, self.office.now())
        return nonce and f"{self.office.public_url}/desk/setup/{link_token(self.office.secret, nonce)}"


def open_desk(office: Office) -> Desk:
    """Builds the desk; nothing runs yet."""
    app = web.Application(middlewares=[guard])
    app[OFFICE] = office
    app[READING] = reading_of(office)
    requests = RequestPages(visit_values)
    records = Records(office.sessions, office.shelf, read_rules(), office.now)
    for pages in (
        QueuePages(),
        TalkPages(),
        LivePages(),
        requests,
        VisitPages(requests),
        SearchPages(),
        BoxPages(),
        CannedPages(),
        QuestionPages(),
        ArticlePages(),
        VersionPages(),
        DashboardPages(records),
        AuditPages(),
        PeoplePages(),
        DoorPages(),
    ):
        app.add_routes(pages.routes())

    async def close(_: web.Application) -> None:
        office.feed.close()

    app.on_shutdown.append(close)
    watch = Watch(office.sessions, office.at_desk, office.shelf, office.now)
    questions = OpenQuestions(office.sessions, office.meanings, read_rules().small_talk, office.now)
    indexing = Indexing(office.sessions)
    runs = (office.feed.run, watch.run, records.run, indexing.run, office.files.run, questions.run)
    return Desk(office, app, runs, watch)
