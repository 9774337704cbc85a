"""Keeps a folder of articles and the table of versions the same: what is live is written to the folder, what changed there is recorded.

Every gateway does so for its own folder, whether several share one or each has its own: at its start, every few seconds, and right after
somebody published. Files are replaced as a whole. What a deployer changed on disk becomes a version before anything is written over it:
live where the folder stood at what was live, else a draft for a person to decide. `docs/decisions/0012-articles-at-the-desk.md` says why.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime
import json
import logging
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk import articles
from desk.knowledge_models import KnowledgeArticle, KnowledgeVersion
from knowledge import ArticleError, read_article

log = logging.getLogger(__name__)

LOOK_S = 3.0
LANGUAGES = ("fr", "en")
# What the program last knew to stand in the folder, by article: without it, an old file and a changed one look alike.
LEDGER = ".served.json"

Hashes = tuple[str | None, str | None]
NOTHING: Hashes = (None, None)


@dataclasses.dataclass(frozen=True)
class Live:
    """What customers should read of an article: the version's number and the hashes of its files."""

    number: int
    hashes: Hashes
    origin: str


class ArticleFiles:
    """One `folder`. `unreadable`: articles with a file that is no article; `unwritten`: those that could not be written."""

    def __init__(
        self, sessions: async_sessionmaker[AsyncSession], folder: Path, now: Callable[[], datetime.datetime]
    ) -> None:
        self._sessions = sessions
        self.folder = folder
        self._now = now
        self._turn = asyncio.Lock()
        self._stamps: dict[Path, tuple[tuple[int, int, int], str]] = {}
        self._seen_before: dict[str, Hashes] | None = None
        self._on_disk: dict[str, Hashes] = {}
        self.unreadable: set[str] = set()
        self.unwritten: set[str] = set()

    async def run(self) -> None:
        """Runs until cancelled. A database or a folder that is away is looked at again."""
        while True:
            try:
                await self.look()
            except (SQLAlchemyError, OSError) as error:
                log.warning("articles cannot be brought to their files: %s", error)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """One look: what is due goes live, what changed on disk is recorded, what is live is written."""
        async with self._turn:
            await self._take_up_due()
            live, known_ids = await self._live()
            self._on_disk = await asyncio.to_thread(self._scan)
            ledger = await asyncio.to_thread(self._read_ledger)
            before = dict(ledger)
            self.unreadable &= self._on_disk.keys()
            for article in sorted(live.keys() | self._on_disk.keys()):
                await self._settle(article, live.get(article), article in known_ids, ledger)
            if ledger != before:
                # A folder that cannot be written needs none: nothing of ours gets there.
                with contextlib.suppress(OSError):
                    await asyncio.to_thread(self._replace, self.folder / LEDGER, _as_bytes(ledger))
            self._seen_before = self._on_disk

    async def looked(self) -> None:
        """Returns once the folder was looked at: at the very first start the table fills from it."""
        if self._seen_before is None:
            await self.look()

    async def _settle(self, article: str, live: Live | None, has_versions: bool, ledger: dict[str, Hashes]) -> None:
        disk, known = self._on_disk.get(article, NOTHING), ledger.get(article)
        if live and disk == live.hashes:
            ledger[article] = disk
            self.unreadable.discard(article)
            self.unwritten.discard(article)
        elif live and known != live.hashes and (known == disk or await self._all_known(article, disk)):
            await self._write(article, ledger)
        elif self._seen_before is None or self._seen_before.get(article, NOTHING) == disk:
            # Changed on disk, and seen twice alike: an editor or a copy may have been in the middle of it.
            on_top = live is None or known == live.hashes
            untouched = live is not None and known is None and live.origin in (articles.FILE, articles.OUTSIDE)
            if await self._record(article, live, has_versions, serve=on_top or untouched):
                ledger[article] = disk

    async def _take_up_due(self) -> None:
        now = self._now()
        due = (KnowledgeVersion.state == articles.SCHEDULED, KnowledgeVersion.live_at <= now)
        async with self._sessions() as session:
            order = (KnowledgeVersion.live_at, KnowledgeVersion.number)
            found = list(await session.scalars(select(KnowledgeVersion.id).where(*due).order_by(*order)))
        for number in found:
            async with self._sessions.begin() as session:
                # One gateway's update finds the version as it was read; the others' find none.
                mine = await session.execute(
                    update(KnowledgeVersion)
                    .where(KnowledgeVersion.id == number, *due)
                    .values(state=articles.PUBLISHED)
                    .execution_options(synchronize_session=False)
                )
                if mine.rowcount:  # type: ignore[attr-defined]
                    version = await session.get_one(KnowledgeVersion, number)
                    await articles.publish(session, version, version.publisher, now, now)

    async def _live(self) -> tuple[dict[str, Live], set[str]]:
        async with self._sessions() as session:
            rows = await session.execute(
                select(
                    KnowledgeArticle.id,
                    KnowledgeVersion.number,
                    KnowledgeVersion.french_hash,
                    KnowledgeVersion.english_hash,
                    KnowledgeVersion.origin,
                ).join(
                    KnowledgeVersion,
                    (KnowledgeVersion.article == KnowledgeArticle.id)
                    & (KnowledgeVersion.number == KnowledgeArticle.live),
                )
            )
            found = {row[0]: Live(row[1], (row[2], row[3]), row[4]) for row in rows}
            return found, set(await session.scalars(select(KnowledgeArticle.id)))

    async def _all_known(self, article: str, disk: Hashes) -> bool:
        """Whether each file that is there is one of the article's versions: the folder is old, not changed."""
        async with self._sessions() as session:
            for found, column in zip(disk, (KnowledgeVersion.french_hash, KnowledgeVersion.english_hash), strict=True):
                here = select(KnowledgeVersion.id).where(KnowledgeVersion.article == article, column == found).limit(1)
                if found and await session.scalar(here) is None:
                    return False
        return True

    async def _record(self, article: str, live: Live | None, has_versions: bool, serve: bool) -> bool:
        """A version of what stands on disk; whether it is served now, else it is a draft. What is no article is left alone."""
        files, hashes, readable = await asyncio.to_thread(self._read, article)
        if hashes != self._on_disk.get(article, NOTHING):
            return False  # it changes right now: the next look finds it whole
        if not readable:
            if article not in self.unreadable:
                log.error("a file of article %s cannot be read; the desk does not take it up", article)
            self.unreadable.add(article)
            if serve:
                return False
        try:
            async with self._sessions.begin() as session:
                row = await session.get(KnowledgeArticle, article, with_for_update=True)
                if (row.live if row else None) != (live.number if live else None):
                    return False  # somebody published meanwhile: the next look decides anew
                version = await articles.add(
                    session,
                    article,
                    row.latest if row else None,
                    files=files,
                    origin=articles.OUTSIDE if has_versions or self._seen_before is not None else articles.FILE,
                    agent=None,
                    note="",
                    now=self._now(),
                )
                if serve:
                    await articles.publish(session, version, None, self._now(), self._now())
                elif not readable:
                    version.state = articles.WITHDRAWN
                version.french_hash, version.english_hash = hashes
        except (IntegrityError, articles.Taken, articles.Conflict):
            return False  # another gateway was faster
        self.unreadable.discard(article)
        return serve

    async def _write(self, article: str, ledger: dict[str, Hashes]) -> None:
        async with self._sessions() as session:
            row = await session.get_one(KnowledgeArticle, article)
            version = await articles.version_of(session, article, row.live)
        if version is None:
            return
        try:
            for language, file in zip(LANGUAGES, (version.french, version.english), strict=True):
                await asyncio.to_thread(self._replace, self._path(article, language), file.encode() if file else None)
        except OSError as error:
            if article not in self.unwritten:
                log.error("article %s cannot be written to %s: %s", article, self.folder, error)
            self.unwritten.add(article)
            return
        ledger[article] = (version.french_hash, version.english_hash)
        self.unwritten.discard(article)

    def _path(self, article: str, language: str) -> Path:
        brand, _, slug = article.partition("/")
        return self.folder / brand / language / f"{slug}.md"

    def _scan(self) -> dict[str, Hashes]:
        found: dict[str, list[str | None]] = {}
        stamps: dict[Path, tuple[tuple[int, int, int], str]] = {}
        for place, language in enumerate(LANGUAGES):
            for path in self.folder.glob(f"*/{language}/*.md"):
                if not (path.parents[1] / "brand.yml").is_file():
                    continue
                with contextlib.suppress(FileNotFoundError):  # gone meanwhile, or an editor's link to nothing
                    status = path.stat()
                    stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
                    known = self._stamps.get(path)
                    digest = known[1] if known and known[0] == stamp else articles.hash_of(path.read_bytes()) or ""
                    stamps[path] = (stamp, digest)
                    article = f"{path.parents[1].name}/{path.stem}"
                    found.setdefault(article, [None, None])[place] = digest
        self._stamps = stamps
        return {article: (hashes[0], hashes[1]) for article, hashes in found.items()}

    def _read(self, article: str) -> tuple[tuple[str | None, str | None], Hashes, bool]:
        """Both files as text, their hashes, and whether each that is there can be served."""
        files: list[str | None] = []
        hashes: list[str | None] = []
        readable = True
        for language in LANGUAGES:
            path = self._path(article, language)
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                files.append(None)
                hashes.append(None)
                continue
            hashes.append(articles.hash_of(content))
            try:
                read_article(path)
                readable = readable and b"\0" not in content
            except (ArticleError, UnicodeDecodeError):
                readable = False
            files.append(content.decode("utf-8", "replace").replace("\0", "\ufffd"))
        return (files[0], files[1]), (hashes[0], hashes[1]), readable

    def _read_ledger(self) -> dict[str, Hashes]:
        try:
            data = json.loads((self.folder / LEDGER).read_text(encoding="utf-8"))
            return {str(article): (hashes[0], hashes[1]) for article, hashes in data.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, LookupError, AttributeError):
            log.warning("%s cannot be read; it is made anew", self.folder / LEDGER)
            return {}

    def _replace(self, path: Path, content: bytes | None) -> None:
        """Puts a file in place as a whole, or takes it away; who reads it finds the old one or the new one."""
        if content is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
        try:
            with new.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)


def _as_bytes(ledger: dict[str, Hashes]) -> bytes:
    return (json.dumps(ledger, indent=0, sort_keys=True) + "\n").encode()
