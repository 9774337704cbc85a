"""The holidays of a province, from the library `holidays`; the rules get them as a container of days."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from typing import Any

import holidays

# The library's names for the two languages.
_LANGUAGES = {"fr": "fr", "en": "en_CA"}


def holidays_of(country: str, province: str | None) -> Container[date]:
    """The statutory holidays of a Canadian province, or of the United States; of any year that is asked for."""
    return _calendar(country, province, "en")


def holidays_between(province: str, after: date, until: date) -> list[dict[str, Any]]:
    """The holidays after a day, until another (included), that fall on a weekday: [{"date", "name": {"fr", "en"}}]."""
    names = {language: _calendar("CA", province, language) for language in _LANGUAGES}
    days = (after + timedelta(days=number) for number in range(1, (until - after).days + 1))
    return [
        {"date": day.isoformat(), "name": {language: calendar[day] for language, calendar in names.items()}}
        for day in days
        if day.weekday() < 5 and day in names["en"]
    ]


def _calendar(country: str, province: str | None, language: str) -> holidays.HolidayBase:
    if country != "CA":
        return holidays.country_holidays("US")
    return holidays.country_holidays("CA", subdiv=province, language=_LANGUAGES[language])
