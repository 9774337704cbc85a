"""Names of what is sorted: matters, teams, categories, reasons; and a conversation in three lines, in either language."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import yaml

from desk import calendars
from desk.box_requests import DRAFT
from desk.console.words import Words, read
from desk.dossier import Dossier
from desk.models import SupportRequest
from desk.service_levels import ONSITE
from formats import money, month, phone
from knowledge import Shelf

# Their titles are data; the code of the actions is not touched.
_REQUESTS = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "actions" / "requests.yml").read_text(encoding="utf-8")
)
_TEAMS = read("teams.yml")
_TRIAGE = read("triage.yml")
_SIGNALS, _QUEUE = _TRIAGE["signals"], _TRIAGE["queue"]
TEAMS: dict[str, dict[str, str]] = _TEAMS["teams"]
SAID_MOST = 140
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MONTH = re.compile(r"\d{4}-\d\d")
PHONE = re.compile(r"\+\d{8,15}")
WITHOUT_SUBJECT = frozenset(_TEAMS["without_subject"])
FIRST_MESSAGE = "first_message"


class Names:
    """Names in one language."""

    def __init__(self, shelf: Shelf, words: Words) -> None:
        self._shelf = shelf
        self._words = words
        self._language = words.language

    def topic(self, outcome: str | None) -> str:
        """An outcome as people call it; "" where it has no name (small talk) or there is none."""
        if not outcome:
            return ""
        if outcome.startswith("do/"):
            return str(_REQUESTS.get(outcome[3:], {}).get("title", {}).get(self._language, ""))
        article = self._shelf.article(outcome, self._language)
        return article.title if article else ""

    def request(self, found: SupportRequest) -> str:
        """What a support request is about: its kind, or its category where the kind names no subject."""
        topic = f"do/{found.kind}"
        named = "" if topic in WITHOUT_SUBJECT else self.topic(topic)
        return named or self.category(found.category) or found.kind

    def due(self, found: SupportRequest, now: datetime.datetime) -> str:
        """Until when the next step of a request is owed, as its customer reads it: a visit by the clock of the machine's place."""
        brand = self._shelf.brands.get(found.brand)
        if brand is None or found.due_at is None:
            return ""
        zone = calendars.zone_shown(brand, found.due_for, found.details)
        time = self._words.moment(found.due_at, now, zone)
        return self._words("local_time", time=time) if found.due_for == ONSITE else time

    def details(self, found: SupportRequest) -> list[tuple[str, str]]:
        """What is known for a request beside its description and contact: name and value, as they are shown."""
        shown = []
        for name, value in found.details.items():
            if name == DRAFT:  # not known, but proposed
                continue
            values = [
                one
                for one in (value if isinstance(value, list) else [value])
                if isinstance(one, str | int) and one != ""
            ]
            repeats = name == FIRST_MESSAGE and str(value).split() == found.description.split()
            if values and not repeats:
                shown.append((self.fact(name), ", ".join(self.value(one, name) for one in values)))
        return shown

    def team(self, name: str | None) -> str:
        """A team's name; "" for none."""
        return TEAMS[name][self._language] if name in TEAMS else ""

    def category(self, name: str | None) -> str:
        """A category's name; "" for none."""
        found = _TEAMS["categories"].get(name)
        return str(found["name"][self._language]) if found else ""

    def reason(self, name: str) -> str:
        """Why something is urgent, as a sentence."""
        found = _SIGNALS.get(name)
        return str(found[self._language]) if found else name

    def place(self, name: str) -> str:
        """Why a conversation stands where it does in the queue."""
        return str(_QUEUE[name][self._language])

    def value(self, value: Any, name: str = "") -> str:
        """What was collected under a name, as people read it: days and months in words, amounts and phone numbers as one writes them."""
        text = str(value)
        said = self._words.tables["fact_values"].get(f"{name}.{text}") or self._words.tables["fact_values"].get(text)
        if said:
            return said[self._words.language]
        if name == "amount":
            return money({"amount": text}, self._language)
        if DAY.fullmatch(text):
            return self._words.day(text)
        if name == "month" and MONTH.fullmatch(text):
            return month(text, self._language)
        return phone(text) if PHONE.fullmatch(text) else text

    def fact(self, name: str) -> str:
        """What is known or missing ("account", "serial")."""
        return self._words.name("facts", name)


def summary(dossier: Dossier, shelf: Shelf, language: str, account: str | None) -> list[str]:
    """The conversation in three lines: who, what, and what was done and is missing."""
    words = Words(language)
    names = Names(shelf, words)
    talk, triage = dossier.talk, dossier.triage
    brand = shelf.brands[talk.brand].name if talk.brand in shelf.brands else talk.brand
    ending = account[-4:] if account else ""
    spoken = words.spoken(talk.language)
    who = words("summary_verified" if account else "summary_unverified", brand=brand, language=spoken, ending=ending)
    topic = names.topic(triage.topic if triage else None) or (names.category(triage.category) if triage else "")
    said = " ".join(dossier.last_said.text.split()) if dossier.last_said else ""
    if len(said) > SAID_MOST:
        said = said[: SAID_MOST - 1] + "…"
    what = words("summary_matter", topic=topic or words("topic_unknown"), said=said or words("nothing_said"))
    tried = ", ".join(name for one in dossier.tried if (name := names.topic(one.outcome)))
    missing = ", ".join(names.fact(one) for one in triage.missing) if triage else ""
    done = words("summary_tried", tried=tried or words("nothing_yet"), missing=missing or words("nothing_missing"))
    return [who, what, done]


def known_facts(dossier: Dossier, names: Names) -> list[tuple[str, str]]:
    """What was collected: name and value, as they are shown."""
    found: dict[str, Any] = dossier.triage.known if dossier.triage else {}
    if found.get("due") and found.get("date") in (found["due"], [found["due"]]):
        found = {name: value for name, value in found.items() if name != "date"}
    return [
        (names.fact(name), ", ".join(names.value(one, name) for one in (value if isinstance(value, list) else [value])))
        for name, value in found.items()
        if value not in (None, "", [], False)
    ]
