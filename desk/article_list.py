"""The articles as the desk lists them: what each is now, and which fit the words that are looked for."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.articles import DRAFT, OUTSIDE, SCHEDULED
from desk.knowledge_models import KnowledgeArticle, KnowledgeVersion
from desk.search import words_of
from knowledge import Shelf

LIVE, RETIRED, BROKEN = "live", "retired", "broken"
STATES = (LIVE, DRAFT, SCHEDULED, OUTSIDE, RETIRED, BROKEN)


@dataclasses.dataclass(frozen=True)
class Listed:
    """An article of the list; `states` are those of STATES that it is in, `scheduled` when the next version goes live."""

    id: str
    brand: str
    titles: dict[str, str]
    states: tuple[str, ...]
    changed_at: datetime.datetime
    agent: int | None
    scheduled: datetime.datetime | None


async def listed(
    session: AsyncSession, brands: Sequence[str], shelf: Shelf, broken: set[str], query: str = ""
) -> list[Listed]:
    """The articles of the brands that have all words of `query`, by brand and title in the files' order."""
    newest = (KnowledgeVersion.article == KnowledgeArticle.id) & (KnowledgeVersion.number == KnowledgeArticle.latest)
    rows = await session.execute(
        select(KnowledgeArticle, KnowledgeVersion.state, KnowledgeVersion.origin, KnowledgeVersion.agent)
        .join(KnowledgeVersion, newest)
        .where(KnowledgeArticle.brand.in_(brands))
        .order_by(KnowledgeArticle.id)
    )
    plans = (
        select(KnowledgeVersion.article, KnowledgeVersion.live_at)
        .where(KnowledgeVersion.state == SCHEDULED)
        .order_by(KnowledgeVersion.live_at.desc())
    )
    later = {row.article: row.live_at for row in await session.execute(plans)}  # the next one of each
    words = words_of(query)
    found = []
    for row, state, origin, agent in rows:
        if words and not _fits(words, row, shelf):
            continue
        states = []
        if row.retired:
            states.append(RETIRED)
        elif row.live is not None:
            states.append(LIVE)
        if state == DRAFT:
            states.append(DRAFT)
        if row.id in later:
            states.append(SCHEDULED)
        if origin == OUTSIDE:
            states.append(OUTSIDE)
        if row.id in broken:
            states.append(BROKEN)
        titles = {"fr": row.title_fr or row.title_en, "en": row.title_en or row.title_fr}
        found.append(Listed(row.id, row.brand, titles, tuple(states), row.changed_at, agent, later.get(row.id)))
    return found


def _fits(words: Sequence[str], row: KnowledgeArticle, shelf: Shelf) -> bool:
    said = [row.id, row.title_fr, row.title_en]
    for language in ("fr", "en"):
        if article := shelf.article(row.id, language):
            said += [article.title, article.body, article.sms or "", *article.phrasings]
    here = set(words_of("\n".join(said), most=None))
    return all(any(word.startswith(wanted) for word in here) for wanted in words)
