"""What a text costs on the air: its alphabet, its units and its parts (3GPP TS 23.038 and 23.040).

A text of the GSM alphabet alone has 160 units in one part, or 153 in each of several; one letter outside it (ç, ê, a no-break space)
makes the whole text UCS-2, with 70 and 67. Knows nothing of customers or sentences.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterator

GSM = "gsm-7"
UCS2 = "ucs-2"
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")  # an escape and a letter: two units, which a part never separates
LETTERS = BASIC | EXTENSION
SINGLE = {GSM: 160, UCS2: 70}
CONCATENATED = {GSM: 153, UCS2: 67}  # a header of six octets says which part of which text it is

JOINER = "\u200d"
MODIFIERS = range(0x1F3FB, 0x1F400)  # tones of skin
FLAGS = range(0x1F1E6, 0x1F200)  # letters of a country, which are a flag two by two
TAGS = range(0xE0020, 0xE0080)  # the letters within the flags of Scotland and the like
VOWELS_AND_FINALS = range(0x1160, 0x1200)  # of Hangul, which follow the first letter of a syllable


@dataclasses.dataclass(frozen=True)
class Measure:
    """What a text costs: `alphabet` GSM or UCS2, `units` of it, and how many `parts` are paid for. None for an empty text."""

    alphabet: str
    units: int
    parts: int


def measure(text: str) -> Measure:
    """The cost of a text, exactly as `cut` cuts it."""
    alphabet = alphabet_of(text)
    cost = units(text, alphabet)
    return Measure(alphabet, cost, len(cut(text)) if cost > SINGLE[alphabet] else int(bool(text)))


def alphabet_of(text: str) -> str:
    """GSM where every letter is in its tables, else UCS2."""
    return GSM if LETTERS.issuperset(text) else UCS2


def units(text: str, alphabet: str) -> int:
    """Units of seven bits in GSM, of sixteen in UCS2."""
    if alphabet == GSM:
        return len(text) + sum(map(text.count, EXTENSION))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str) -> list[str]:
    """The parts in which a text goes out; joined they are the text. No part separates what is read as one letter."""
    alphabet = alphabet_of(text)
    if units(text, alphabet) <= SINGLE[alphabet]:
        return [text] if text else []
    parts: list[str] = []
    begun, room = 0, CONCATENATED[alphabet]  # of the part that is being filled
    at = 0
    for piece, cost in _pieces(text, alphabet):
        if cost > room:
            parts.append(text[begun:at])
            begun, room = at, CONCATENATED[alphabet]
        at += len(piece)
        room -= cost
    return [*parts, text[begun:]]


def _pieces(text: str, alphabet: str) -> Iterator[tuple[str, int]]:
    """The clusters of a text with their units; one that is longer than a part (a heap of accents) letter by letter."""
    most = CONCATENATED[alphabet]
    for cluster in clusters(text):
        if len(cluster) == 1:
            yield cluster, 1 + (cluster in EXTENSION if alphabet == GSM else cluster > "\uffff")
        elif (cost := units(cluster, alphabet)) <= most:
            yield cluster, cost
        else:
            yield from ((letter, units(letter, alphabet)) for letter in cluster)


def clusters(text: str) -> list[str]:
    """What is read as one letter each: an emoji with its tone, its family or its flag, a letter with its accents, a line's end."""
    if text.isascii() and "\r" not in text:
        return list(text)
    found: list[str] = []
    for letter in text:
        if found and _belongs(found[-1], letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _belongs(before: str, letter: str) -> bool:
    """Whether a letter is part of the cluster before it."""
    code = ord(letter)
    if code < 0x300:
        return before == "\r" and letter == "\n"
    if before in ("\r", "\n"):
        return False
    if letter == JOINER or before.endswith(JOINER) or code in MODIFIERS or code in TAGS or code in VOWELS_AND_FINALS:
        return True
    if code in FLAGS:
        return len(before) == 1 and ord(before) in FLAGS
    return unicodedata.category(letter).startswith("M")
