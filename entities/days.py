"""Which day is meant where a year, a month or a side of today is left out. Plain calendar rules, no words.

`side` is "past" (today counts), "future" (today counts) or None: then the nearest day.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable

Day = datetime.date
YEARS = range(-8, 9)  # a 29 February is at most eight years away
MONTHS = range(-12, 13)


def on(year: int, month: int, day: int) -> Day | None:
    """The day, None where the calendar has none (31 April)."""
    try:
        return Day(year, month, day)
    except ValueError:
        return None


def month_after(day: Day, months: int) -> Day:
    """The first day of the month so many months after the day's."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return Day(year, month + 1, 1)


def months_after(day: Day, months: int) -> Day:
    """The same day so many months later, or the last one of a shorter month."""
    first = month_after(day, months)
    return first.replace(day=min(day.day, last_day(first).day))


def last_day(day: Day) -> Day:
    """The last day of its month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def chosen(days: Iterable[Day | None], today: Day, side: str | None) -> Day | None:
    """Of several days the one on that side of today that is nearest to it."""
    there = [day for day in days if day and (side != "past" or day <= today) and (side != "future" or day >= today)]
    return min(there, key=lambda day: abs(day - today), default=None)


def of_year(month: int, day: int, today: Day, side: str | None, weekday: int | None = None) -> Day | None:
    """A day without its year; a weekday said with it decides where a year near today has it."""
    if weekday is not None:
        near = [on(today.year + years, month, day) for years in (-1, 0, 1)]
        fitting = chosen([found for found in near if found and found.weekday() == weekday], today, None)
        if fitting:
            return fitting
    return chosen([on(today.year + years, month, day) for years in YEARS], today, side)


def of_month(day: int, today: Day, side: str | None, weekday: int | None = None) -> Day | None:
    """A day without its month ("le 3")."""
    months = [month_after(today, months) for months in MONTHS]
    found = [on(month.year, month.month, day) for month in months]
    if weekday is not None:
        fitting = [one for one in found if one and one.weekday() == weekday and abs((one - today).days) < 120]
        found = list(fitting) or found
    return chosen(found, today, side)


def weekday_after(weekday: int, today: Day) -> Day:
    """The first such weekday after today."""
    return today + datetime.timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def weekday_before(weekday: int, today: Day) -> Day:
    """The last such weekday before today."""
    return today - datetime.timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def nth_weekday(first: Day, weekday: int, number: int) -> Day | None:
    """The first, second … such weekday of the month that begins on `first`; five is the last one."""
    found = first + datetime.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
    if number == 5 and found.month != first.month:
        found -= datetime.timedelta(weeks=1)
    return found if found.month == first.month else None


def working_days_after(days: int, today: Day) -> Day:
    """So many days on which offices work, Monday to Friday; holidays are not known here. Negative: before today."""
    step = datetime.timedelta(days=1 if days > 0 else -1)
    found = today
    while days:
        found += step
        if found.weekday() < 5:
            days -= 1 if days > 0 else -1
    return found


def month_of_year(month: int, today: Day, side: str | None) -> Day:
    """The first day of a month without its year: this month's counts for both sides."""
    if side == "future":
        return Day(today.year + (month < today.month), month, 1)
    if side == "past":
        return Day(today.year - (month > today.month), month, 1)
    this = today.replace(day=1)
    return min((Day(today.year + years, month, 1) for years in (-1, 0, 1)), key=lambda day: abs(day - this))
