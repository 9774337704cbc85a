"""The same words in the letters that cost least in a text message.

Typography always gives way: nobody misses a no-break space on a phone. Accents outside the alphabet (ç, ê, î, À) give way only where
that saves a part; é, è, à and ù are in it.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from gateway.sms_alphabet import BASIC, EXTENSION, GSM, alphabet_of, measure

NEIGHBOURS = {
    **dict.fromkeys("’‘‚‛′‵ʼʹ`´‹›", "'"),
    **dict.fromkeys("“”„‟″‶«»", '"'),
    **dict.fromkeys("‐‑‒–—―−⁃", "-"),
    **dict.fromkeys("•‣▪▫●○◦·∙■□", "-"),
    **dict.fromkeys("→⇒➔➜➝⟶►▶", "->"),
    **dict.fromkeys("←⇐⟵◄◀", "<-"),
    **dict.fromkeys("↔⇔", "<->"),
    **dict.fromkeys("×✕✖", "x"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff", ""),  # seen by nobody
    "\t": " ",
    "\u2028": "\n",
    "\u2029": "\n",
    "\x0b": "\n",
    "\x85": "\n",
    "÷": "/",
    "⁄": "/",
    "±": "+/-",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "≈": "~",
    "°": "",
    "®": "",
    "©": "(c)",
    "¢": "c",
    "¦": "|",
    "¬": "-",
}
LETTERS = {
    "œ": "oe",
    "Œ": "OE",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "ı": "i",
    "þ": "th",
    "Þ": "Th",
}
QUOTED = re.compile(
    r"([«“])[^\S\n]+|[^\S\n]+([»”])"
)  # French sets its quotation marks apart; a straight one stands close
NUMBER_SIGN = re.compile(r"\b([nN])°\s?(?=\w)")
EMOJI_STYLE = "\ufe0f"  # after a sign that is also an emoji: then it is one


def fold(text: str, accents: bool) -> str:
    """A text with its typography folded, and its accents too where they may be (`accents`) and that saves a part."""
    text = _typography(text)
    if not accents or alphabet_of(text) == GSM:
        return text
    plain = "".join(_without_accent(letter) for letter in text)
    return plain if measure(plain).parts < measure(text).parts else text


def _typography(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    if alphabet_of(text) == GSM:
        return text
    text = NUMBER_SIGN.sub(r"\1o ", QUOTED.sub(r"\1\2", text))
    return "".join(
        letter if after == EMOJI_STYLE else _neighbour(letter)
        for letter, after in zip(text, f"{text[1:]} ", strict=False)
    )


@functools.lru_cache(maxsize=4096)
def _neighbour(letter: str) -> str:
    if letter in BASIC or letter in EXTENSION:
        return letter
    if letter in NEIGHBOURS:
        return NEIGHBOURS[letter]
    # One half, the small « er » of « 1er », full width, every other space: Unicode itself says what they stand for.
    if unicodedata.decomposition(letter).startswith("<"):
        folded = "".join(NEIGHBOURS.get(part, part) for part in unicodedata.normalize("NFKD", letter))
        return folded if alphabet_of(folded) == GSM else letter
    return "" if unicodedata.category(letter) == "Cc" else letter


def _without_accent(letter: str) -> str:
    if letter in BASIC or letter in EXTENSION:
        return letter
    if letter in LETTERS:
        return LETTERS[letter]
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base in BASIC else letter
