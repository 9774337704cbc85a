"""Reads the values that a request needs from the answer to the question for one: spaces, dashes, "mon compte est le …".

Strict readers: the question is known, so a bare number is taken for what was asked. What a message names by itself is found by
`entities.find`; the forms of numbers, phones and addresses are written there once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import formats
from entities.codes import account_number, request_number
from entities.contact import ADDRESS, emails, phones, postal_code

__all__ = [
    "account_number",
    "addition",
    "contact",
    "contact_as_written",
    "description",
    "email",
    "only_a_contact",
    "phone",
    "plain",
    "postal_code",
    "request_number",
    "says",
]


def email(text: str) -> str | None:
    """A mail address in a message, as the standard has it; no look-up is made."""
    return next((address for address, _, _ in emails(text)), None)


def phone(text: str) -> str | None:
    """A phone number in a message, in E.164. Fictional numbers (555-01xx) count: the form is checked, not the line."""
    return next((number for number, _, _ in phones(text)), None)


def contact(text: str) -> str | None:
    """A mail address or a phone number."""
    return email(text) or phone(text)


def contact_as_written(value: str) -> str:
    """A contact as it is read back: phones as North Americans write them."""
    return value if "@" in value else formats.phone(value)


def only_a_contact(text: str) -> bool:
    """Whether a message gives a contact and says hardly anything else ("call me at 514 555-0123")."""
    rest = ADDRESS.sub(" ", text)
    return contact(text) is not None and sum(letter.isalpha() for letter in rest) < 20


def description(text: str) -> str | None:
    """A text that says enough to act upon: two words and eight letters at least."""
    letters = sum(letter.isalpha() for letter in text)
    return text.strip() if letters >= 8 and len(text.split()) >= 2 else None


def addition(text: str) -> str | None:
    """What is added to a request: an answer may be a single word or a code, but no bare sign."""
    return text.strip() if sum(letter.isalnum() for letter in text) >= 2 else None


def says(text: str, phrases: Iterable[str]) -> bool:
    """Whether one of the phrases stands in the text as words, accents and case aside."""
    said = plain(text)
    return any(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", said) for phrase in phrases)


def plain(text: str) -> str:
    """The text in small letters without accents, apostrophes straight."""
    small = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(letter for letter in small if not unicodedata.combining(letter))
