"""Search over what was said, noted and asked for: SQLite by its word index (FTS5), PostgreSQL by its own (tsvector).

SQLite's index is filled here, a batch at a time, from what has been added since: by every search, and by a task in between. Lines and
notes are never changed, so what stands in the index stays right.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import logging
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

log = logging.getLogger(__name__)

FOUND_MOST = 50
WORDS_MOST = 8
BATCH = 2000
LOOK_S = 5.0
# As in migration 0005: PostgreSQL uses its index for this very text only.
FOLD = "translate(lower({text}), 'àâäçéèêëîïôöùûüÿœ-@.+/_', 'aaaceeeeiioouuuyo      ')"
SOURCES = {
    "message": ("text", "SELECT m.id, m.text, c.brand FROM message m JOIN conversation c ON c.id = m.conversation"),
    "note": (
        "text",
        "SELECT m.id, m.text, coalesce(c.brand, r.brand) FROM note m LEFT JOIN conversation c ON c.id = m.conversation "
        "LEFT JOIN support_request r ON r.id = m.request",
    ),
    "support_request": (
        "number || ' ' || description || ' ' || contact",
        "SELECT m.id, m.number || ' ' || m.description || ' ' || m.contact, m.brand FROM support_request m",
    ),
}
SUBJECTS = {
    "message": "SELECT m.id, m.conversation, NULL, m.text, m.at, m.author FROM message m",
    "note": (
        "SELECT m.id, m.conversation, r.number, m.text, m.at, 'note' FROM note m "
        "LEFT JOIN support_request r ON r.id = m.request"
    ),
    "support_request": "SELECT m.id, m.conversation, m.number, m.description, m.created_at, 'request' FROM support_request m",
}


@dataclasses.dataclass(frozen=True)
class Found:
    """A place where the words stand. `number`: of the request, where it is one's; `author`: whose words, "note" or "request"."""

    kind: str
    conversation: str | None
    number: str | None
    text: str
    at: datetime.datetime
    author: str


def words_of(query: str, most: int | None = WORDS_MOST) -> list[str]:
    """The words of a text without accents and small: the first eight, which are looked for, or all."""
    plain = unicodedata.normalize("NFKD", query.lower().replace("œ", "oe"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", bare)[:most]


async def search(session: AsyncSession, query: str, brands: Sequence[str]) -> list[Found]:
    """Where all the words stand, each as the beginning of a word; the newest first, at most fifty. `brands`: all where it is empty."""
    words = words_of(query)
    if not words:
        return []
    if session.get_bind().dialect.name == "postgresql":
        hits = await _in_postgresql(session, words, brands)
    else:
        hits = await _in_sqlite(session, words, brands)
    found: list[Found] = []
    for kind, ids in hits.items():
        if ids:
            numbers = ", ".join(str(int(one)) for one in ids)
            for _, talk, number, said, at, author in await session.execute(
                text(f"{SUBJECTS[kind]} WHERE m.id IN ({numbers})")
            ):
                found.append(Found(kind, talk, number, said, _moment(at), author))
    return sorted(found, key=lambda one: one.at, reverse=True)[:FOUND_MOST]


async def _in_sqlite(session: AsyncSession, words: list[str], brands: Sequence[str]) -> dict[str, list[int]]:
    places = {f"b{number}": brand for number, brand in enumerate(brands)}
    only = f" AND brand IN ({', '.join(f':{name}' for name in places)})" if places else ""
    asked = " ".join(f'"{word}"*' for word in words)
    rows = await session.execute(
        text(
            f"SELECT kind, ref FROM desk_search WHERE desk_search MATCH :asked{only} ORDER BY rowid DESC LIMIT {FOUND_MOST}"
        ),
        {"asked": asked, **places},
    )
    hits: dict[str, list[int]] = {}
    for kind, ref in rows:
        hits.setdefault(kind, []).append(int(ref))
    return hits


async def _in_postgresql(session: AsyncSession, words: list[str], brands: Sequence[str]) -> dict[str, list[int]]:
    places = {f"b{number}": brand for number, brand in enumerate(brands)}
    only = f" WHERE brand IN ({', '.join(f':{name}' for name in places)})" if places else ""
    asked = " & ".join(f"{word}:*" for word in words)
    hits = {}
    for kind, (column, source) in SOURCES.items():
        indexed = f"to_tsvector('simple', {FOLD.format(text=column)})"
        # The newest hits only are joined with their conversation.
        newest = f"SELECT id FROM {kind} WHERE {indexed} @@ to_tsquery('simple', :asked) ORDER BY id DESC LIMIT {FOUND_MOST * 4}"
        inner = f"{source} WHERE m.id IN ({newest})"
        rows = await session.execute(
            text(f"SELECT id FROM ({inner}) AS hit(id, words, brand){only} ORDER BY id DESC LIMIT {FOUND_MOST}"),
            {"asked": asked, **places},
        )
        hits[kind] = [int(one) for (one,) in rows]
    return hits


async def fill(sessions: async_sessionmaker[AsyncSession], most: int = 10) -> bool:
    """Takes up to so many batches into SQLite's index; whether more may be left. Nothing on PostgreSQL, whose index fills itself."""
    for _ in range(most):
        async with sessions.begin() as session:
            if session.get_bind().dialect.name == "postgresql":
                return False
            taken = [await _take_batch(session, kind) for kind in SOURCES]
        if max(taken) < BATCH:
            return False
    return True


async def _take_batch(session: AsyncSession, kind: str) -> int:
    last = (
        await session.execute(text("SELECT last FROM desk_search_state WHERE kind = :kind"), {"kind": kind})
    ).scalar() or 0
    source = SOURCES[kind][1]
    rows = (
        await session.execute(text(f"{source} WHERE m.id > :last ORDER BY m.id LIMIT {BATCH}"), {"last": last})
    ).all()
    if not rows:
        return 0
    values: list[dict[str, Any]] = [
        {"text": words, "kind": kind, "ref": number, "brand": brand} for number, words, brand in rows
    ]
    await session.execute(
        text("INSERT INTO desk_search(text, kind, ref, brand) VALUES (:text, :kind, :ref, :brand)"), values
    )
    await session.execute(
        text(
            "INSERT INTO desk_search_state(kind, last) VALUES (:kind, :last) ON CONFLICT(kind) DO UPDATE SET last = :last"
        ),
        {"kind": kind, "last": rows[-1][0]},
    )
    return len(rows)


async def forget(session: AsyncSession, kind: str, ids: Sequence[int]) -> None:
    """Takes rows out of SQLite's index, before they are removed themselves; PostgreSQL's has no words of its own."""
    if session.get_bind().dialect.name == "postgresql":
        return
    if ids:
        numbers = ", ".join(str(int(one)) for one in ids)
        await session.execute(
            text(f"DELETE FROM desk_search WHERE kind = :kind AND ref IN ({numbers})"), {"kind": kind}
        )


async def tidy(session: AsyncSession) -> None:
    """Merges what is left of SQLite's index: until then the words of rows that were taken out stand in its older parts."""
    if session.get_bind().dialect.name != "postgresql":
        await session.execute(text("INSERT INTO desk_search(desk_search) VALUES ('optimize')"))


class Indexing:
    """Keeps SQLite's index filled; runs until cancelled."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def run(self) -> None:
        """A database that is away is looked at again."""
        while True:
            try:
                more = await fill(self._sessions, most=1)
            except (SQLAlchemyError, OSError) as error:
                log.warning("the search's index cannot be filled: %s", type(error).__name__)
                more = False
            await asyncio.sleep(0.2 if more else LOOK_S)


def _moment(value: Any) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
