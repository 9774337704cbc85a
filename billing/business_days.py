"""Rules on business days and business hours: days are counted and hours are added around week-ends and holidays.

A rule file: it imports the standard library only. Which days are holidays is told by the caller (`holiday_calendar.py`).
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_FRIDAY = 4
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """When work is done on a business day, as local clocks show it. Opening comes before closing."""

    opens: time
    closes: time


def is_business_day(day: date, holidays: Container[date]) -> bool:
    """Monday to Friday, and no holiday."""
    return day.weekday() <= _FRIDAY and day not in holidays


def add_business_days(day: date, count: int, holidays: Container[date]) -> date:
    """The business day that comes `count` (at least 1) after a day; the day itself is not counted."""
    while count > 0:
        day += _ONE_DAY
        if is_business_day(day, holidays):
            count -= 1
    return day


def add_business_hours(
    start: datetime, hours: timedelta, *, open_at: Hours, zone: ZoneInfo, holidays: Container[date]
) -> datetime:
    """The moment at which so much opening time will have passed since `start` (aware), in the zone.

    The clock stands still outside the hours. Time that runs out at closing is due at closing, not the next morning.
    Clocks change at night, outside all hours of work, so local time may be added within a day.
    """
    local = start.astimezone(zone)
    day, at = local.date(), local.time()
    left = hours
    while True:
        if is_business_day(day, holidays) and at < open_at.closes:
            begins = datetime.combine(day, max(at, open_at.opens))
            until_closing = datetime.combine(day, open_at.closes) - begins
            if left <= until_closing:
                return (begins + left).replace(tzinfo=zone)
            left -= until_closing
        day, at = day + _ONE_DAY, time.min
