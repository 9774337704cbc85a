"""The editor's form as an article in both languages, and back; what must be put right, beside each field."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from desk.article_rules import Fault, Proposed, Surroundings, check, set_as_french
from desk.article_text import ArticleText, Fact, Unreadable, read_text, write_text
from desk.console.web import field
from knowledge import Brand, Shelf

LANGUAGES = ("fr", "en")
BODY_MOST, LINES_MOST, LINE_MOST = 8_000, 60_000, 300
BUTTONS = 4
BLANKS = re.compile(r"[ \t]+")
# Nobody asks for these by a button.
NOT_BUTTONS = frozenset(
    [
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "cancel",
        "help",
        "who_are_you",
        "out_of_scope",
        "change_language",
        "give_feedback",
    ]
)


@dataclasses.dataclass(frozen=True)
class Draft:
    """What stands in the form. `base`: the version that it was made from, None for a new article; `judged`: faults are shown."""

    texts: Mapping[str, ArticleText]
    base: int | None = None
    slug: str = ""
    note: str = ""
    judged: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def source(self) -> str:
        return self.texts["fr"].source

    @property
    def effective(self) -> datetime.date | None:
        return self.texts["fr"].effective

    @property
    def requests(self) -> tuple[str, ...]:
        return self.texts["fr"].requests

    def files(self, article_id: str) -> tuple[str, str]:
        """Both languages as files."""
        french, english = (write_text(article_id, self.texts[language]) for language in LANGUAGES)
        return french, english

    def fault(self, language: str | None, name: str) -> Sequence[Fault]:
        """What must be put right in a field."""
        return [one for one in self.faults if (one.language, one.field) == (language, name)]


def empty(today: datetime.date, phrasings: Mapping[str, Sequence[str]] | None = None) -> Draft:
    """The form of a new article, with ways of asking for it where it is written from questions."""
    given = phrasings or {}
    return Draft({one: ArticleText(effective=today, phrasings=tuple(given.get(one, ()))) for one in LANGUAGES})


def draft_of(files: Sequence[str | None], base: int, today: datetime.date) -> Draft:
    """The form of a version. It holds from today, unless it was to hold from later on."""
    texts = {}
    for language, file in zip(LANGUAGES, files, strict=True):
        try:
            text = read_text(file) if file else ArticleText()
        except Unreadable:
            text = ArticleText(body=file or "")
        texts[language] = text
    later = max((text.effective for text in texts.values() if text.effective), default=today)
    shared = max(texts.values(), key=lambda text: bool(text.source))
    texts = {
        language: dataclasses.replace(
            text, effective=max(today, later), source=shared.source, requests=text.requests or shared.requests
        )
        for language, text in texts.items()
    }
    return Draft(texts, base=base)


async def read_form(request: web.Request, before: Draft | None = None) -> Draft:
    """The form as it was sent. `before`: what the files hold beside it. Raises Refusal where a field is no text, or far too long."""
    day = await field(request, "effective", 10)
    faults = []
    try:
        effective = datetime.date.fromisoformat(day)
    except ValueError:
        effective = None
        faults.append(Fault(None, "effective", "effective_wrong"))
    source = await field(request, "source", 200)
    chosen = [await field(request, name, 40) for name in sorted(await request.post()) if name.startswith("request_")]
    base = await field(request, "base", 9)
    texts = {}
    for language in LANGUAGES:

        async def own(name: str, most: int, language: str = language) -> str:
            return await field(request, f"{language}_{name}", most)

        def set_right(text: str, language: str = language) -> str:
            return set_as_french(text) if language == "fr" else text

        texts[language] = ArticleText(
            title=set_right(await own("title", LINE_MOST)).replace("\n", " "),
            body=set_right(await own("body", BODY_MOST)),
            sms=await own("sms", 2000),
            phrasings=tuple(dict.fromkeys(_lines(await own("phrasings", LINES_MOST)))),
            facts=tuple(_fact(line) for line in _lines(await own("facts", LINES_MOST))),
            source=source,
            section=await own("section", LINE_MOST),
            effective=effective,
            requests=tuple(one for one in chosen if one),
            other=before.texts[language].other if before else (),
        )
    return Draft(
        texts,
        base=int(base) if base.isdecimal() else None,
        slug=(await field(request, "slug", 60)).lower(),
        note=await field(request, "note", 300),
        judged=bool(await field(request, "judged", 3)),
        faults=tuple(faults),
    )


def judged(draft: Draft, around: Surroundings) -> Draft:
    """The draft with all that must be put right before it is published."""
    texts = {
        language: Proposed(
            title=text.title,
            body=text.body,
            sms=text.sms,
            phrasings=text.phrasings,
            facts=[(fact.figure, fact.what, fact.place) for fact in text.facts],
            section=text.section,
        )
        for language, text in draft.texts.items()
    }
    found = check(texts, draft.source, draft.requests, around)
    own = tuple(fault for fault in draft.faults if fault.field in ("slug", "effective"))
    return dataclasses.replace(draft, faults=(*own, *found))


def surroundings(shelf: Shelf, folder: Path, brand: Brand, article_id: str) -> Surroundings:
    """What the articles of a brand are judged against."""
    others = [one for one in shelf.brands.values() if one.id != brand.id]
    taken = {
        (article.language, phrasing.lower()): article.title
        for article in shelf.articles(brand.id)
        if article.id != article_id
        for phrasing in article.phrasings
    }
    return Surroundings(
        brand_text=(folder / brand.id / "brand.yml").read_text(encoding="utf-8"),
        others=sorted({name for one in others for name in (one.name, one.name.split()[0], one.id.replace("-", " "))}),
        offered=brand.requests,
        taken=taken,
    )


def zone_of(brand: Brand) -> ZoneInfo:
    """The time in which a brand's days begin."""
    return ZoneInfo(brand.hours["time_zone"])


def goes_live_at(draft: Draft, brand: Brand, now: datetime.datetime) -> datetime.datetime:
    """The beginning of the day from which the text holds, in the brand's time; now where that has begun."""
    zone = zone_of(brand)
    if draft.effective is None or draft.effective <= now.astimezone(zone).date():
        return now
    return datetime.datetime.combine(draft.effective, datetime.time(), zone)


def lines_of(values: Sequence[Any]) -> str:
    """Phrasings or facts as the lines of a field."""
    return "\n".join(
        " | ".join((one.figure, one.what, one.place)) if isinstance(one, Fact) else str(one) for one in values
    )


def _lines(text: str) -> list[str]:
    # No-break spaces stay: they are part of how figures are set.
    return [BLANKS.sub(" ", line).strip() for line in text.split("\n") if line.strip()]


def _fact(line: str) -> Fact:
    parts = [part.strip() for part in line.split("|", 2)]
    return Fact(*(parts + [""] * 3)[:3])
