"""How to reach somebody: mail addresses, phone numbers, postal codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entities.reading import Entity, Reading
from entities.words import any_of

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"«»“”]+@[^\s<>()\[\],;:\"«»“”]+")
AROUND_ADDRESS = ".!?'’‘*_…-"
CANADIAN_POSTAL = re.compile(
    r"\b([ABCEGHJKLMNPRSTVXY]\d[ABCEGHJKLMNPRSTVWXYZ])[ \u00a0-]{0,2}(\d[ABCEGHJKLMNPRSTVWXYZ]\d)\b", re.I
)
ZIP = re.compile(r"(?<!\d)(\d{5})(?:-\d{4})?(?!\d)")
# In a sentence five digits are a ZIP code only where something says so.
NAMED_ZIP = re.compile(
    rf"(?<!\w){any_of('zip_names')}(?:[ :#]| is| est(?: le)?| du| de| at| billing)* ?(\d{{5}}(?:-\d{{4}})?)(?![\d-])"
    r"|(?<![\w-])(\d{5}-\d{4})(?![\d-])"
    r"|(?<!\w)(?:at|au|in|to|vers) (\d{5})(?= *(?:$|[.,;!?])| (?:not|pas|and|et|instead|but|mais|in|ny|us|usa)(?!\w))"
    rf"|(?<!\w){any_of('states')},? (\d{{5}})(?![\d-])"
)
DIGITS_OF_A_PHONE = re.compile(r"(?:\d\D{0,3}){7}")
# Area code and exchange begin with 2 to 9: an account number such as 1002003001 is no phone.
NORTH_AMERICAN = re.compile(r"[2-9]\d\d[2-9]\d{6}")


def emails(text: str) -> Iterator[tuple[str, int, int]]:
    """The mail addresses of a text as the standard has them, with their places; no look-up is made."""
    if "@" not in text:
        return
    from email_validator import EmailNotValidError, validate_email  # 16 MB: for the messages that have an address

    for match in ADDRESS.finditer(text):
        written = match.group().strip(AROUND_ADDRESS)
        start = match.start() + match.group().index(written) if written else 0
        try:
            yield str(validate_email(written, check_deliverability=False).normalized), start, start + len(written)
        except EmailNotValidError:
            continue


def phones(text: str) -> Iterator[tuple[str, int, int]]:
    """The phone numbers of a text in E.164, with their places. Fictional ones (555-01xx) count: the form is checked, not the line."""
    if not DIGITS_OF_A_PHONE.search(text):
        return
    import phonenumbers

    for match in phonenumbers.PhoneNumberMatcher(text, "CA", leniency=phonenumbers.Leniency.POSSIBLE):
        number = match.number
        if number.country_code != 1 or NORTH_AMERICAN.fullmatch(str(number.national_number)):
            yield (
                str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)),
                match.start,
                match.end,
            )


def email_entities(reading: Reading) -> Iterator[Entity]:
    """The mail addresses of a message."""
    for value, start, end in emails(reading.text):
        yield Entity("email", value, start, end, reading.text[start:end])


def phone_entities(reading: Reading) -> Iterator[Entity]:
    """The phone numbers of a message."""
    for value, start, end in phones(reading.text):
        yield Entity("phone", value, start, end, reading.text[start:end])


def postal_code(text: str) -> str | None:
    """A Canadian postal code ("H2X 1Y4") or a US ZIP code ("12534") in an answer to the question for one."""
    match = CANADIAN_POSTAL.search(text)
    if match:
        return f"{match[1]} {match[2]}".upper()
    zip_code = ZIP.search(text)
    return zip_code[1] if zip_code else None


def postal_entities(reading: Reading) -> Iterator[Entity]:
    """The postal codes of a message; a ZIP code only where it is called one, or stands after a state."""
    for match in CANADIAN_POSTAL.finditer(reading.plain):
        yield reading.entity("postal", f"{match[1]} {match[2]}".upper(), match.start(), match.end())
    for match in NAMED_ZIP.finditer(reading.plain):
        group = next(number for number in (1, 2, 3, 4) if match[number])
        yield reading.entity("postal", match[group][:5], match.start(group), match.end(group))
