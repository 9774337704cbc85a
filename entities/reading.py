"""A message as it is searched: its plain form beside the original, and what is known around it."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import unicodedata

from knowledge import Brand

KINDS = (
    "account",
    "amount",
    "bill",
    "date",
    "email",
    "error_code",
    "firmware",
    "model",
    "month",
    "phone",
    "postal",
    "request",
    "serial",
    "time",
)
LONGEST = 2000  # characters that are read of a message
SIGNS = {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "−": "-"}
BLANKS = set("\u00a0\u2007\u2009\u202f\u3000\t\n\r")


@dataclasses.dataclass(frozen=True)
class Entity:
    """`value` is the normal form of its kind, `text` the words `[start:end]` of the message.

    Values: account and bill, request, serial, firmware, error_code as their company writes them ("1002003001", "P-90871", "R-4821937");
    postal "H2X 1Y4"; phone in E.164; amount a decimal number with two places, "1284.50"; date "2026-03-15"; month "2026-03"; time
    "14:30"; model as `models.yml` names it.
    """

    kind: str
    value: str
    start: int
    end: int
    text: str


@dataclasses.dataclass(frozen=True)
class Reading:
    """One message under search. `plain` has no capitals, no accents, one kind of blank, dash and apostrophe."""

    text: str
    language: str
    today: datetime.date
    brand: Brand | None
    prefer: str | None

    @functools.cached_property
    def plain(self) -> str:
        """The text that patterns are written for. Use `entity` to come back to the original."""
        return self._folded[0]

    @functools.cached_property
    def _folded(self) -> tuple[str, list[int] | None]:
        return fold(self.text)

    def entity(self, kind: str, value: str, start: int, end: int) -> Entity:
        """An entity at a place of `plain`."""
        places = self._folded[1]
        if places is not None:
            start, end = places[start], places[end]
        return Entity(kind, value, start, end, self.text[start:end])


def fold(text: str) -> tuple[str, list[int] | None]:
    """The plain form of a text, and the original's place of each of its characters (and of its end); None where they are the same."""
    if text.isascii():
        return text.lower().translate({9: " ", 10: " ", 13: " "}), None
    plain: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if unicodedata.combining(letter):
            continue
        plain.append(_plain_letter(letter))
        places.append(place)
    places.append(len(text))
    return "".join(plain), None if len(plain) == len(text) else places


@functools.lru_cache(maxsize=1024)
def _plain_letter(letter: str) -> str:
    if letter in BLANKS:
        return " "
    if letter in SIGNS:
        return SIGNS[letter]
    if "\u2010" <= letter <= "\u2015":
        return "-"
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)).lower()
    return bare if len(bare) == 1 else letter
