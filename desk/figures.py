"""The figures of a text as values that can be compared: 12,95 $ is $12.95, 20 h is 8 p.m., « quatre » is 4."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

Figure = tuple[str, str]

MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
}
# Written-out numbers up to twelve. « un », « une » and "one" are articles and pronouns too, « neuf » is also new: they may count.
WORDS = {
    "fr": {"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "dix": 10, "onze": 11, "douze": 12},
    "en": {
        "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
        "twice": 2, "both": 2,
    },
}  # fmt: skip
MAYBE = {
    "fr": {"un": 1, "une": 1, "neuf": 9, "midi": 12, "premier": 1, "premiere": 1, "les deux": 2, "demie": 30},
    "en": {"one": 1, "noon": 12, "first": 1, "once": 1, "half": 30},
}

ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s)>\]»]+|\b(?:[\w-]+\.)+(?:ca|com)\b(?:/[^\s)>\]»]*)?", re.I
)
PHONE = re.compile(r"(?<!\d)(?:\+?1[ .-]?)?\(?[2-9]\d\d\)?[ .-]?\d{3}[ .-]\d{4}(?!\d)")
CODE = re.compile(r"\b[A-Z]{2,}\d{3,}\b|\b[A-Z]\d[A-Z] *\d[A-Z]\d\b")
DATE = {
    "fr": re.compile(rf"\b(1er|\d{{1,2}}) ({'|'.join(MONTHS['fr'])})\b(?: (\d{{4}}))?", re.I),
    "en": re.compile(rf"\b({'|'.join(MONTHS['en'])}) (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}}))?", re.I),
}
ISO_DATE = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
HALF_DAY = re.compile(r"\b(\d{1,2})(?::(\d\d))? ?([ap])\.?m\b\.?", re.I)
NUMBER = re.compile(r"\d{1,3}(?:[ ,]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?")
LIST_MARK = re.compile(r"^\s*\d+[.)]\s", re.M)


def plain(text: str) -> str:
    """One kind of blank and no numbers of a list."""
    return LIST_MARK.sub("", unicodedata.normalize("NFKC", text).replace("’", "'"))


def value(number: str) -> str:
    """« 1 250,00 », "1,250.00" and "1250" are one value."""
    digits = number.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    return format(Decimal(digits.replace(",", ".")).normalize(), "f")


def figures(text: str, language: str, maybe: bool = False) -> set[Figure]:
    """The figures of a text; with `maybe` also those that its ambiguous words may mean."""
    text = plain(text)
    found: set[Figure] = set()

    def take(pattern: re.Pattern[str], kind: str, clean: re.Pattern[str]) -> None:
        nonlocal text
        for match in pattern.finditer(text):
            found.add((kind, clean.sub("", match.group().lower())))
        text = pattern.sub(" ; ", text)

    take(ADDRESS, "address", re.compile(r"^https?://(?:www\.)?|^www\.|[.,;:/]+$"))
    take(PHONE, "phone", re.compile(r"\D|(?<!\d)1(?=\D*[2-9])"))
    take(CODE, "code", re.compile(r"\s"))
    for match in ISO_DATE.finditer(text):
        found.add(("date", f"{int(match[2])}-{int(match[3])}"))
        found.add(("number", match[1]))
    text = ISO_DATE.sub(" ; ", text)
    for match in DATE[language].finditer(text):
        day, month = (match[1], match[2]) if language == "fr" else (match[2], match[1])
        found.add(("date", f"{MONTHS[language].index(month.lower()) + 1}-{day.removesuffix('er')}"))
        if match[3]:
            found.add(("number", match[3]))
    text = DATE[language].sub(" ; ", text)
    for match in HALF_DAY.finditer(text):
        hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
        found |= {("number", str(hour))} | ({("number", str(int(match[2])))} if match[2] and int(match[2]) else set())
    text = HALF_DAY.sub(" ; ", text)
    found |= {("number", value(number)) for number in NUMBER.findall(text)}
    folded = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    words = WORDS[language] | (MAYBE[language] if maybe else {})
    for word, number in words.items():
        if re.search(rf"(?<!\w){word}(?!\w)", folded):
            found.add(("number", str(number)))
    return found
