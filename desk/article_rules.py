"""What must hold before an article is published, as plain rules: both languages, figures with their source, light Markdown, plain texts.

The same that the tests ask of the articles that come with the program. A rule that is broken is a `Fault`: the language and the field that
it stands beside, and a name whose sentence is in `data/knowledge.yml`.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from desk.figures import Figure, figures

TITLE_MOST, WORDS_MOST, SMS_MOST, SHORT_BODY = 80, 120, 280, 300
NB = "\u00a0"
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# The widget shows bold, lists, bare links and mail addresses; all else would show as it is written.
MARKDOWN = re.compile(r"^#|^\s*\||<[a-z/!]|!\[|\]\(|`|^\s*>", re.M | re.I)
SCHEME = re.compile(
    r"\b(?!https?:)(?:[a-z][a-z0-9+.-]*://\S*|(?:javascript|data|vbscript|file|mailto|tel|sms):\S+)", re.I
)
# Each of these costs a text message its alphabet, or shows as it is.
NOT_IN_SMS = re.compile(r"[*_#`«»…’“”—]|\]\(|\n")
WHOLE_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\.\w+|[\w.-]+\.\w+(/\S*)?")
NOT_FRENCH = re.compile(r"\b(chat|week-end|e-mails?|mails?|SMS)\b", re.I)
PARTS = ("title", "body", "sms")
# How French is set: what an editor types, and what stands there then.
SETTING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[ \u202f]+(?=[?!;])"), ""),
    (re.compile(r"(?<=[^\s\d:/])[ \u202f]?:(?=\s|$)", re.M), f"{NB}:"),
    (re.compile(r"(?<=\d)[ \u202f]?(?=[%$])"), NB),
    (re.compile(r'"([^"\n]*)"|“([^”\n]*)”'), r"« \1\2 »"),
    (re.compile(r"«[ \u202f\u00a0]*"), f"«{NB}"),
    (re.compile(r"[ \u202f\u00a0]*»"), f"{NB}»"),
)


@dataclasses.dataclass(frozen=True)
class Proposed:
    """One language as it is proposed; `facts` are figure, what and place."""

    title: str
    body: str
    sms: str
    phrasings: Sequence[str]
    facts: Sequence[tuple[str, str, str]]
    section: str


@dataclasses.dataclass(frozen=True)
class Fault:
    """A rule that does not hold. `language`: None where the field is both languages'. `values` fill the sentence's places."""

    language: str | None
    field: str
    name: str
    values: Mapping[str, str | int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What an article is judged against: `brand_text` is the brand's file, `others` how the other brands are called, `taken` phrasings
    of the brand's other articles, small, by language and text with the title of the article that has it."""

    brand_text: str
    others: Sequence[str]
    offered: Sequence[str]
    taken: Mapping[tuple[str, str], str] = dataclasses.field(default_factory=dict)


def set_as_french(text: str) -> str:
    """French with the blanks and quotation marks of French, which keyboards do not have."""
    for pattern, by in SETTING:
        text = pattern.sub(by, text)
    return text


def check(texts: Mapping[str, Proposed], source: str, requests: Sequence[str], around: Surroundings) -> list[Fault]:
    """All faults of an article in both languages; none means that it may be published."""
    found: list[Fault] = []
    for language, text in texts.items():
        found += _one(language, text, around)
    if all(text.title and text.body for text in texts.values()):
        found += _between(texts)
    if not source:
        found.append(Fault(None, "source", "source_missing"))
    unknown = [request for request in requests if request not in around.offered]
    if unknown or len(set(requests)) != len(requests):
        found.append(Fault(None, "requests", "requests_wrong"))
    return found


def _one(language: str, text: Proposed, around: Surroundings) -> Iterator[Fault]:
    for field in ("title", "body", "section"):
        if not getattr(text, field).strip():
            yield Fault(language, field, f"{field}_missing")
    yield from _lengths(language, text)
    if MARKDOWN.search(text.body):
        yield Fault(language, "body", "body_markdown")
    for field in PARTS:
        if found := SCHEME.search(getattr(text, field)):
            yield Fault(language, field, "scheme", {"address": found.group()[:60]})
    if found := NOT_IN_SMS.search(text.sms):
        yield Fault(language, "sms", "sms_sign", {"sign": "↵" if found.group() == "\n" else found.group()})
    if not text.phrasings:
        yield Fault(language, "phrasings", "phrasings_missing")
    for phrasing in text.phrasings:
        if title := around.taken.get((language, phrasing.lower())):
            yield Fault(language, "phrasings", "phrasing_taken", {"phrasing": phrasing, "title": title})
    if not all(part.strip() for fact in text.facts for part in fact):
        yield Fault(language, "facts", "facts_incomplete")
    yield from _figures(language, text, around)
    yield from _names(language, text, around)
    if language == "fr" and (found := NOT_FRENCH.search(f"{text.title} {text.body}")):
        field = "title" if NOT_FRENCH.search(text.title) else "body"
        yield Fault(language, field, "not_french", {"word": found.group()})


def _lengths(language: str, text: Proposed) -> Iterator[Fault]:
    if len(text.title) > TITLE_MOST:
        yield Fault(language, "title", "title_long", {"most": TITLE_MOST, "count": len(text.title)})
    words = len(text.body.split())
    if words > WORDS_MOST:
        yield Fault(language, "body", "body_long", {"most": WORDS_MOST, "count": words})
    if len(text.sms) > SMS_MOST:
        yield Fault(language, "sms", "sms_long", {"most": SMS_MOST, "count": len(text.sms)})
    if not text.sms and len(text.body) > SHORT_BODY:
        yield Fault(language, "sms", "sms_missing", {"most": SHORT_BODY})


def _figures(language: str, text: Proposed, around: Surroundings) -> Iterator[Fault]:
    named = set(_brand_figures(around.brand_text, language))
    for figure, _, _ in text.facts:
        named |= figures(figure, language, maybe=True)
    for field in PARTS:
        said = figures(getattr(text, field), language)
        if missing := said - named:
            yield Fault(language, field, "figure_unnamed", {"figures": _shown(missing)})
        for kind, value in said:
            if (kind == "phone" and len(value) != 10) or (kind == "address" and not WHOLE_ADDRESS.fullmatch(value)):
                yield Fault(language, field, "address_broken", {"address": value})


@functools.lru_cache(maxsize=32)
def _brand_figures(brand_text: str, language: str) -> frozenset[Figure]:
    """A brand's file is long, and the same at each letter that is typed."""
    return frozenset(figures(brand_text, language))


def _names(language: str, text: Proposed, around: Surroundings) -> Iterator[Fault]:
    for field in (*PARTS, "phrasings"):
        value = getattr(text, field)
        folded = _folded(value if isinstance(value, str) else "\n".join(value))
        for name in around.others:
            if re.search(rf"(?<!\w){re.escape(_folded(name))}(?!\w)", folded):
                yield Fault(language, field, "other_brand", {"name": name})


def _between(texts: Mapping[str, Proposed]) -> Iterator[Fault]:
    """Both languages say the same figures; what « un » and "one" mean only the other language tells."""
    for field in PARTS:
        french, english = getattr(texts["fr"], field), getattr(texts["en"], field)
        only_french = figures(french, "fr") - figures(english, "en", maybe=True)
        only_english = figures(english, "en") - figures(french, "fr", maybe=True)
        if bool(french) != bool(english) and field == "sms":
            yield Fault("en" if french else "fr", field, "sms_one_language")
        elif only_french:
            yield Fault("en", field, "figure_only_there", {"figures": _shown(only_french)})
        elif only_english:
            yield Fault("fr", field, "figure_only_there", {"figures": _shown(only_english)})


def _shown(found: set[Figure]) -> str:
    return ", ".join(sorted(value for _, value in found))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
