"""What day a place of a message means: one function for each form of `dates.py`, from its match and what is known around it.

Each returns None where the calendar has no such day.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from entities import days
from entities.numbers import small
from entities.reading import Reading
from entities.side import side
from entities.words import any_of, table, words

Found = datetime.date | None
Reader = Callable[[re.Match[str], Reading], Found]
NEXT, LAST = any_of("next"), any_of("last")


def _near(match: re.Match[str], reading: Reading) -> str | None:
    return side(reading, match.start(), match.end())


def _number_of_day(match: re.Match[str]) -> int:
    groups = match.groupdict()
    number = groups.get("day") or groups.get("ordinal")
    return int(number) if number else table("ordinals")[groups["named"] or ""]


def _shift(*words_of_side: str | None) -> int:
    """Months from this one: 1 for "next", -1 for "last", 0 for neither."""
    said = next((word for word in words_of_side if word), None)
    return 0 if said is None else 1 if re.fullmatch(NEXT, said) else -1


def _weekday(match: re.Match[str]) -> int | None:
    name = match.groupdict().get("weekday")
    return table("weekdays")[name] if name else None


def iso_day(match: re.Match[str], _: Reading) -> Found:
    return days.on(int(match["y"]), int(match["m"]), int(match["d"]))


def day_in_digits(match: re.Match[str], reading: Reading) -> Found:
    """Day and month in the order of the language; the other order where only that makes a day."""
    first, second = int(match["a"]), int(match["b"])
    orders = [(second, first), (first, second)]  # (month, day)
    if reading.language == "en":
        orders.reverse()
    year = match.groupdict().get("y")
    for month, day in orders:
        found = (
            days.on(int(year) % 100 + 2000, month, day)
            if year
            else days.of_year(month, day, reading.today, _near(match, reading))
        )
        if found:
            return found
    return None


def day_with_month(match: re.Match[str], reading: Reading) -> Found:
    month, day = table("months")[match["month"]], _number_of_day(match)
    if match["year"]:
        return days.on(2000 + int(match["year"][-2:]), month, day)
    return days.of_year(month, day, reading.today, _near(match, reading), _weekday(match))


def relative_day(match: re.Match[str], reading: Reading) -> Found:
    return reading.today + datetime.timedelta(days=table("days")[match["word"]])


def _counted_from(match: re.Match[str], reading: Reading) -> datetime.date:
    """The day that "a week from …" counts from: today where nothing else is said."""
    base = match.groupdict().get("base") or ""
    if base in table("weekdays"):
        return days.weekday_after(table("weekdays")[base], reading.today)
    return reading.today + datetime.timedelta(days=base == "tomorrow")


def at_a_distance(sign: int) -> Reader:
    def read(match: re.Match[str], reading: Reading) -> Found:
        said = match["count"]
        count = 2 if "couple" in said else small(said)
        if count is None or count > 400:
            return None
        unit, count, today = match["unit"], count * sign, _counted_from(match, reading)
        if match["working"] or match["working_first"]:
            return days.working_days_after(count, today) if unit[0] in "jd" else None
        if unit[0] in "jd":
            return today + datetime.timedelta(days=count)
        if unit.startswith(("semaine", "week")):
            return today + datetime.timedelta(weeks=count)
        if unit in ("quinzaine", "fortnight"):
            return today + datetime.timedelta(days=count * (15 if unit == "quinzaine" else 14))
        return days.months_after(today, count * (1 if unit.startswith("mo") else 12))

    return read


def edge_of_month(match: re.Match[str], reading: Reading) -> Found:
    """ "fin du mois", "end of next month", "début avril", "mid-March"."""
    if match.groupdict().get("month"):
        month = table("months")[match["month"]]
        first = days.month_of_year(month, reading.today, reading.prefer or "future")
        if match["year"]:
            first = datetime.date(2000 + int(match["year"][-2:]), month, 1)
    else:
        first = days.month_after(reading.today, _shift(match["mois"], match["month_side"]))
    edge = match["edge"]
    if edge.startswith(("debut", "beginning", "start")):
        return first
    return first.replace(day=15) if edge.startswith("mi") else days.last_day(first)


def month_end(_: re.Match[str], reading: Reading) -> Found:
    return days.last_day(reading.today)


def day_of_relative_month(match: re.Match[str], reading: Reading) -> Found:
    month_side = match["mois"] or match["month_side"]
    if not month_side:
        return days.of_month(_number_of_day(match), reading.today, _near(match, reading) or "future")
    first = days.month_after(reading.today, _shift(month_side))
    return days.on(first.year, first.month, _number_of_day(match))


def weekday_and_day(match: re.Match[str], reading: Reading) -> Found:
    return days.of_month(_number_of_day(match), reading.today, _near(match, reading), _weekday(match))


def weekday_alone(match: re.Match[str], reading: Reading) -> Found:
    weekday = _weekday(match)
    assert weekday is not None
    said = match["before"] or match["after"] or ""
    if re.fullmatch(LAST, said):
        return days.weekday_before(weekday, reading.today)
    if said in ("ce", "this") and weekday == reading.today.weekday():
        return reading.today
    if not said and _near(match, reading) == "past":
        return days.weekday_before(weekday, reading.today)
    later = days.weekday_after(weekday, reading.today)
    return later + datetime.timedelta(weeks=1) if match["week_later"] else later


def short_weekday(match: re.Match[str], reading: Reading) -> Found:
    weekday = table("short_weekdays")[match["weekday"] or match["weekday_sure"]]
    past = match["before"] == "last" or (
        match["before"] not in ("next", "this", "by") and _near(match, reading) == "past"
    )
    return days.weekday_before(weekday, reading.today) if past else days.weekday_after(weekday, reading.today)


def nth_weekday(match: re.Match[str], reading: Reading) -> Found:
    """ "le deuxième vendredi d'avril", "the last Friday of the month"."""
    number = 5 if match["nth"] in ("dernier", "last") else int(match["nth_digits"] or table("ordinals")[match["nth"]])
    weekday = table("weekdays")[match["weekday"]]
    if match["month"]:
        first = days.month_of_year(table("months")[match["month"]], reading.today, reading.prefer or "future")
    else:
        first = days.month_after(reading.today, _shift(match["mois"], match["month_side"]))
    return days.nth_weekday(first, weekday, number)


def feast_day(match: re.Match[str], reading: Reading) -> Found:
    """A holiday by its name, in the year that is nearest on its side."""
    feast = words()["feasts"][feast_names()[match["feast"]]]["day"]
    years = [reading.today.year + shift for shift in (-1, 0, 1)]
    if len(feast) == 2:
        found = [days.on(year, *feast) for year in years]
    else:
        month, weekday, number = feast
        found = [days.nth_weekday(datetime.date(year, month, 1), weekday, number) for year in years]
    return days.chosen(found, reading.today, _near(match, reading))


def feast_names() -> dict[str, str]:
    return {spelling: name for name, feast in words()["feasts"].items() for spelling in feast["spelled"]}


def day_alone(match: re.Match[str], reading: Reading) -> Found:
    return days.of_month(_number_of_day(match), reading.today, _near(match, reading) or "future")
