"""When a brand's people answer: open now, and when next. A rule: it knows days, hours and holidays, nothing else.

Holidays are given as dates by the caller (library `holidays`, by province), so that this stays plain arithmetic on local time.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Container
from zoneinfo import ZoneInfo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclasses.dataclass(frozen=True)
class Hours:
    """Opening and closing time by weekday (0 Monday), local time of the zone."""

    zone: ZoneInfo
    by_day: dict[int, tuple[datetime.time, datetime.time]]

    @classmethod
    def of(cls, setting: dict[str, object]) -> Hours:
        """From the `hours` of brand.yml: `monday-friday: ["08:00", "20:00"]`, or single days."""
        by_day = {}
        for name, value in setting.items():
            first, _, last = name.partition("-")
            if first in DAYS and isinstance(value, list):
                opens, closes = (datetime.time.fromisoformat(str(text)) for text in value)
                for day in range(DAYS.index(first), DAYS.index(last or first) + 1):
                    by_day[day] = (opens, closes)
        return cls(ZoneInfo(str(setting["time_zone"])), by_day)

    def is_open(self, now: datetime.datetime, holidays: Container[datetime.date]) -> bool:
        """Whether `now` (aware) falls into the hours of a day that is no holiday. The closing minute is closed."""
        local = now.astimezone(self.zone)
        span = self.by_day.get(local.weekday())
        return bool(span and local.date() not in holidays and span[0] <= local.time() < span[1])

    def next_opening(self, now: datetime.datetime, holidays: Container[datetime.date]) -> datetime.datetime:
        """The next moment of opening after `now`, in local time. Raises ValueError where it never opens within a year."""
        local = now.astimezone(self.zone)
        for ahead in range(366):
            day = local.date() + datetime.timedelta(days=ahead)
            span = self.by_day.get(day.weekday())
            if span and day not in holidays:
                opening = datetime.datetime.combine(day, span[0], self.zone)
                if opening > local:
                    return opening
        raise ValueError("these hours never open")
