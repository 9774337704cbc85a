"""An article's file in one language as its parts, and the parts as a file: what the editor shows, and what is served.

Nothing of a file is lost by editing: keys of its header that the editor does not know are written back. Comments are not.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from typing import Any

import yaml

from knowledge.article import LOADER

_OWN = ("id", "title", "phrasings", "facts", "source", "section", "effective", "requests", "sms")


class Unreadable(ValueError):
    """The text is no article; the message says why, in English, for who wrote the file."""


@dataclasses.dataclass(frozen=True)
class Fact:
    """A figure of the text: what it is and where its source says it."""

    figure: str
    what: str
    place: str


@dataclasses.dataclass(frozen=True)
class ArticleText:
    """One language of an article. `sms` is "" where the body is short enough; `other` holds the keys of the header that are not ours."""

    title: str = ""
    body: str = ""
    sms: str = ""
    phrasings: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    source: str = ""
    section: str = ""
    effective: datetime.date | None = None
    requests: tuple[str, ...] = ()
    other: tuple[tuple[str, Any], ...] = ()


def read_text(file: str) -> ArticleText:
    """The parts of a file. Raises Unreadable."""
    try:
        before, header, body = file.replace("\r\n", "\n").split("---\n", 2)
        data: Any = yaml.load(header, LOADER)
    except (ValueError, yaml.YAMLError) as error:
        raise Unreadable(str(error)) from error
    if before.strip() or not isinstance(data, dict):
        raise Unreadable("the header is not a list of names and values")
    try:
        effective = data.get("effective")
        return ArticleText(
            title=str(data.get("title") or "").strip(),
            body=body.strip(),
            sms=str(data.get("sms") or "").strip(),
            phrasings=tuple(str(one).strip() for one in data.get("phrasings") or ()),
            facts=tuple(
                Fact(*(str(one.get(name, "")) for name in ("figure", "what", "place")))
                for one in data.get("facts") or ()
            ),
            source=str(data.get("source") or ""),
            section=str(data.get("section") or ""),
            effective=effective if type(effective) is datetime.date else None,
            requests=tuple(str(one) for one in data.get("requests") or ()),
            other=tuple((str(name), value) for name, value in data.items() if name not in _OWN),
        )
    except (TypeError, AttributeError) as error:
        raise Unreadable(f"a value of the header has the wrong shape ({error})") from error


def write_text(article_id: str, text: ArticleText) -> str:
    """The file of an article in one language, in the order and with the quotes that the content guide shows."""
    lines = [
        "---",
        f"id: {article_id}",
        f"title: {_plain(text.title)}",
        "phrasings:" if text.phrasings else "phrasings: []",
    ]
    lines += [f"  - {_quoted(phrasing)}" for phrasing in text.phrasings]
    lines += ["facts:" if text.facts else "facts: []"]
    lines += [
        f"  - {{figure: {_quoted(fact.figure)}, what: {_quoted(fact.what)}, place: {_quoted(fact.place)}}}"
        for fact in text.facts
    ]
    lines += [f"source: {_plain(text.source)}", f"section: {_quoted(text.section)}"]
    lines += [f"effective: {text.effective.isoformat()}" if text.effective else "effective:"]
    lines += [f"requests: [{', '.join(text.requests)}]"]
    if text.sms:
        lines += [f"sms: {_quoted(text.sms)}"]
    if text.other:
        lines += [yaml.safe_dump(dict(text.other), allow_unicode=True, sort_keys=False, width=10_000).rstrip()]
    return "\n".join([*lines, "---", text.body, ""])


def _quoted(value: str) -> str:
    # What JSON writes is YAML too.
    return json.dumps(value, ensure_ascii=False)


def _plain(value: str) -> str:
    """Without quotes where YAML reads the same from it."""
    try:
        same = yaml.safe_load(f"key: {value}") == {"key": value}
    except yaml.YAMLError:
        same = False
    return value if same and "\n" not in value else _quoted(value)
