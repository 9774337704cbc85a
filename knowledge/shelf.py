"""All brands and articles of a folder, kept as fresh as the files.

A change is noticed at the next look after `REFRESH_S` seconds: a stat of about 200 files takes a few milliseconds, and a
promise of "live within 60 s" is kept without a watcher process. A file that was broken in the change keeps its last good
version: a slip while editing must not take an answer away from customers.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from knowledge.article import Article, ArticleError, read_article
from knowledge.brand import Brand, BrandError, read_brand

REFRESH_S = 10.0
LANGUAGES = ("fr", "en")
SHARED = "sms.yml"

log = logging.getLogger(__name__)


class Shelf:
    """Brands by id and articles by (id, language); `version` grows with each change that was taken in."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._looked = float("-inf")
        self._seen: dict[Path, tuple[float, int]] = {}
        self._articles: dict[Path, Article] = {}
        self.brands: dict[str, Brand] = {}
        self.version = 0
        self.refresh()
        if not self.brands:
            raise FileNotFoundError(f"no brand in {folder}: each needs <brand>/brand.yml")

    def refresh(self) -> bool:
        """Takes in what changed on disk, at most every REFRESH_S seconds. True where something did."""
        if self._clock() - self._looked < REFRESH_S:
            return False
        self._looked = self._clock()
        found = {
            path: stamp
            for pattern in (SHARED, "*/brand.yml", *(f"*/{language}/*.md" for language in LANGUAGES))
            # In one order on every machine: the first brand is the default.
            for path in sorted(self._folder.glob(pattern))
            if (stamp := _stamp(path))
        }
        changed = [path for path, stamp in found.items() if self._seen.get(path) != stamp]
        gone = self._seen.keys() - found.keys()
        if self._folder / SHARED in (*changed, *gone):  # what it says stands in every brand
            changed = [*changed, *(path for path in found if path.name == "brand.yml" and path not in changed)]
        for path in changed:
            self._take(path)
        for path in gone:
            self._articles.pop(path, None)
        self._seen = found
        if changed or gone:
            self.version += 1
        return bool(changed or gone)

    def _take(self, path: Path) -> None:
        try:
            if path.suffix == ".md":
                self._articles[path] = read_article(path)
            elif path.name != SHARED:
                brand = read_brand(path.parent)
                self.brands[brand.id] = brand
        except (ArticleError, BrandError, OSError) as error:
            log.error("kept the last good version of %s: %s", path, error)

    def articles(self, brand: str | None = None) -> list[Article]:
        """The articles of a brand (of all brands where None), in both languages."""
        return [article for article in self._articles.values() if brand in (None, article.brand)]

    def article(self, article_id: str, language: str) -> Article | None:
        """One article in a language; None where there is none."""
        brand, _, slug = article_id.partition("/")
        return self._articles.get(self._folder / brand / language / f"{slug}.md")


def _stamp(path: Path) -> tuple[float, int] | None:
    """When a file was last written, and its size; None where it went away meanwhile (or is an editor's lock, a link to nothing)."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime, status.st_size
