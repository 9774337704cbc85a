"""Letters in the customer's language: the sentences of `data/letters.yml` in the layout of `letters/`, as text, HTML and SMS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from formats import LOCALES, clock, day, money
from gateway.models import Outgoing
from gateway.senders import Letter
from knowledge import Shelf

FOLDER = Path(__file__).parent


class Letters:
    """Writes letters. A sentence that names a value which is not there fails: nothing half empty is sent."""

    def __init__(self, shelf: Shelf, path: Path = FOLDER / "data" / "letters.yml") -> None:
        self._shelf = shelf
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.kinds: dict[str, dict[str, dict[str, Any]]] = data["letters"]
        self._common: dict[str, dict[str, str]] = data["common"]
        self._words: dict[str, dict[str, dict[str, str]]] = data["words"]
        self._sentences = {language: self._environment(language) for language in LOCALES}
        self._pages = Environment(
            undefined=StrictUndefined,
            autoescape=lambda name: bool(name and name.endswith(".html")),
            loader=FileSystemLoader(FOLDER / "letters"),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(self, row: Outgoing, values: dict[str, Any]) -> Letter:
        """The letter of a row of the outbox, filled. Raises KeyError and jinja2.UndefinedError where it cannot be."""
        brand = self._shelf.brands[row.brand]
        found = self.kinds[row.letter][row.language]
        reply_to = brand.contact.get("email") or ""
        known = {**values, "brand": brand.name, "phone": brand.contact.get("phone"), "reply_to": reply_to}
        letter = Letter(
            id=f"letter-{row.id}-{row.created_at:%Y%m%d%H%M%S}",
            channel=row.channel,
            address=row.address,
            language=row.language,
            sender=brand.name,
            text=self._filled(found["sms"], row.language, known),
        )
        if row.channel == "sms":
            return letter
        page = {
            "language": row.language,
            "brand": brand.name,
            "colours": brand.colours,
            "subject": self._filled(found["subject"], row.language, known),
            "lines": [self._filled(line, row.language, known) for line in found["lines"]],
            "entries": [self._entry(entry, row.language) for entry in values.get("entries", ())],
            "closing": [
                self._filled(self._common[name][row.language], row.language, known)
                for name in found.get("closing", ("not_you", "automatic"))
            ],
        }
        return Letter(
            **{
                **letter.__dict__,
                "text": self._pages.get_template("letter.txt").render(page),
                "html": self._pages.get_template("letter.html").render(page),
                "subject": page["subject"],
                "reply_to": reply_to,
            }
        )

    def _entry(self, entry: dict[str, Any], language: str) -> dict[str, str]:
        """A line of a conversation: `author`, `at` in the brand's time, `text` as it was said."""
        at = entry["at"]
        return {
            "who": self._words["authors"][entry["author"]][language],
            "when": f"{day(at.date(), language)}, {clock(at.time(), language)}",
            "text": entry["text"],
        }

    def _filled(self, sentence: str, language: str, values: dict[str, Any]) -> str:
        return self._sentences[language].from_string(sentence).render(values).strip()

    def _environment(self, language: str) -> Environment:
        """For sentences, which are plain text: the layout escapes them where it must."""
        environment = Environment(undefined=StrictUndefined, autoescape=False)
        environment.filters["money"] = lambda amount: money(amount, language)
        environment.filters["day"] = lambda date: day(date, language)
        environment.filters["word"] = lambda name, kind: self._words[kind][name][language]
        return environment
