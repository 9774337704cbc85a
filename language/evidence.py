"""What of a message may speak for a language: its words, without names, addresses, numbers and codes."""

from __future__ import annotations

import re
import unicodedata

# Addresses, numbers and codes say nothing about the language of who types them.
NEUTRAL = re.compile(
    r"https?://\S+|\S+@\S+|\b\w+(?:\.\w+)+\b"  # web and mail addresses, file names
    r"|\b[a-z]\d[a-z] ?\d[a-z]\d\b"  # postal codes
    r"|\b[\w-]*\d[\w-]*\b",  # numbers, models, references
    re.IGNORECASE,
)
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'.-]*"
_SMALL = r"(?:(?:de|du|des|la|le|les|à|aux?|sur|et|of|the) |[dl]')"
# "500, rue Sainte-Catherine Est, Montréal": how streets are called where somebody lives, not the language in which they write.
CIVIC = re.compile(
    r"(?<![\w-])\d{1,6}[A-Za-z]?,? +(?:"
    r"(?i:rue|boul\.?|boulevard|bd|av\.?|avenue|ch\.|chemin|rang|route|rte\.?|c[ôo]te|mont[ée]e|all[ée]e|impasse|croissant|terrasse|place|quai)"
    rf" +{_SMALL}*{_NAME}(?: +{_SMALL}*{_NAME}){{0,4}}"
    rf"|(?i:rue|boul\.?|boulevard|avenue|chemin|rang) +{_SMALL}*[\w'-]+"
    r"|(?:[\w'.-]+ +){1,2}(?i:street|road|avenue|drive|crescent|boulevard|blvd)\b"
    rf"|(?:{_NAME} +){{1,4}}(?i:street|st|road|rd|avenue|ave|drive|dr|crescent|cres|lane|way|court|highway|hwy|place|terrace|trail)\b\.?"
    r")"
    r"(?:,? +(?i:est|ouest|nord|sud|east|west|north|south)\b)?"
    r"(?:,? +(?i:app\.?|apt\.?|bureau|suite|unit|unité|local) +\w+)?"
    rf"(?:,? +{_NAME}(?:[ -]{_NAME}){{0,3}}(?= *(?:$|[,.(\n]|[A-Za-z]\d[A-Za-z])))?"
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def words_of(text: str) -> list[tuple[str, bool]]:
    """The words of a message in lower case, each with whether it looks like a name: a capital inside a sentence, or on every word of
    the message ("Camille Martin" tells who, not in which language).

    Elisions and contractions stay whole ("j'ai", "don't") and are also given in parts by `parts_of`.
    """
    text = NEUTRAL.sub(" ", without_addresses(text))
    shouting = text.upper() == text
    found = []
    matches = list(WORD.finditer(text))
    names_only = not shouting and len(matches) > 1 and all(match.group()[0].isupper() for match in matches)
    for match in matches:
        word = match.group()
        name = names_only or (not shouting and word[0].isupper() and not _starts_sentence(text, match.start()))
        found.append((word.lower(), name))
    return found


def without_addresses(text: str) -> str:
    """The text without the places where somebody lives or works."""
    return CIVIC.sub(" ", unicodedata.normalize("NFC", text).replace("’", "'"))


def _starts_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return not before or before[-1] in ".!?:;" or "\n" in text[len(before) : at]


def plain(word: str) -> str:
    """The word without its accents: half of French is typed without them."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", word.replace("œ", "oe")) if not unicodedata.combining(letter)
    )


def parts_of(word: str) -> list[str]:
    """`j'ai` -> [`j'`, `ai`]; `don't` -> [`don't`]; a plain word alone."""
    head, mark, tail = word.partition("'")
    if (mark and len(head) <= 2) or head in ("qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "aujourd"):
        return [head + mark, tail] if tail else [head + mark]
    return [word]


def grams_of(word: str) -> list[str]:
    """Character 2-, 3- and 4-grams of a plain word with its bounds marked: what an unknown word looks like."""
    bounded = f"^{plain(word)}$"
    return [bounded[i : i + size] for size in (2, 3, 4) for i in range(len(bounded) - size + 1)]
