"""The words of the agents' pages, and how moments, waits and texts look in them."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from babel.dates import format_date
from markupsafe import Markup, escape

from formats import LOCALES, clock, day, money

DATA = Path(__file__).resolve().parent.parent / "data"
ZONE = ZoneInfo("America/Toronto")
BOLD = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")


def read(name: str) -> Any:
    """A file of desk/data."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def together(*names: str) -> dict[str, dict[str, dict[str, str]]]:
    """Files of words as one: a table that stands in several is one table."""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for name in names:
        for table, words in read(name).items():
            tables.setdefault(table, {}).update(words)
    return tables


class Words:
    """The sentences of `data/console.yml` and of the files beside it in one language, and the filters of their pages."""

    tables: dict[str, dict[str, dict[str, str]]] = together("console.yml", "knowledge.yml", "dashboard.yml")

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, name: str, /, **values: Any) -> str:
        """A word of the pages, its places filled."""
        return self.tables["words"][name][self.language].format(**values)

    def name(self, table: str, key: str | None) -> str:
        """A name by its key ("states", "urgencies", "teams"); the key itself where the table has none."""
        found = self.tables[table].get(key or "")
        return found[self.language] if found else (key or "")

    def spoken(self, language: str | None) -> str:
        """A customer's language, as one says in which they write."""
        return self.name("spoken", f"in_{language}" if language else "unknown")

    def count(self, name: str, number: int) -> str:
        """A word that follows a number: `<name>_one` for 1 (and 0 in French), else `<name>_many`."""
        single = number < 2 if self.language == "fr" else number == 1
        return self(f"{name}_{'one' if single else 'many'}", count=number)

    def wait(self, seconds: float) -> str:
        """How long: "45 s", "3 min", "2 h 05", "4 j"; "4 d"."""
        minutes = int(seconds // 60)
        if minutes < 1:
            return f"{max(0, int(seconds))}\u00a0s"
        if minutes < 60:
            return f"{minutes}\u00a0min"
        if minutes < 24 * 60:
            return f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02d}"
        return f"{minutes // (24 * 60)}\u00a0{'j' if self.language == 'fr' else 'd'}"

    def moment(self, at: datetime.datetime, now: datetime.datetime, zone: ZoneInfo = ZONE) -> str:
        """A moment: the time of day where it is today, else the day before it."""
        local = at.astimezone(zone)
        time = clock(local.time(), self.language)
        if local.date() == now.astimezone(zone).date():
            return time
        day_of_year, with_year = ("d MMM", "d MMM y") if self.language == "fr" else ("MMM d", "MMM d, y")
        pattern = day_of_year if local.year == now.astimezone(zone).year else with_year
        return f"{format_date(local.date(), pattern, locale=LOCALES[self.language])}, {time}"

    def day(self, date: str) -> str:
        """An ISO date in words."""
        return day(date, self.language)

    def money(self, amount: dict[str, str]) -> str:
        """An amount as people of the language write it."""
        return money(amount, self.language)


def marked(text: str) -> Markup:
    """The Markdown of articles: bold and links; lists stay lines. All else is escaped."""
    bold = BOLD.sub(r"<strong>\1</strong>", str(escape(text)))
    return Markup(LINK.sub(r'<a href="\2" rel="noreferrer noopener" target="_blank">\1</a>', bold))


def shown(text: str) -> str:
    """The Markdown of articles as one plain line, for lists."""
    return " ".join(LINK.sub(r"\1", BOLD.sub(r"\1", text)).split())
