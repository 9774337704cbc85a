"""What a person reads as a text message: plain words, numbered choices, and no more than a few parts at a time.

Rules only. What it costs is `sms_alphabet`'s matter, which letters are used `sms_fold`'s; the words around a choice and at the end of a
page are given, in the language of the message.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

from gateway.message import Reply
from gateway.sms_alphabet import GSM, SINGLE, clusters, measure
from gateway.sms_fold import fold

MOST_PARTS = 3

LINK = r"https?://[^\s<>()\[\]]+(?:\([^\s()]*\)[^\s<>()\[\]]*)*"
MARKDOWN = (
    (
        re.compile(
            r"!?\[([^\]\n]*)\]\(<?((?:mailto:|tel:)?[^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+\"[^\"]*\")?\)"
        ),
        "link",
    ),
    (re.compile(rf"<({LINK}|[^\s<>@]+@[^\s<>@]+)>"), r"\1"),
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.M), ""),  # a line across
    (re.compile(r"^[ \t]*```.*$", re.M), ""),
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$", re.M), r"\1"),
    (re.compile(r"^[ \t]*>[ \t]?", re.M), ""),
    (re.compile(r"^[ \t]*[*+•-][ \t]+(?=\S)", re.M), "- "),
    (re.compile(r"(?<![\w*])\*\*(?=\S)(.+?)(?<=\S)\*\*(?![\w*])", re.S), r"\1"),
    (re.compile(r"(?<![\w_])__(?=\S)(.+?)(?<=\S)__(?![\w_])", re.S), r"\1"),
    (re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+?)(?<=[^\s\\])\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_/.@\\-])_(?=[^\s_])([^_\n]+?)(?<=[^\s\\])_(?![\w_/.@-])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!>-])"), r"\1"),
)
BLANK = " \u00a0\u202f"
# What the end of a page never comes into: links, addresses, figures with the blanks in them (1 250,00 $, 1 888 576-4899, 8 h 30) and
# with the word that they count, a choice and its number.
WHOLE = re.compile(
    rf"{LINK}|\S+@\S+|\S*\w\.\w+/\S*"
    rf"|\b\d+,?[{BLANK}][^\n!?;]{{3,80}}?\b[A-Z]\d[A-Z][{BLANK}]{{0,2}}\d[A-Z]\d\b"  # from the number of a house to its postal code
    rf"|\b[A-Za-z]\d[A-Za-z][{BLANK}]\d[A-Za-z]\d\b"
    rf"|[$#+(]*\d+(?:(?:[{BLANK}.,/:()-]|\)[{BLANK}])\d+)*[.)]?(?:[{BLANK}]?h\b(?:[{BLANK}]\d\d\b)?|[{BLANK}]?[^\W\d_]+|[{BLANK}]?[$%€])?"
)
SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"')»”]))(?<!\d\.)[^\S\n]+(?=[A-ZÀ-Þ\"'(«“-])|\n")
WORD = re.compile(r"\s+")
A_HEAP = 30  # characters of one letter with more accents than a page holds; it must go on all the same
A_SENTENCE_IS_WORTH = 0.6  # of a page: shorter than that, a page ends between two words instead


@dataclasses.dataclass(frozen=True)
class Composed:
    """A turn as one text, with the choices in it, in the order of their numbers (`{"title", "reply"}`)."""

    text: str
    choices: tuple[dict[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Page:
    """What is sent `now`, and what is `kept` until the customer asks for the rest ("" for nothing)."""

    now: str
    kept: str = ""


def plain(text: str) -> str:
    """Markdown as people write it by hand: no marks, a link as its words and its address, a list as lines with a dash."""
    for pattern, put in MARKDOWN:
        text = pattern.sub(_link if put == "link" else put, text)
    lines = (" ".join(re.split(r"[ \t]+", line.strip())) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _link(match: re.Match[str]) -> str:
    words, address = match[1].strip(), match[2]
    address = re.sub(r"^(?:mailto|tel):", "", address)
    same = re.sub(r"^https?://|/$", "", words) == re.sub(r"^https?://|/$", "", address)
    return address if same or not words else f"{words} {address}"


def compose(replies: Sequence[Reply], words: Mapping[str, str], *, accents: bool) -> Composed:
    """All that is said in a turn as one text, folded. `words`: `choose`, `choose_one` and `more`, in the language of the turn.

    The choices of a question are all there. What is offered under an article is left out from where it would cost a part, but for the
    first: the answer was what was asked for. The words around the choices are there where they cost no part.
    """
    lines: list[str] = []
    choices: list[dict[str, str]] = []
    required = 0
    for reply in replies:
        lines += [plain(reply.text)] if reply.text.strip() else []
        lines += [f"{one['title']} {one['url']}".strip() for one in reply.attachments]
        choices += reply.buttons
        required = len(choices) if reply.article is None and reply.buttons else required
    said = "\n".join(lines)
    if not choices:
        return Composed(fold(said, accents))
    shown = max(required, 1)
    text = fold(_with_choices(said, choices[:shown], None), accents)
    most = measure(text).parts
    for count in range(shown, len(choices) + 1):
        for wording in (None, words):
            longer = fold(_with_choices(said, choices[:count], wording), accents)
            if measure(longer).parts <= most:
                text, shown = longer, count
    return Composed(text, tuple(choices[:shown]))


def _with_choices(said: str, choices: Sequence[Mapping[str, str]], words: Mapping[str, str] | None) -> str:
    titles = [plain(choice["title"]) for choice in choices]
    if words and len(titles) == 1:
        return f"{said}\n{words['choose_one'].format(title=titles[0])}".strip()
    numbered = [f"{number}. {title}" for number, title in enumerate(titles, 1)]
    return "\n".join(line for line in (said, words["choose"] if words else "", *numbered) if line)


def pages(text: str, words: Mapping[str, str], *, accents: bool, most: int = MOST_PARTS) -> Page:
    """What is sent now, `most` parts at most with the invitation to ask for the rest (`words["more"]`), and what is kept.

    The text may be raw, composed, or what another page kept. A page ends between two sentences, or else two words; within a word only
    where it alone is longer than a page.
    """
    text = fold(text.strip(), accents)
    if measure(text).parts <= most:
        return Page(text)
    invitation = f"\n{fold(words['more'], accents)}"
    end = _room(text, invitation, most)
    border = _border(text, end)
    return Page(text[:border].rstrip() + invitation, text[border:].strip())


def _room(text: str, invitation: str, most: int) -> int:
    """How many characters of a text go out with the invitation; between clusters."""
    ends = [0]
    for cluster in clusters(text[: (most + 1) * SINGLE[GSM]]):  # what lies beyond goes out on no account
        ends.append(ends[-1] + len(cluster))
    low, high = 0, len(ends) - 1
    while low < high:  # the more characters, the more parts
        middle = (low + high + 1) // 2
        if measure(text[: ends[middle]].rstrip() + invitation).parts <= most:
            low = middle
        else:
            high = middle - 1
    return ends[low] or A_HEAP


def _border(text: str, end: int) -> int:
    """Where a page of at most `end` characters ends."""
    whole = [match.span() for match in WHOLE.finditer(text) if match.end() - match.start() > 1]

    def last(pattern: re.Pattern[str]) -> int:
        found = [match.start() for match in pattern.finditer(text, 0, min(end + 1, len(text)))]
        free = [at for at in found if 0 < at <= end and not any(start < at < stop for start, stop in whole)]
        return free[-1] if free else 0

    sentence = last(SENTENCE)
    return sentence if sentence >= end * A_SENTENCE_IS_WORTH else last(WORD) or sentence or end
