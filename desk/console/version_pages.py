"""The versions of an article: their list, what changed from one to another, back to an older one, retire, withdraw."""

from __future__ import annotations

import dataclasses
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk import articles
from desk.agent_models import Agent
from desk.agents import AGENT
from desk.article_text import ArticleText, Unreadable, read_text
from desk.console.article_form import LANGUAGES, lines_of, zone_of
from desk.console.web import Refusal, field, go, office, page, signed
from desk.difference import Piece, difference
from desk.knowledge_models import KnowledgeArticle, KnowledgeVersion
from knowledge import Brand

# The fields of an article that are compared, with the name of their word.
FIELDS = {
    "title": "article_title",
    "body": "article_body",
    "sms": "article_sms",
    "phrasings": "article_phrasings",
    "facts": "article_facts",
    "section": "article_section",
    "source": "article_source",
    "effective": "article_effective",
    "requests": "article_requests",
}
SHARED = {"article_source", "article_effective", "article_requests"}
Changes = dict[str, list[tuple[str, list[Piece]]]]


@dataclasses.dataclass(frozen=True)
class Opened:
    """An article as the pages show it: what it is, its newest version, which one is live, what stands in the editor, what comes later."""

    article: KnowledgeArticle
    brand: Brand
    newest: KnowledgeVersion
    live: KnowledgeVersion | None
    edited: KnowledgeVersion
    scheduled: list[KnowledgeVersion]
    people: dict[int, str]

    @property
    def files(self) -> tuple[str | None, str | None]:
        """The texts that the editor opens with."""
        return self.edited.french, self.edited.english

    @property
    def is_draft(self) -> bool:
        return self.edited.state == articles.DRAFT

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.brand)


class VersionPages:
    """The handlers. Everybody reads; leads and administrators change what is live; who may draft may withdraw a draft."""

    def routes(self) -> list[web.RouteDef]:
        """The routes of versions."""
        prefix = "/knowledge/{brand}/{slug}"
        return [
            web.get(f"{prefix}/versions", self.list),
            web.get(f"{prefix}/versions/{{number}}", self.show),
            web.post(f"{prefix}/versions/{{number}}/again", self.again),
            web.post(f"{prefix}/versions/{{number}}/withdraw", self.withdraw),
            web.post(f"{prefix}/retire", self.retire),
        ]

    async def list(self, request: web.Request) -> web.Response:
        """All versions, the newest first."""
        found = await opened(request)
        async with office(request).sessions() as session:
            versions = await articles.versions_of(session, found.article.id)
        return page(
            request, "knowledge_versions.html", found=found, versions=versions, zone=zone_of(found.brand), state=state
        )

    async def show(self, request: web.Request) -> web.Response:
        """What changed from another version to this one; from the one before where none is named."""
        found = await opened(request)
        new = await self._version(request, found.article.id, request.match_info["number"])
        asked = request.query.get("from", "")
        old = await self._version(request, found.article.id, asked) if asked else None
        if old is None and new.number > 1:
            old = await self._version(request, found.article.id, str(new.number - 1))
        return page(
            request,
            "knowledge_version.html",
            found=found,
            version=new,
            old=old,
            changes=compared(old, new),
            zone=zone_of(found.brand),
            state=state,
        )

    async def again(self, request: web.Request) -> web.Response:
        """An older version becomes the live one, as a new version."""
        own = self._lead(request)
        await office(request).files.look()
        found = await opened(request)
        old = await self._version(request, found.article.id, request.match_info["number"])
        if old.french is None or old.english is None:
            raise Refusal("one_language", 409)
        base, now = await self._base(request), office(request).now()
        try:
            async with office(request).sessions.begin() as session:
                await articles.again(session, old, base, own.id, await field(request, "note", 300), now)
        except articles.Conflict as conflict:
            raise Refusal("article_changed", 409) from conflict
        await office(request).files.look()
        return go(request, f"/desk/knowledge/{found.article.id}?done=again_done")

    async def withdraw(self, request: web.Request) -> web.Response:
        """A draft or a scheduled version is taken back. A scheduled one was decided by a lead."""
        found = await opened(request)
        version = await self._version(request, found.article.id, request.match_info["number"])
        own = signed(request).agent if version.state == articles.DRAFT else self._lead(request)
        async with office(request).sessions.begin() as session:
            if not await articles.withdraw(session, version, own.id, office(request).now()):
                raise Refusal("article_changed", 409)
        return go(request, f"/desk/knowledge/{found.article.id}?done=withdrawn_done")

    async def retire(self, request: web.Request) -> web.Response:
        """The article is not given any more."""
        own = self._lead(request)
        await office(request).files.look()
        found = await opened(request)
        note, base = await field(request, "note", 300), await self._base(request)
        try:
            async with office(request).sessions.begin() as session:
                await articles.take_away(session, found.article, base, own.id, note, office(request).now())
        except articles.Conflict as conflict:
            raise Refusal("article_changed", 409) from conflict
        await office(request).files.look()
        return go(request, f"/desk/knowledge/{found.article.id}")

    async def _base(self, request: web.Request) -> int:
        base = await field(request, "base", 9)
        if not base.isdecimal():
            raise Refusal("bad_form", 422)
        return int(base)

    async def _version(self, request: web.Request, article_id: str, number: str) -> KnowledgeVersion:
        async with office(request).sessions() as session:
            known = number.isdecimal() and len(number) < 7
            version = await articles.version_of(session, article_id, int(number)) if known else None
        if version is None:
            raise Refusal("not_found", 404)
        return version

    def _lead(self, request: web.Request) -> Agent:
        agent = signed(request).agent
        if agent.role == AGENT:
            raise Refusal("not_allowed", 403)
        return agent


def allowed(request: web.Request, brand: str) -> Brand:
    """A brand whose articles this agent may see. Raises Refusal for all others."""
    own = signed(request).agent
    found = office(request).shelf.brands.get(brand)
    if found is None or (own.brands and brand not in own.brands):
        raise Refusal("not_found", 404)
    return found


async def opened(request: web.Request, article_id: str | None = None) -> Opened:
    """The article of the address, or of an id. Raises Refusal where there is none, or it is another's."""
    info = request.match_info
    article_id = article_id or f"{info['brand']}/{info['slug']}"
    brand = allowed(request, article_id.partition("/")[0])
    await office(request).files.looked()
    async with office(request).sessions() as session:
        article = await session.get(KnowledgeArticle, article_id)
        if article is None:
            raise Refusal("not_found", 404)
        newest = await articles.version_of(session, article_id, article.latest)
        live = await articles.version_of(session, article_id, article.live)
        own = KnowledgeVersion.article == article_id
        later = select(KnowledgeVersion).where(own, KnowledgeVersion.state == articles.SCHEDULED)
        scheduled = list(await session.scalars(later.order_by(KnowledgeVersion.live_at)))
        assert newest is not None
        edited = newest if newest.state in (articles.DRAFT, articles.SCHEDULED) else live or newest
        if edited.french is edited.english is None:  # retired: what it was before
            texts = select(KnowledgeVersion).where(own, KnowledgeVersion.french.is_not(None))
            before = await session.scalar(texts.order_by(KnowledgeVersion.number.desc()).limit(1))
            edited = before or edited
        people = await agents_of(session)
    return Opened(article, brand, newest, live, edited, scheduled, people)


async def agents_of(session: AsyncSession) -> dict[int, str]:
    """The names of all agents by their number."""
    return {one.id: one.name for one in await session.scalars(select(Agent))}


def compared(old: KnowledgeVersion | None, new: KnowledgeVersion) -> Changes:
    """By language the fields that changed, each with its pieces."""
    before, after = _texts(old), _texts(new)
    found: Changes = {}
    for language in LANGUAGES:
        one, other = before[language] or ArticleText(), after[language] or ArticleText()
        found[language] = [
            (word, pieces)
            for name, word in FIELDS.items()
            if (pieces := difference(_shown(getattr(one, name)), _shown(getattr(other, name))))
        ]
    # What both languages share is told once.
    found["en"] = [change for change in found["en"] if change[0] not in SHARED or change not in found["fr"]]
    return found


def state(version: KnowledgeVersion, article: KnowledgeArticle) -> str:
    """What a version is now, by the name of its word."""
    if version.state == articles.PUBLISHED:
        return "live" if version.number == article.live else "earlier"
    if version.state == articles.DRAFT and version.number != article.latest:
        return "earlier"
    return version.state


def _texts(version: KnowledgeVersion | None) -> dict[str, ArticleText | None]:
    files = (version.french, version.english) if version else (None, None)
    found: dict[str, ArticleText | None] = {}
    for language, file in zip(LANGUAGES, files, strict=True):
        try:
            found[language] = read_text(file) if file else None
        except Unreadable:
            found[language] = ArticleText(body=file or "")
    return found


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return lines_of(value)
    return "" if value is None else str(value)
