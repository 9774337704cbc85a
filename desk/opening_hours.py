"""When a brand's people answer: open now, and when next. A rule: it knows days, hours and holidays, nothing else.

Holidays are given as dates by the caller (library `holidays`, by province), so that this stays plain arithmetic on local time.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Container, Mapping
from zoneinfo import ZoneInfo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Span = tuple[datetime.time, datetime.time]


@dataclasses.dataclass(frozen=True)
class Hours:
    """Opening and closing time by weekday (0 Monday), local time of the zone; `by_date` changes single days, None closes one."""

    zone: ZoneInfo
    by_day: dict[int, Span]
    by_date: Mapping[datetime.date, Span | None] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, setting: dict[str, object]) -> Hours:
        """From the `hours` of brand.yml: `monday-friday: ["08:00", "20:00"]`, or single days.

        `dates: {2026-12-24: ["08:00", "12:00"], 2026-12-31: closed}` names days that differ, holidays too.
        """
        by_day = {}
        for name, value in setting.items():
            first, _, last = name.partition("-")
            if first in DAYS and isinstance(value, list):
                for day in range(DAYS.index(first), DAYS.index(last or first) + 1):
                    by_day[day] = _span(value)
        dates = setting.get("dates")
        by_date = {
            datetime.date.fromisoformat(str(day)): _span(value) if isinstance(value, list) else None
            for day, value in (dates.items() if isinstance(dates, dict) else ())
        }
        return cls(ZoneInfo(str(setting["time_zone"])), by_day, by_date)

    def span(self, day: datetime.date, holidays: Container[datetime.date]) -> Span | None:
        """From when until when a day is open; None where it is not."""
        if day in self.by_date:
            return self.by_date[day]
        return None if day in holidays else self.by_day.get(day.weekday())

    def is_open(self, now: datetime.datetime, holidays: Container[datetime.date]) -> bool:
        """Whether `now` (aware) falls into the hours of a day that is no holiday. The closing minute is closed."""
        local = now.astimezone(self.zone)
        span = self.span(local.date(), holidays)
        return bool(span and span[0] <= local.time() < span[1])

    def next_opening(self, now: datetime.datetime, holidays: Container[datetime.date]) -> datetime.datetime:
        """The next moment of opening after `now`, in local time. Raises ValueError where it never opens within a year."""
        local = now.astimezone(self.zone)
        for ahead in range(366):
            day = local.date() + datetime.timedelta(days=ahead)
            span = self.span(day, holidays)
            if span:
                opening = datetime.datetime.combine(day, span[0], self.zone)
                if opening > local:
                    return opening
        raise ValueError("these hours never open")


def _span(value: list[object]) -> Span:
    opens, closes = (datetime.time.fromisoformat(str(text)) for text in value)
    return opens, closes
