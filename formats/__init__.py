"""Money, dates, times of day and phone numbers as people here write them (Babel, phonenumbers). A library for every process that speaks
to people.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date
from babel.numbers import format_currency

LOCALES = {"fr": "fr_CA", "en": "en_CA"}


def money(amount: dict[str, str], language: str) -> str:
    """`{"amount": "284.52", "currency": "CAD"}` -> "284,52 $" or "$284.52"."""
    return str(format_currency(Decimal(amount["amount"]), amount.get("currency", "CAD"), locale=LOCALES[language]))


def day(date: str | datetime.date, language: str) -> str:
    """An ISO date as people write it: "1er décembre 2026", "December 1, 2026"."""
    value = datetime.date.fromisoformat(date) if isinstance(date, str) else date
    text = str(format_date(value, "long", locale=LOCALES[language]))
    # Babel writes « 1 décembre »; French says « 1er ».
    return text.replace("1 ", "1er ", 1) if language == "fr" and value.day == 1 and text.startswith("1 ") else text


def weekday(moment: datetime.datetime, language: str) -> str:
    """ "lundi 23 novembre", "Monday, November 23"."""
    pattern = "EEEE d MMMM" if language == "fr" else "EEEE, MMMM d"
    text = str(format_date(moment.date(), pattern, locale=LOCALES[language]))
    return text.replace(" 1 ", " 1er ") if language == "fr" else text


def clock(time: datetime.time, language: str) -> str:
    """ "8 h", "8 h 30"; "8 a.m.", "8:30 p.m."."""
    if language == "fr":
        return f"{time.hour}\u00a0h" + (f"\u00a0{time.minute:02d}" if time.minute else "")
    half = "a.m." if time.hour < 12 else "p.m."
    return f"{(time.hour - 1) % 12 + 1}" + (f":{time.minute:02d}" if time.minute else "") + f"\u00a0{half}"


def time_of(moment: str, zone: str, language: str) -> str:
    """An ISO moment as the time of day in a zone: "14 h 32", "2:32 p.m."."""
    return clock(datetime.datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).time(), language)


def month(value: str, language: str) -> str:
    """ "2026-03" -> "mars 2026", "March 2026"."""
    return str(format_date(datetime.date.fromisoformat(f"{value}-01"), "MMMM y", locale=LOCALES[language]))


def phone(number: str) -> str:
    """A phone number as people read it: 514 555-0199 here, +33 1 23 45 67 89 elsewhere; what is no number stays what it is."""
    try:
        found = phonenumbers.parse(number, "CA")
    except phonenumbers.NumberParseException:
        return number
    kind = phonenumbers.PhoneNumberFormat
    if found.country_code != 1:
        return str(phonenumbers.format_number(found, kind.INTERNATIONAL))
    return str(phonenumbers.format_number(found, kind.NATIONAL)).replace("(", "").replace(")", "")
