"""What may be done with an article: draft, publish now or from a day, roll back, retire; each is a version, and none is ever lost.

A version's state: a draft waits for somebody to publish it; a scheduled one goes live by itself; one that was published stays in the row
of those that were, and `KnowledgeArticle.live` says which of them is read now; a withdrawn one never went live, or not any more.
Each function makes its whole change in the caller's transaction, audit row included. `article_files.py` brings it to the files.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from desk.agents import audit
from desk.article_text import Unreadable, read_text
from desk.knowledge_models import KnowledgeArticle, KnowledgeVersion

DRAFT, SCHEDULED, PUBLISHED, WITHDRAWN = "draft", "scheduled", "published", "withdrawn"
# Where a version comes from: found when its folder was first read, found changed on disk, written at the desk, an older one again.
FILE, OUTSIDE, DESK, AGAIN = "file", "outside", "desk", "again"
NOTE_MOST = 300
TITLE_MOST = 200


class Conflict(Exception):
    """Somebody saved a version since the one that this change was made from."""


class Taken(Exception):
    """There is, or was, an article of this name."""


def hash_of(file: str | bytes | None) -> str | None:
    """By what a file is known again."""
    if file is None:
        return None
    return hashlib.sha256(file if isinstance(file, bytes) else file.encode()).hexdigest()


async def add(
    session: AsyncSession,
    article_id: str,
    base: int | None,
    *,
    files: tuple[str | None, str | None],
    origin: str,
    agent: int | None,
    note: str,
    now: datetime.datetime,
) -> KnowledgeVersion:
    """A new version, as a draft, made from version `base`; the first of an article where `base` is None.

    Raises Conflict where `base` is not the newest any more, and Taken.
    """
    titles = [title_of(file) for file in files]
    if base is None:
        row = KnowledgeArticle(id=article_id, brand=article_id.partition("/")[0], latest=1, changed_at=now)
        row.title_fr, row.title_en = titles
        row.retired = False
        try:
            async with session.begin_nested():
                session.add(row)
        except IntegrityError as error:
            raise Taken from error
    else:
        # The number of the newest is what two editors race for: one of them finds it changed.
        won = await session.execute(
            update(KnowledgeArticle)
            .where(KnowledgeArticle.id == article_id, KnowledgeArticle.latest == base)
            .values(latest=base + 1, changed_at=now)
        )
        if not won.rowcount:  # type: ignore[attr-defined]
            raise Conflict
        if any(titles):
            await session.execute(
                update(KnowledgeArticle)
                .where(KnowledgeArticle.id == article_id)
                .values(
                    title_fr=titles[0] or KnowledgeArticle.title_fr, title_en=titles[1] or KnowledgeArticle.title_en
                )
            )
    version = KnowledgeVersion(
        article=article_id,
        number=(base or 0) + 1,
        state=DRAFT,
        origin=origin,
        french=files[0],
        english=files[1],
        french_hash=hash_of(files[0]),
        english_hash=hash_of(files[1]),
        agent=agent,
        note=note[:NOTE_MOST],
        at=now,
    )
    session.add(version)
    await session.flush()
    if agent is not None:
        audit(session, agent, "drafted_article", f"article:{article_id}", now, version=version.number)
    return version


async def publish(
    session: AsyncSession, version: KnowledgeVersion, by: int | None, now: datetime.datetime, at: datetime.datetime
) -> None:
    """The version goes live at `at`: at once where that is not later than now. An earlier one that was scheduled stays so."""
    version.publisher = by
    if at > now:
        version.state, version.live_at = SCHEDULED, at
        audit(session, by, "scheduled_article", f"article:{version.article}", now, version=version.number)
        return
    await go_live(session, version, now)
    if by is not None:
        what = "retired_article" if version.french is version.english is None else "published_article"
        audit(session, by, what, f"article:{version.article}", now, version=version.number)


async def go_live(session: AsyncSession, version: KnowledgeVersion, now: datetime.datetime) -> None:
    """Customers read this version from now on; the one before stays where it is, as an earlier version."""
    version.state, version.live_at = PUBLISHED, now
    retired = version.french is None and version.english is None
    await session.execute(
        update(KnowledgeArticle)
        .where(KnowledgeArticle.id == version.article)
        .values(live=version.number, retired=retired, changed_at=now)
        .execution_options(synchronize_session=False)
    )


async def withdraw(session: AsyncSession, version: KnowledgeVersion, agent: int, now: datetime.datetime) -> bool:
    """Takes a draft or a scheduled version back; False where it is live already, or gone."""
    done = await session.execute(
        update(KnowledgeVersion)
        .where(KnowledgeVersion.id == version.id, KnowledgeVersion.state.in_((DRAFT, SCHEDULED)))
        .values(state=WITHDRAWN)
    )
    if done.rowcount:  # type: ignore[attr-defined]
        audit(session, agent, "withdrew_article", f"article:{version.article}", now, version=version.number)
    return bool(done.rowcount)  # type: ignore[attr-defined]


async def take_away(
    session: AsyncSession, article: KnowledgeArticle, base: int, agent: int, note: str, now: datetime.datetime
) -> KnowledgeVersion:
    """Retires an article: a version without texts; what was to go live later is withdrawn. Name and history stay. Raises Conflict."""
    version = await add(session, article.id, base, files=(None, None), origin=DESK, agent=agent, note=note, now=now)
    later = (KnowledgeVersion.article == article.id, KnowledgeVersion.state == SCHEDULED)
    await session.execute(update(KnowledgeVersion).where(*later).values(state=WITHDRAWN))
    await publish(session, version, agent, now, now)
    return version


async def again(
    session: AsyncSession, old: KnowledgeVersion, base: int, agent: int, note: str, now: datetime.datetime
) -> KnowledgeVersion:
    """An older version as a new one, live at once. Raises Conflict."""
    files = (old.french, old.english)
    version = await add(session, old.article, base, files=files, origin=AGAIN, agent=agent, note=note, now=now)
    await publish(session, version, agent, now, now)
    return version


async def version_of(session: AsyncSession, article_id: str, number: int | None) -> KnowledgeVersion | None:
    """A version by its number; None for no number."""
    if number is None:
        return None
    return await session.scalar(
        select(KnowledgeVersion).where(KnowledgeVersion.article == article_id, KnowledgeVersion.number == number)
    )


async def versions_of(session: AsyncSession, article_id: str) -> Sequence[KnowledgeVersion]:
    """All versions without their texts, the newest first."""
    return list(
        await session.scalars(
            select(KnowledgeVersion)
            .where(KnowledgeVersion.article == article_id)
            .options(defer(KnowledgeVersion.french, raiseload=True), defer(KnowledgeVersion.english, raiseload=True))
            .order_by(KnowledgeVersion.number.desc())
        )
    )


def title_of(file: str | None) -> str:
    """The title in a file, "" where it has none."""
    try:
        return read_text(file).title[:TITLE_MOST] if file else ""
    except Unreadable:
        return ""
