"""The tables of the page of figures, made from what `desk/dashboard.py` counted."""

from __future__ import annotations

import datetime
import operator
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from babel.dates import format_date

from desk.console.names import Names
from desk.console.tables import COUNT, MONEY, SCORE, SHARE, TEXT, TIME, Cell, Row, Table
from desk.console.words import Words
from desk.dashboard import Choice, Figures
from desk.reckoning import ASSISTANT, NOBODY, PERSON, REQUEST
from desk.resolution import AGENT, CHANGE, CUSTOMER, OPEN, RESOLVED, RETURNED, SILENT
from desk.talk_groups import LANGUAGES, TIMES, Group
from formats import LOCALES, clock

SERIES = (ASSISTANT, REQUEST, PERSON, NOBODY)  # from the bottom of the stacks up
DAYS_MOST = 92  # beyond, weeks: days would be thinner than can be seen
FEEDBACK_SHOWN = 10


def all_tables(found: Figures, choice: Choice, words: Words, names: Names, part_cost: Decimal) -> dict[str, Table]:
    """Every table of the page by its name, in the page's order. `part_cost`: dollars for a part of a text message."""
    tables = (
        days(found, choice, words),
        hours(found, words),
        helped(found, words),
        outcomes(found, words),
        times(found, words),
        languages(found, words),
        due(found, words),
        questions(found, names),
        requests(found, names),
        ratings(found, words),
        sms(found, words, part_cost),
    )
    return {table.name: table for table in tables}


def days(found: Figures, choice: Choice, words: Words) -> Table:
    """Conversations by day, or by week where the period is long, and who helped."""
    length = (choice.last - choice.first).days + 1
    weekly = length > DAYS_MOST
    counted: dict[datetime.date, Counter[str]] = {}
    for number in range(length):
        day = choice.first + datetime.timedelta(days=number)
        start = day - datetime.timedelta(days=day.weekday()) if weekly else day
        counted[start] = counted.get(start, Counter()) + found.days.get(day.isoformat(), Counter())
    rows = tuple(
        Row((_day(day, words, weekly), count.total(), *(count[who] for who in SERIES)))
        for day, count in counted.items()
    )
    heads = ("assistant", "asked_request", "person", "nobody")
    return Table("days", (("day", TEXT), ("count", COUNT), *((head, COUNT) for head in heads)), rows)


def hours(found: Figures, words: Words) -> Table:
    """Conversations by the hour at which they began."""
    rows = tuple(Row((clock(datetime.time(hour), words.language), found.hours[hour])) for hour in range(24))
    return Table("hours", (("hour", TEXT), ("count", COUNT)), rows)


def helped(found: Figures, words: Words) -> Table:
    """Who helped."""
    whole = found.whole
    rows = tuple(Row((_row(words, who), whole.helped[who], whole.share(who))) for who in SERIES)
    return Table("helped", (("who", TEXT), ("count", COUNT), ("share", SHARE)), rows, bar=2)


def outcomes(found: Figures, words: Words) -> Table:
    """What became of them; those resolved by whose evidence."""
    whole = found.whole
    counts = [(who, whole.by[who]) for who in (CUSTOMER, CHANGE, AGENT)]
    counts += [(kind, whole.became[kind]) for kind in (RETURNED, OPEN, SILENT)]
    rows = tuple(
        Row((_row(words, name), count, count / whole.count if whole.count else None)) for name, count in counts
    )
    return Table("outcomes", (("what", TEXT), ("count", COUNT), ("share", SHARE)), rows, bar=2)


def times(found: Figures, words: Words) -> Table:
    """How long it took."""
    rows = []
    for name in TIMES:
        spread = found.whole.spread(name)
        rows.append(Row((_row(words, name), spread.median, spread.p90, spread.count)))
    columns = (("measure", TEXT), ("median", TIME), ("p90", TIME), ("count", COUNT))
    return Table("times", columns, tuple(rows))


def languages(found: Figures, words: Words) -> Table:
    """French and English side by side."""
    groups = [found.languages[one] for one in LANGUAGES]
    count = found.whole.count

    def both(name: str, kind: str, value: Callable[[Group], Cell]) -> Row:
        return Row((_row(words, name), *(value(group) for group in groups)), kind)

    rows = (
        both("count", COUNT, lambda group: group.count),
        both("share", SHARE, lambda group: group.count / count if count else None),
        *(both(who, SHARE, operator.methodcaller("share", who)) for who in SERIES),
        both("resolved", SHARE, lambda group: group.became_share(RESOLVED)),
        both("returned", SHARE, lambda group: group.became_share(RETURNED)),
        both("silent", SHARE, lambda group: group.became_share(SILENT)),
        both("rating", SCORE, lambda group: group.rating),
        both("helpful", SHARE, lambda group: group.helpful_share),
        both("first_s", TIME, lambda group: group.spread("first_s").median),
        both("person_s", TIME, lambda group: group.spread("person_s").median),
    )
    return Table("languages", (("measure", TEXT), ("fr", COUNT), ("en", COUNT)), rows)


def due(found: Figures, words: Words) -> Table:
    """Requests of the period and their due times."""
    values = (
        ("opened", found.due.opened),
        ("solved", found.due.solved),
        ("running", found.due.running),
        ("late", found.due.late),
        ("missed", found.due.missed),
    )
    opened = found.due.opened
    rows = tuple(Row((_row(words, name), value, value / opened if opened else None)) for name, value in values)
    return Table("due", (("what", TEXT), ("number", COUNT), ("share", SHARE)), rows, bar=2)


def questions(found: Figures, names: Names) -> Table:
    """The articles that answered most, and what customers said of them; then those that helped least."""
    shown = [outcome for outcome, _ in found.questions]
    worst = sorted((one for one in found.helped if found.helped[one][1]), key=lambda one: -found.helped[one][1])
    counts = dict(found.questions)
    rows = tuple(
        Row((names.topic(one) or one, counts.get(one), *found.helped.get(one, (None, None))))
        for one in dict.fromkeys([*shown, *worst[:FEEDBACK_SHOWN]])
    )
    return Table("questions", (("article", TEXT), ("count", COUNT), ("yes", COUNT), ("no", COUNT)), rows, bar=1)


def requests(found: Figures, names: Names) -> Table:
    """What customers asked to be done."""
    rows = tuple(Row((names.topic(outcome) or outcome, count)) for outcome, count in found.requests)
    return Table("requests", (("request", TEXT), ("count", COUNT)), rows, bar=1)


def ratings(found: Figures, words: Words) -> Table:
    """How many gave each rating, by language."""
    scores = [
        Row((f"{score} / 5", *(found.languages[one].ratings[score] for one in LANGUAGES))) for score in range(5, 0, -1)
    ]
    judged = [
        Row((words.name("dashboard_columns", name), *(getattr(found.languages[one], field) for one in LANGUAGES)))
        for name, field in (("yes", "helpful"), ("no", "unhelpful"))
    ]
    return Table("ratings", (("score", TEXT), ("fr", COUNT), ("en", COUNT)), (*scores, *judged))


def sms(found: Figures, words: Words, part_cost: Decimal) -> Table:
    """Text messages that went out, and what they cost."""
    texts = [found.texts[one] for one in LANGUAGES]
    rows = (
        Row((_row(words, "texts"), *(one.count for one in texts))),
        Row((_row(words, "parts"), *(one.parts for one in texts))),
        Row((_row(words, "parts_each"), *(one.parts / one.count if one.count else None for one in texts)), SCORE),
        Row((_row(words, "cost"), *(float(one.parts * part_cost) for one in texts)), MONEY),
    )
    return Table("sms", (("measure", TEXT), ("fr", COUNT), ("en", COUNT)), rows)


def _row(words: Words, name: str) -> str:
    return words.name("dashboard_rows", name)


def _day(day: datetime.date, words: Words, weekly: bool) -> str:
    pattern = "d MMM y" if words.language == "fr" else "MMM d, y"
    text = str(format_date(day, pattern, locale=LOCALES[words.language]))
    if words.language == "fr" and day.day == 1:
        text = text.replace("1 ", "1er ", 1)  # as formats.day
    return words("dash_week", day=text) if weekly else text
