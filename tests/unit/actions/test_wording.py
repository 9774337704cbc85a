"""Money, dates and hours as fr-CA and en-CA write them. « ␣ » in these tests is a no-break space."""

import datetime

import pytest

from actions.wording import hours, opening, word
from formats import clock, day, money, weekday


def nb(text):
    return text.replace("␣", "\u00a0")


@pytest.mark.parametrize(
    ("amount", "currency", "french", "english"),
    [
        ("284.52", "CAD", "284,52␣$", "$284.52"),
        ("1250.00", "CAD", "1␣250,00␣$", "$1,250.00"),
        ("1234567.80", "CAD", "1␣234␣567,80␣$", "$1,234,567.80"),
        ("0.00", "CAD", "0,00␣$", "$0.00"),
        ("-5.10", "CAD", "-5,10␣$", "-$5.10"),
        ("3650.00", "USD", "3␣650,00␣$␣US", "US$3,650.00"),
    ],
)
def test_money(amount, currency, french, english):
    assert money({"amount": amount, "currency": currency}, "fr") == nb(french)
    assert money({"amount": amount, "currency": currency}, "en") == english


def test_money_without_a_currency_is_canadian():
    assert money({"amount": "12.95"}, "en") == "$12.95"


@pytest.mark.parametrize(
    ("date", "french", "english"),
    [
        ("2026-12-01", "1er décembre 2026", "December 1, 2026"),
        ("2026-02-28", "28 février 2026", "February 28, 2026"),
        ("2026-11-11", "11 novembre 2026", "November 11, 2026"),
        ("2026-01-21", "21 janvier 2026", "January 21, 2026"),
        ("2027-08-31", "31 août 2027", "August 31, 2027"),
    ],
)
def test_dates(date, french, english):
    assert day(date, "fr") == french
    assert day(datetime.date.fromisoformat(date), "en") == english


def test_weekdays_say_the_first_of_a_month_as_french_does():
    moment = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
    assert weekday(moment, "fr") == "lundi 1er juin"
    assert weekday(moment, "en") == "Monday, June 1"
    assert weekday(moment + datetime.timedelta(days=20), "fr") == "dimanche 21 juin"


@pytest.mark.parametrize(
    ("time", "french", "english"),
    [
        ("08:00", "8␣h", "8␣a.m."),
        ("08:30", "8␣h␣30", "8:30␣a.m."),
        ("12:00", "12␣h", "12␣p.m."),
        ("12:05", "12␣h␣05", "12:05␣p.m."),
        ("00:00", "0␣h", "12␣a.m."),
        ("20:00", "20␣h", "8␣p.m."),
        ("23:59", "23␣h␣59", "11:59␣p.m."),
    ],
)
def test_times_of_day(time, french, english):
    assert clock(datetime.time.fromisoformat(time), "fr") == nb(french)
    assert clock(datetime.time.fromisoformat(time), "en") == nb(english)


def test_opening_hours_in_a_sentence():
    setting = {"time_zone": "America/Toronto", "monday-friday": ["08:00", "20:00"]}
    assert nb("de 8␣h à 20␣h") in hours(setting, "fr")
    assert nb("8␣a.m. to 8␣p.m.") in hours(setting, "en")


@pytest.mark.parametrize(
    ("moment", "french", "english"),
    [
        ("2026-11-23T13:00:00+00:00", "le lundi 23 novembre à 8␣h", "Monday, November 23 at 8␣a.m."),
        # Summer time: the same hour of the clock is another one in UTC.
        ("2026-06-01T12:00:00+00:00", "le lundi 1er juin à 8␣h", "Monday, June 1 at 8␣a.m."),
        # Late in the evening it is already the next day in UTC.
        ("2026-11-24T02:30:00+00:00", "le lundi 23 novembre à 21␣h␣30", "Monday, November 23 at 9:30␣p.m."),
    ],
)
def test_the_next_opening_is_said_in_local_time(moment, french, english):
    assert opening(moment, "America/Toronto", "fr") == nb(french)
    assert opening(moment, "America/Toronto", "en") == nb(english)


def test_a_word_is_found_by_its_place_and_filled():
    assert word("states.open", "fr") == "ouverte"
    assert word("call", "en", phone="1 888 576-4899") == "You can also call 1 888 576-4899."
    with pytest.raises(KeyError):
        word("states.lost", "fr")
