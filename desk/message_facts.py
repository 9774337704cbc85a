"""What a customer's words hold for triage: identifiers and days (library `entities`), and the signals of urgency in them."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from desk.signals import find_categories, find_signals, is_deadline
from desk.triage import Rules
from entities import LONGEST, Entity, find
from knowledge import Brand

# What each kind of entity makes known, of what a category needs.
KNOWN_AS = {"postal": "address", "phone": "contact", "email": "contact", "month": "date"}
AHEAD = datetime.timedelta(days=366)


@dataclasses.dataclass(frozen=True)
class MessageFacts:
    """`found`: values by kind, each once, in the order of the text. `due`: the nearest day that is named as the last one."""

    found: Mapping[str, tuple[str, ...]]
    signals: Mapping[str, str]
    words: Mapping[str, frozenset[str]]
    due: datetime.date | None

    @property
    def counted(self) -> dict[str, int]:
        """How many different words of each category there are."""
        return {name: len(words) for name, words in self.words.items()}

    @property
    def known(self) -> frozenset[str]:
        """What is known by it, as `teams.yml` names what a category needs."""
        return frozenset(KNOWN_AS.get(kind, kind) for kind in self.found)


NOTHING = MessageFacts({}, {}, {}, None)


def local_day(now: datetime.datetime, brand: Brand) -> datetime.date:
    """The day by the clock of a brand."""
    return now.astimezone(ZoneInfo(str(brand.hours["time_zone"]))).date()


def read_message(
    rules: Rules, text: str, *, identifiers: str | None = None, language: str, today: datetime.date, brand: Brand | None
) -> MessageFacts:
    """The facts of a text. `identifiers`: where they are looked for, if elsewhere too (a signature)."""
    whole = identifiers if identifiers is not None else text
    found = values_in(whole, language=language, today=today, brand=brand)
    # Where no day and no hour was read, none is read as the last one either.
    dated = identifiers is not None or "date" in found or "time" in found
    return MessageFacts(
        found=found,
        signals=find_signals(rules.lexicon, text),
        words=find_categories(rules.lexicon, text),
        due=due_day(rules, text, language=language, today=today, brand=brand) if dated else None,
    )


def together(earlier: Sequence[MessageFacts], latest: Sequence[MessageFacts]) -> MessageFacts:
    """The facts of several messages, oldest first: identifiers of all, wording and days of the `latest` only."""
    found: dict[str, dict[str, None]] = {}
    for facts in (*earlier, *latest):
        for kind, values in facts.found.items():
            found.setdefault(kind, {}).update(dict.fromkeys(values))
    signals: dict[str, str] = {}
    words: dict[str, frozenset[str]] = {}
    for facts in latest:
        signals = {**facts.signals, **signals}
        words |= {name: words.get(name, frozenset()) | some for name, some in facts.words.items()}
    due = min((facts.due for facts in latest if facts.due), default=None)
    return MessageFacts({kind: tuple(values) for kind, values in found.items()}, signals, words, due)


def values_in(text: str, *, language: str, today: datetime.date, brand: Brand | None) -> dict[str, tuple[str, ...]]:
    """The entities of a text by kind, each value once; the company's own phone and address are left out."""
    found: dict[str, dict[str, None]] = {}
    for part in parts_of(text):
        for entity in find(part, language=language, today=today, brand=brand):
            if not (brand and _is_ours(entity, brand)):
                found.setdefault(entity.kind, {})[entity.value] = None
    return {kind: tuple(values) for kind, values in found.items()}


def due_day(
    rules: Rules, text: str, *, language: str, today: datetime.date, brand: Brand | None
) -> datetime.date | None:
    """The nearest day that the words around it make the last one; an hour alone is today's."""
    days = []
    for part in parts_of(text):
        for entity in find(part, language=language, today=today, brand=brand, prefer="future"):
            if entity.kind in ("date", "time") and is_deadline(rules.lexicon, part, entity.start, entity.end):
                days.append(datetime.date.fromisoformat(entity.value) if entity.kind == "date" else today)
    ahead = [day for day in days if today <= day <= today + AHEAD]
    return min(ahead, default=None)


def parts_of(text: str) -> list[str]:
    """A text in parts that `entities` reads whole, cut between lines or words."""
    parts = [""]
    for piece in re.findall(r"[^\n]*\n|[^\n]+$", text):
        for start in range(0, len(piece), LONGEST):
            chunk = piece[start : start + LONGEST]
            if len(parts[-1]) + len(chunk) > LONGEST:
                parts.append("")
            parts[-1] += chunk
    return [part for part in parts if part.strip()]


def _is_ours(entity: Entity, brand: Brand) -> bool:
    """Whether it is the company's own address or number, which a quoted letter bears."""
    ours = {str(brand.contact.get("email") or "").lower(), _digits(brand.contact.get("phone"))} - {""}
    return entity.value.lower() in ours or (entity.kind == "phone" and _digits(entity.value) in ours)


def _digits(text: object) -> str:
    return re.sub(r"\D", "", str(text or ""))[-10:]
