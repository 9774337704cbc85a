"""Days that a message names: in digits, with a month's name, as a weekday, or by their distance from today.

dateparser was measured and is not used: it needs the candidates found first, its current release does not install beside Rasa 3.6
(regex and pytz are pinned), and on the forms that customers use most it is silent or wrong ("vendredi prochain", "mardi dernier",
"fin du mois", "le premier", "the 3rd"), for 20 MB and 0.35 ms a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from entities import day_readers as read
from entities.numbers import SMALL
from entities.reading import Entity, Reading
from entities.words import any_of, one_of

DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"
ORDINAL = r"(?P<ordinal>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|ere|re|e|eme|ieme)"
NAMED = rf"(?P<named>{any_of('ordinals')})"
ANY_DAY = rf"(?:{ORDINAL}|{DAY}|{NAMED})"
MONTH = rf"(?P<month>{any_of('months')})\b\.?"
# Two digits are a year only where nothing that they could count follows.
YEAR = r"(?:,? ?(?:de )?(?P<year>20\d\d|'\d\d|[23]\d(?= *(?:[.,;!?)]|$)))(?!\d|[.,:]\d))?"
WEEKDAY = rf"(?P<weekday>{any_of('weekdays')})"
NO_UNIT = r"(?! ?(?:\$|%|¢|h\b|h\d|:\d|[ap]\.?m\b|dollars?\b|piastres?\b|bucks\b|cad\b|[.,]\d))"
AFTER_A_DAY = rf"(?= *(?:$|[.,;:!?)'\"»]|-(?!\w)| {any_of('after_a_day')}(?!\w)))"
# "le 3 de chaque mois", "the 1st of every month", "12 mars de chaque année" are no days.
EVERY = r"(?! en \d)(?! (?:de|of|du) (?:chaque|tous|each|every|the bill|la facture|(?!mois|ce )\w+ (?:bill|facture)))"
NEXT, LAST = any_of("next"), any_of("last")
PRE_WEEKDAY = rf"(?:(?:(?:{NEXT}|{LAST}|this) )?{WEEKDAY}(?: (?:{NEXT}|{LAST}))?,? )?(?:(?:le|the) )?"
UNIT = r"(?P<unit>jours?|days?|semaines?|weeks?|mois|months?|ans?|annees?|years?|quinzaine|fortnight)"
WORKING = r"(?P<working> (?:ouvrables?|ouvres?))?"
NIGHT = r"(?: (?:matin|soir|midi|apres-midi|apres midi|morning|afternoon|evening|night))?"
COUNT = rf"(?P<count>{SMALL}|(?:une |a )?couple(?: of| de)?) (?P<working_first>(?:business|working) )?"
MOIS = rf"(?:du|de|of)? ?(?:ce |the |this |le )?(?:mois(?: (?P<mois>{NEXT}|{LAST}))?|(?P<month_side>{NEXT}|{LAST})? ?month(?:'s)?)(?!\w)"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w$]){text}(?!\w)")


# Not the fractions that people count with, nor full marks, where nothing calls them a day.
CALLED_A_DAY = (
    r"(?:(?<=le )|(?<=du )|(?<=on )|(?<=of )|(?<=by )|(?<=from )|(?<=since )|(?!1/[2-9]\b|[235]/[348]\b|10/10\b|5/5\b))"
)
# The more telling form first: a place that one has read is not read again.
FORMS: tuple[tuple[re.Pattern[str], read.Reader], ...] = (
    (
        re.compile(r"(?<![\w./-])(?P<y>20\d\d)(?P<sign>[-/.])(?P<m>\d\d?)(?P=sign)(?P<d>\d\d?)(?![\w/-]|\.\d)"),
        read.iso_day,
    ),
    (
        re.compile(r"(?<![\w./-])(?P<a>\d\d?)(?P<sign>[-/.])(?P<b>\d\d?)(?P=sign)(?P<y>20\d\d)(?![\w/-]|\.\d)"),
        read.day_in_digits,
    ),
    (
        re.compile(r"(?<![\w./-])(?P<a>\d\d?)(?P<sign>[-/])(?P<b>\d\d?)(?P=sign)(?P<y>[23]\d)(?![\w/-]|\.\d)"),
        read.day_in_digits,
    ),
    (
        re.compile(rf"(?<![\w./,-])(?!24/7){CALLED_A_DAY}(?P<a>\d\d?)/(?P<b>\d\d?)(?![\w/-]|[.,]\d)"),
        read.day_in_digits,
    ),
    (
        _pattern(rf"{PRE_WEEKDAY}{ANY_DAY}(?:,? ?|-)(?:de |of |du mois de |d')?{MONTH}{YEAR}{NO_UNIT}{EVERY}"),
        read.day_with_month,
    ),
    (
        # "may 3 people" is no day: without a preposition, a word must follow that may follow a day.
        _pattern(rf"{PRE_WEEKDAY}(?P<month>may|march|mar) {DAY}{YEAR}{NO_UNIT}{AFTER_A_DAY}"),
        read.day_with_month,
    ),
    (
        _pattern(
            rf"(?:on|by|of|from|for|since|until|before|after|dated) (?P<month>may|march|mar) {DAY}{YEAR}{NO_UNIT}(?!,? \d)"
        ),
        read.day_with_month,
    ),
    (
        _pattern(
            rf"{PRE_WEEKDAY}(?!(?:may|march|mar) \d\d?(?! ?\d|st|nd|rd|th|,)){MONTH} (?:the )?(?:{ORDINAL}|{DAY})"
            rf"{NO_UNIT}(?! [a-z]?\d{{3}}){YEAR}"
        ),
        read.day_with_month,
    ),
    (_pattern(rf"(?:d'ici|dans|in|within|d'ici a|under) {COUNT}{UNIT}{WORKING}"), read.at_a_distance(1)),
    (
        _pattern(rf"{COUNT}{UNIT}{WORKING} (?:from (?P<base>now|today|tomorrow|{any_of('weekdays')})|plus tard)"),
        read.at_a_distance(1),
    ),
    (_pattern(rf"(?:il y a|ya|y a|y'a|voila|voici) {COUNT}{UNIT}{WORKING}"), read.at_a_distance(-1)),
    (_pattern(rf"{COUNT}{UNIT}{WORKING} (?:ago|plus tot|back|earlier)"), read.at_a_distance(-1)),
    (_pattern(rf"(?P<word>{any_of('days')}){NIGHT}"), read.relative_day),
    (_pattern(rf"(?:la |the |le )?(?P<edge>fin|debut|end|beginning|start|mi|middle)(?: |-){MOIS}"), read.edge_of_month),
    (
        _pattern(
            rf"(?P<edge>fin|debut|mid?|(?:end|beginning|start|middle) of)(?: du mois)?(?: |-)(?:de |d')?{MONTH}{YEAR}"
        ),
        read.edge_of_month,
    ),
    (_pattern(r"(?:month[ -]end|eom)"), read.month_end),
    (_pattern(rf"(?:(?:le|the) )?{ANY_DAY} (?:day )?{MOIS}"), read.day_of_relative_month),
    (_pattern(rf"(?P<month_side>next|last) month's (?P<mois>)?(?:{ORDINAL}|{NAMED})"), read.day_of_relative_month),
    (
        _pattern(rf"{WEEKDAY},? (?:le |the )?(?:{ORDINAL}|{DAY}|(?P<named>premier|first)){NO_UNIT}{EVERY}"),
        read.weekday_and_day,
    ),
    (
        _pattern(
            rf"(?:le |the )?(?:(?P<nth>{any_of('ordinals')}|dernier|last)|(?P<nth_digits>[1-5])(?:st|nd|rd|th|er|e|eme)) {WEEKDAY}"
            rf" (?:(?:de|d'|of|in|en|du mois de|du mois d') ?(?P<month>{any_of('months')})|{MOIS})"
        ),
        read.nth_weekday,
    ),
    (_pattern(rf"(?P<feast>{one_of(read.feast_names())})"), read.feast_day),
    (
        _pattern(
            rf"(?:(?:(?P<before>last|next|this|by) (?P<weekday>{any_of('short_weekdays')}))"
            r"|(?P<before_sure>on|since|until|before) (?P<weekday_sure>tue|wed|thu|thur|fri))\.?"
        ),
        read.short_weekday,
    ),
    (
        _pattern(
            rf"(?:(?P<before>{NEXT}|{LAST}|ce|this) )?{WEEKDAY}(?! (?:au|a|to|through|-) {any_of('weekdays')})"
            rf"(?: (?P<after>{NEXT}|{LAST}))?(?P<week_later> en huit| week)?{NIGHT}"
        ),
        read.weekday_alone,
    ),
    (_pattern(rf"(?:le|du|au|jusqu'au) (?:{DAY}|(?P<ordinal>1)er){NO_UNIT}{EVERY}{AFTER_A_DAY}"), read.day_alone),
    (_pattern(rf"(?:the|on|by|until|before|since|after) (?:the )?{ORDINAL}{EVERY}{AFTER_A_DAY}"), read.day_alone),
    (
        _pattern(
            r"(?:d'ici|avant|pour|jusqu'|apres|depuis|by|on|until|before|for|since|after|c'est|it's) ?(?:le|au|the) "
            r"(?P<named>premier|first)(?= *(?:$|[.,;!?]))"
        ),
        read.day_alone,
    ),
)
# Opening hours and habits, streets: "le samedi", "tous les lundis", "every Friday", "du lundi au vendredi".
NO_DAYS = re.compile(
    rf"(?<!\w)(?:le|les|chaque|tous les|toutes les|every|each) (?:{any_of('weekdays')})(?! (?:le )?\d)(?! (?:{NEXT}|{LAST}))(?!\w)"
    rf"|(?<!\w)(?:{any_of('weekdays')}) (?:au|a|to|through|-) (?:{any_of('weekdays')})(?!\w)"
    # Streets: "rue du 24-Juin", "rue du Premier-Mai".
    rf"|(?<!\w)(?:rue|avenue|av\.?|boul(?:evard)?\.?|place|chemin) (?:du |de |des )?\w+[ -]{any_of('months')}(?!\w)"
)


def dates(reading: Reading) -> Iterator[Entity]:
    """The days of a message, values as ISO days, without overlap."""
    taken = [match.span() for match in NO_DAYS.finditer(reading.plain)]
    for pattern, reader in FORMS:
        for match in pattern.finditer(reading.plain):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            day = reader(match, reading)
            if day:
                taken.append(match.span())
                yield reading.entity("date", day.isoformat(), match.start(), match.end())
