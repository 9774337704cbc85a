"""The articles: the list, the editor with both languages side by side, its preview, a new one. What may be done is `desk/articles.py`'s."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

from aiohttp import web

from desk import article_list, articles, question_list
from desk.agents import AGENT
from desk.article_rules import SLUG, Fault
from desk.console import article_form
from desk.console.article_form import Draft
from desk.console.names import Names
from desk.console.version_pages import Opened, agents_of, allowed, compared, opened
from desk.console.web import Refusal, field, go, language_of, office, page, signed
from desk.console.words import Words
from desk.knowledge_models import QuestionGroup
from desk.open_questions import WRITTEN
from knowledge import Brand

# Where something may have to be put right: language, or None for both, and field.
PLACES = [
    *(
        (one, name)
        for one in article_form.LANGUAGES
        for name in ("title", "body", "sms", "phrasings", "facts", "section")
    ),
    *((None, name) for name in ("source", "requests", "effective")),
]


class ArticlePages:
    """The handlers. Agents read and draft; leads and administrators publish."""

    def routes(self) -> list[web.RouteDef]:
        """The routes of articles."""
        return [
            web.get("/knowledge", self.show),
            web.get("/knowledge/new", self.new),
            web.post("/knowledge/new", self.make),
            web.post("/knowledge/preview", self.preview),
            web.get("/knowledge/{brand}/{slug}", self.edit),
            web.post("/knowledge/{brand}/{slug}", self.keep),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """The articles of a brand, or of all that are this agent's."""
        here, own = office(request), signed(request).agent
        here.shelf.refresh()
        await here.files.looked()
        mine = own.brands or sorted(here.shelf.brands)
        brand, state = request.query.get("brand", ""), request.query.get("state", "")
        query = request.query.get("q", "")[:200]
        async with here.sessions() as session:
            broken = here.files.unreadable | here.files.unwritten
            brands = [brand] if brand in mine else mine
            found = await article_list.listed(session, brands, here.shelf, broken, query)
            people = await agents_of(session)
        if state in article_list.STATES:
            found = [one for one in found if state in one.states]
        return page(
            request,
            "knowledge.html",
            found=found,
            people=people,
            mine=mine,
            chosen={"brand": brand, "state": state, "q": query},
            states=article_list.STATES,
            zones={one: article_form.zone_of(here.shelf.brands[one]) for one in mine if one in here.shelf.brands},
        )

    async def new(self, request: web.Request) -> web.Response:
        """The form of a new article."""
        group, phrasings = await self._question(request, request.query.get("question", ""))
        wanted = group.brand if group else request.query.get("brand") or self._mine(request)[0]
        brand = allowed(request, wanted)
        given = {group.language: phrasings} if group else {}
        draft = article_form.empty(self._today(request, brand), given)
        return await self._form(request, brand, None, draft, question=group.id if group else None)

    async def make(self, request: web.Request) -> web.Response:
        """A new article: its name must be free, and what is published must hold."""
        brand = allowed(request, await field(request, "brand", 40))
        draft = await article_form.read_form(request)
        if not SLUG.fullmatch(draft.slug):
            draft = dataclasses.replace(draft, faults=(*draft.faults, Fault(None, "slug", "slug_wrong")))
        return await self._save(request, brand, None, f"{brand.id}/{draft.slug}", draft)

    async def edit(self, request: web.Request) -> web.Response:
        """The editor: the newest draft, else what is live."""
        found = await opened(request)
        draft = article_form.draft_of(found.files, found.article.latest, self._today(request, found.brand))
        return await self._form(request, found.brand, found, draft, done=request.query.get("done"))

    async def keep(self, request: web.Request) -> web.Response:
        """Keeps a draft, or publishes; somebody else's version since then is shown, not overwritten."""
        await office(request).files.look()
        found = await opened(request)
        before = article_form.draft_of(found.files, found.article.latest, self._today(request, found.brand))
        draft = await article_form.read_form(request, before)
        return await self._save(request, found.brand, found, found.article.id, draft)

    async def preview(self, request: web.Request) -> web.Response:
        """How the text in the form looks on the web and by text message, and what must be put right."""
        brand = allowed(request, await field(request, "brand", 40))
        article_id = f"{brand.id}/{await field(request, 'slug', 60)}"
        draft = await self._judged(request, brand, article_id, await article_form.read_form(request))
        return page(request, "parts/preview.html", **self._shown(request, brand, draft), oob=True)

    async def _save(
        self, request: web.Request, brand: Brand, found: Opened | None, article_id: str, draft: Draft
    ) -> web.Response:
        here, own = office(request), signed(request).agent
        publishes = await field(request, "do", 10) == "publish"
        group, _ = await self._question(request, await field(request, "question", 9))
        if publishes and own.role == AGENT:
            raise Refusal("not_allowed", 403)
        if publishes:
            draft = await self._judged(request, brand, article_id, draft)
        if draft.faults:
            draft = dataclasses.replace(draft, judged=publishes)
            problem = "not_publishable" if publishes else "not_saved"
            question = group.id if group else None
            return await self._form(request, brand, found, draft, 422, problem=problem, question=question)
        now = here.now()
        at = article_form.goes_live_at(draft, brand, now)
        try:
            async with here.sessions.begin() as session:
                version = await articles.add(
                    session,
                    article_id,
                    draft.base,
                    files=draft.files(article_id),
                    origin=articles.DESK,
                    agent=own.id,
                    note=draft.note,
                    now=now,
                )
                if publishes:
                    await articles.publish(session, version, own.id, now, at)
                if group:
                    await question_list.decide(session, group.id, WRITTEN, own.id, now, article=article_id)
        except articles.Taken:
            taken = dataclasses.replace(draft, faults=(Fault(None, "slug", "slug_taken"),))
            question = group.id if group else None
            return await self._form(request, brand, found, taken, 409, problem="not_saved", question=question)
        except articles.Conflict:
            return await self._conflict(request, brand, article_id, draft)
        if publishes:
            await here.files.look()
        done = "draft_saved" if not publishes else "scheduled_done" if at > now else "published_done"
        return go(request, f"/desk/knowledge/{article_id}?done={done}")

    async def _conflict(self, request: web.Request, brand: Brand, article_id: str, draft: Draft) -> web.Response:
        """Somebody was faster: their change is shown, and the form goes on from it."""
        now_there = await opened(request, article_id)
        async with office(request).sessions() as session:
            old = await articles.version_of(session, article_id, draft.base)
            new = await articles.version_of(session, article_id, now_there.article.latest)
        changes = compared(old, new) if old and new else {}
        forward = dataclasses.replace(draft, base=now_there.article.latest)
        who = now_there.people.get(now_there.newest.agent or 0, "")
        return await self._form(request, brand, now_there, forward, 409, conflict={"who": who, "changes": changes})

    async def _form(
        self, request: web.Request, brand: Brand, found: Opened | None, draft: Draft, status: int = 200, **values: Any
    ) -> web.Response:
        here = office(request)
        if values.get("done") not in {
            "draft_saved",
            "scheduled_done",
            "published_done",
            "withdrawn_done",
            "again_done",
        }:
            values["done"] = None
        sources = {article.source for article in here.shelf.articles(brand.id)}
        buttons = [one for one in brand.requests if one not in article_form.NOT_BUTTONS]
        places = max(article_form.BUTTONS, len(draft.requests))
        article_id = found.article.id if found else f"{brand.id}/{draft.slug}"
        shown = draft if draft.judged else await self._judged(request, brand, article_id, draft)
        return page(
            request,
            "knowledge_edit.html",
            status,
            **{
                "found": found,
                "conflict": None,
                "question": None,
                "sources": sorted(sources),
                "buttons": buttons,
                "chosen_buttons": [*draft.requests, *[""] * places][:places],
                "lines": article_form.lines_of,
                "mine": signed(request).agent.brands or sorted(here.shelf.brands),
                "unreadable": bool(found and found.article.id in here.files.unreadable),
                "unwritten": bool(found and found.article.id in here.files.unwritten),
                **self._shown(request, brand, shown),
                "form": draft,
                "oob": False,
                **values,
            },
        )

    def _shown(self, request: web.Request, brand: Brand, draft: Draft) -> dict[str, Any]:
        names = {one: Names(office(request).shelf, Words(one)) for one in article_form.LANGUAGES}
        buttons = {
            one: [title for request_id in draft.requests[:3] if (title := names[one].topic(f"do/{request_id}"))]
            for one in article_form.LANGUAGES
        }
        own = Names(office(request).shelf, Words(language_of(request)))
        by_sms = {
            one: office(request).sms_look(brand, one, text.sms or text.body, buttons[one])
            for one, text in draft.texts.items()
            if text.sms or text.body
        }
        return {
            "draft": draft,
            "brand_of": brand,
            "names": own,
            "button_titles": buttons,
            "by_sms": by_sms,
            "places": PLACES,
        }

    async def _judged(self, request: web.Request, brand: Brand, article_id: str, draft: Draft) -> Draft:
        here = office(request)
        here.shelf.refresh()
        around = article_form.surroundings(here.shelf, here.files.folder, brand, article_id)
        # Beside the loop: it is asked for while somebody types.
        return await asyncio.to_thread(article_form.judged, draft, around)

    def _today(self, request: web.Request, brand: Brand) -> Any:
        return office(request).now().astimezone(article_form.zone_of(brand)).date()

    async def _question(self, request: web.Request, number: str) -> tuple[QuestionGroup | None, list[str]]:
        """The questions that a new article is written for, and what customers wrote; of this agent's brands only."""
        async with office(request).sessions() as session:
            group = await question_list.group_of(session, number, self._mine(request))
            return group, await question_list.phrasings_of(session, group) if group else []

    def _mine(self, request: web.Request) -> list[str]:
        return signed(request).agent.brands or sorted(office(request).shelf.brands)
