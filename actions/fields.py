"""Reads the values that a request needs from what people write: spaces, dashes, "mon compte est le …"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from knowledge import Brand

DIGITS = re.compile(r"\d(?:[ .\u00a0\u202f-]?\d)*")
CANADIAN_POSTAL = re.compile(
    r"\b([ABCEGHJKLMNPRSTVXY]\d[ABCEGHJKLMNPRSTVWXYZ])[ \u00a0-]{0,2}(\d[ABCEGHJKLMNPRSTVWXYZ]\d)\b", re.I
)
ZIP = re.compile(r"(?<!\d)(\d{5})(?:-\d{4})?(?!\d)")
ADDRESS = re.compile(r"[^\s<>()\[\],;:\"«»“”]+@[^\s<>()\[\],;:\"«»“”]+")
AROUND_ADDRESS = ".!?'’‘*_…-"
# Seven digits with single blanks or dashes between; without its R, no part of a longer number (a phone, an account).
REQUEST_NUMBERS = (
    re.compile(r"\br[ \u2010-\u2015-]?(\d(?:[ -]?\d){6})(?!\d)", re.I),
    re.compile(r"(?<!\d)(?<!\d[ .)-])(?<!\d\) )(\d{7}(?!\d)|\d(?:[ -]?\d){6}(?![ .-]?\d))"),
)
# Area code and exchange begin with 2 to 9: an account number such as 1002003001 is no phone.
NORTH_AMERICAN = re.compile(r"[2-9]\d\d[2-9]\d{6}")


def account_number(text: str, brand: Brand) -> str | None:
    """An account number of the brand, digits only."""
    for run in _digit_runs(text):
        if re.fullmatch(brand.accounts["number"], run):
            return run
    return None


def postal_code(text: str) -> str | None:
    """A Canadian postal code ("H2X 1Y4") or a US ZIP code ("12534")."""
    match = CANADIAN_POSTAL.search(text)
    if match:
        return f"{match[1]} {match[2]}".upper()
    zip_code = ZIP.search(text)
    return zip_code[1] if zip_code else None


def one_time_code(text: str) -> str | None:
    """Six digits, blanks allowed between."""
    return next((run for run in _digit_runs(text) if len(run) == 6), None)


def email(text: str) -> str | None:
    """A mail address in a message, as the standard has it; no look-up is made."""
    for match in ADDRESS.finditer(text):
        try:
            return str(validate_email(match.group().strip(AROUND_ADDRESS), check_deliverability=False).normalized)
        except EmailNotValidError:
            continue
    return None


def phone(text: str) -> str | None:
    """A phone number in a message, in E.164. Fictional numbers (555-01xx) count: the form is checked, not the line."""
    matches = phonenumbers.PhoneNumberMatcher(text, "CA", leniency=phonenumbers.Leniency.POSSIBLE)
    for match in matches:
        number = match.number
        if number.country_code != 1 or NORTH_AMERICAN.fullmatch(str(number.national_number)):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return None


def contact(text: str) -> str | None:
    """A mail address or a phone number."""
    return email(text) or phone(text)


def contact_as_written(value: str) -> str:
    """A contact as it is read back: phones as North Americans write them."""
    if "@" in value:
        return value
    number = phonenumbers.parse(value, "CA")
    return (
        str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
        .replace("(", "")
        .replace(") ", " ")
    )


def only_a_contact(text: str) -> bool:
    """Whether a message gives a contact and says hardly anything else ("call me at 514 555-0123")."""
    rest = ADDRESS.sub(" ", text)
    return contact(text) is not None and sum(letter.isalpha() for letter in rest) < 20


def request_number(text: str) -> str | None:
    """ "R-4821937" from "r4821937", "482 1937", "ma demande R-482-1937"."""
    match = next((found for pattern in REQUEST_NUMBERS if (found := pattern.search(text))), None)
    return f"R-{re.sub(r'[ -]', '', match[1])}" if match else None


def description(text: str) -> str | None:
    """A text that says enough to act upon: two words and eight letters at least."""
    letters = sum(letter.isalpha() for letter in text)
    return text.strip() if letters >= 8 and len(text.split()) >= 2 else None


def says(text: str, phrases: Iterable[str]) -> bool:
    """Whether one of the phrases stands in the text as words, accents and case aside."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", text.lower().replace("’", "'")) if not unicodedata.combining(c)
    )
    return any(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", plain) for phrase in phrases)


def _digit_runs(text: str) -> list[str]:
    """The runs of digits in a text, separators taken out; also each run of a group that a blank may have joined."""
    runs = []
    for match in DIGITS.finditer(text):
        runs.append(re.sub(r"\D", "", match.group()))
        runs.extend(part for part in re.split(r"\D+", match.group()) if part)
    return runs
