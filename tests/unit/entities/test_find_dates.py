"""Days, months and times in both languages. Today is Wednesday, 18 March 2026, where nothing else is said."""

import datetime

import pytest

import entities

TODAY = datetime.date(2026, 3, 18)


def values(text, kind, language="fr", today=TODAY, prefer=None):
    found = entities.find(text, language=language, today=today, prefer=prefer)
    return [entity.value for entity in found if entity.kind == kind]


FRENCH = [
    ("le 15 mars", "2026-03-15"),
    ("LE 15 MARS 2027", "2027-03-15"),
    ("15 mars 2026", "2026-03-15"),
    ("lundi le 16 mars", "2026-03-16"),
    ("le mardi 24 mars", "2026-03-24"),
    ("1er avril", "2026-04-01"),
    ("le premier avril", "2026-04-01"),
    ("le 1ᵉʳ mai", "2026-05-01"),
    ("le 3 fevrier", "2026-02-03"),
    ("le 12 août", "2026-08-12"),
    ("le 20 déc.", "2025-12-20"),
    ("le 20\u00a0décembre\u00a02026", "2026-12-20"),
    ("le 5 sept", "2026-09-05"),
    ("vendredi prochain", "2026-03-20"),
    ("Vendredi", "2026-03-20"),
    ("ce vendredi", "2026-03-20"),
    ("mardi dernier", "2026-03-17"),
    ("jeudi passé", "2026-03-12"),
    ("vendredi le 20", "2026-03-20"),
    ("vendredi en huit", "2026-03-27"),
    ("lundi matin", "2026-03-23"),
    ("hier", "2026-03-17"),
    ("hier soir", "2026-03-17"),
    ("avant-hier", "2026-03-16"),
    ("avant hier", "2026-03-16"),
    ("aujourd’hui", "2026-03-18"),
    ("demain", "2026-03-19"),
    ("après-demain", "2026-03-20"),
    ("apres demain", "2026-03-20"),
    ("ce soir", "2026-03-18"),
    ("dans 10 jours", "2026-03-28"),
    ("dans deux semaines", "2026-04-01"),
    ("d’ici une semaine", "2026-03-25"),
    ("dans 3 jours ouvrables", "2026-03-23"),
    ("il y a 3 jours", "2026-03-15"),
    ("il y a trois semaines", "2026-02-25"),
    ("ya 2 jours", "2026-03-16"),
    ("2026-03-15", "2026-03-15"),
    ("15/03", "2026-03-15"),
    ("05/04/2026", "2026-04-05"),
    ("15.03.2026", "2026-03-15"),
    ("15-03-2026", "2026-03-15"),
    ("03/25/2026", "2026-03-25"),
    ("fin du mois", "2026-03-31"),
    ("à la fin du mois prochain", "2026-04-30"),
    ("d’ici la fin mars", "2026-03-31"),
    ("au début du mois prochain", "2026-04-01"),
    ("à la mi-avril", "2026-04-15"),
    ("le premier du mois prochain", "2026-04-01"),
    ("le 1er du mois", "2026-04-01"),
    ("le 5 du mois prochain", "2026-04-05"),
    ("le 25", "2026-03-25"),
    ("je vais payer le 3", "2026-04-03"),
    ("avant le 3 svp", "2026-04-03"),
    ("j’ai payé le 3", "2026-03-03"),
    ("la facture du 3", "2026-03-03"),
    ("j’ai envoyé le chèque vendredi", "2026-03-13"),
    ("ça ne marche plus depuis lundi", "2026-03-16"),
    ("le deuxième mardi d’avril", "2026-04-14"),
    ("payé le 28 dec", "2025-12-28"),
    ("à Noël", "2025-12-25"),
    ("je paierai à Noël", "2026-12-25"),
    ("je paie le 15 avril 25 $", "2026-04-15"),
]
ENGLISH = [
    ("March 15", "2026-03-15"),
    ("on March 24th", "2026-03-24"),
    ("15 March 2026", "2026-03-15"),
    ("March 2, 2025", "2025-03-02"),
    ("on March 2 2025", "2025-03-02"),
    ("since May 3, 2024", "2024-05-03"),
    ("Mar. 15, 2026", "2026-03-15"),
    ("the 15th of March", "2026-03-15"),
    ("Sept 3", "2026-09-03"),
    ("by May 12", "2026-05-12"),
    ("next Friday", "2026-03-20"),
    ("Friday", "2026-03-20"),
    ("this Friday", "2026-03-20"),
    ("last Tuesday", "2026-03-17"),
    ("last Wed", "2026-03-11"),
    ("Friday the 20th", "2026-03-20"),
    ("Thursday morning", "2026-03-19"),
    ("yesterday", "2026-03-17"),
    ("the day before yesterday", "2026-03-16"),
    ("today", "2026-03-18"),
    ("tonight", "2026-03-18"),
    ("tomorrow", "2026-03-19"),
    ("tmrw", "2026-03-19"),
    ("the day after tomorrow", "2026-03-20"),
    ("in two weeks", "2026-04-01"),
    ("in 10 days", "2026-03-28"),
    ("within 5 business days", "2026-03-25"),
    ("3 days ago", "2026-03-15"),
    ("a week ago", "2026-03-11"),
    ("a couple of days ago", "2026-03-16"),
    ("two months ago", "2026-01-18"),
    ("a week from Friday", "2026-03-27"),
    ("03/15/2026", "2026-03-15"),
    ("15/03/2026", "2026-03-15"),
    ("4/5", "2026-04-05"),
    ("2026/03/15", "2026-03-15"),
    ("end of the month", "2026-03-31"),
    ("the end of next month", "2026-04-30"),
    ("end of March", "2026-03-31"),
    ("mid-April", "2026-04-15"),
    ("next month’s first", "2026-04-01"),
    ("the first of next month", "2026-04-01"),
    ("the 3rd of next month", "2026-04-03"),
    ("the 5th of last month", "2026-02-05"),
    ("the 25th", "2026-03-25"),
    ("I’ll pay on the 3rd", "2026-04-03"),
    ("I paid on the 3rd", "2026-03-03"),
    ("the bill from the 3rd", "2026-03-03"),
    ("it stopped working Monday", "2026-03-16"),
    ("can you come Monday", "2026-03-23"),
    ("the second Tuesday of April", "2026-04-14"),
    ("the last Friday of the month", "2026-03-27"),
    ("by Canada Day", "2026-07-01"),
    ("Labour Day", "2026-09-07"),
]


@pytest.mark.parametrize(("text", "day"), FRENCH)
def test_a_day_in_french(text, day):
    assert values(text, "date") == [day]


@pytest.mark.parametrize(("text", "day"), ENGLISH)
def test_a_day_in_english(text, day):
    assert values(text, "date", "en") == [day]


@pytest.mark.parametrize(
    "text",
    [
        "mais je ne comprends pas", "mai je comprends pas", "may I ask something", "may 3 people use it", "êtes-vous ouverts le samedi",
        "tous les lundis", "every Friday", "Monday to Friday", "du lundi au vendredi", "24/7", "1/2 heure", "10/10 pour le service",
        "le 3 en 1", "les 3 modems", "the 3rd bill in a row", "le 2e étage", "the second line", "une seconde", "sept jours de retard",
        "j’ai 3 lignes", "le 514 555-0101", "31 novembre", "2026-13-45", "le premier modem", "for the first time", "rue du 24-Juin",
        "le 15 de chaque mois", "the 1st of every month", "the sun is out", "mon modem", "we sat for hours", "firmware 7.1.26",
        "le 99 mars", "3,12 $", "192.168.0.1", "he will march on", "1 800 672 6937",
    ],
)  # fmt: skip
def test_what_is_no_day_is_not_read_as_one(text, language):
    assert values(text, "date", language) == []


def test_two_days_of_one_message_are_both_read():
    assert values("du 3 au 7 avril", "date")[-1] == "2026-04-07"
    assert values("j’ai payé vendredi, je paierai le reste lundi", "date") == ["2026-03-13", "2026-03-23"]
    assert values("paid 45 on Friday, will pay the rest next Monday", "date", "en") == ["2026-03-13", "2026-03-23"]


def test_the_question_decides_on_which_side_of_today_a_day_is():
    assert values("le 3", "date", prefer="past") == ["2026-03-03"]
    assert values("le 3", "date", prefer="future") == ["2026-04-03"]
    assert values("Friday", "date", "en", prefer="past") == ["2026-03-13"]
    assert values("March 25", "date", "en", prefer="past") == ["2025-03-25"]
    assert values("avril", "month", prefer="past") == ["2025-04"]
    assert values("avril", "month", prefer="future") == ["2026-04"]


def test_days_at_the_ends_of_months_and_years():
    eve = datetime.date(2026, 12, 31)
    assert values("demain", "date", today=eve) == ["2027-01-01"]
    assert values("le 3", "date", today=eve) == ["2027-01-03"]
    assert values("in a month", "date", "en", datetime.date(2026, 1, 31)) == ["2026-02-28"]
    assert values("le 29 février", "date", prefer="future") == ["2028-02-29"]
    assert values("le 31", "date", today=datetime.date(2026, 4, 2), prefer="future") == ["2026-05-31"]
    assert values("le mois dernier", "month", today=datetime.date(2026, 1, 5)) == ["2025-12"]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("facture de mars", "2026-03"),
        ("la facture d’avril", "2025-04"),
        ("factures de décembre", "2025-12"),
        ("February bill", "2026-02"),
        ("the bill for May", "2025-05"),
        ("le mois dernier", "2026-02"),
        ("le mois passé", "2026-02"),
        ("mois prochain", "2026-04"),
        ("ce mois-ci", "2026-03"),
        ("last month’s bill", "2026-02"),
        ("next month", "2026-04"),
        ("this month", "2026-03"),
        ("février 2025", "2025-02"),
        ("Nov. 2025", "2025-11"),
        ("2025-02", "2025-02"),
        ("02/2025", "2025-02"),
        ("mai", "2026-05"),
        ("mars dernier", "2025-03"),
        ("janvier de l’an dernier", "2025-01"),
        ("the month before last", "2026-01"),
        ("ma facture de sept", "2025-09"),
    ],
)
def test_a_month_without_its_day(text, month, language):
    assert values(text, "month", language) == [month]


@pytest.mark.parametrize(
    "text",
    ["mais", "may I", "mai pourquoi", "il y a sept factures", "le 15 mars", "march on", "les barres Mars",
     "April on your team was kind",
    "ça marche", "décembrement"]
)  # fmt: skip
def test_what_is_no_month_is_not_read_as_one(text, language):
    assert values(text, "month", language) == []


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("demain à 14h", "14:00"),
        ("vers 14 h 30", "14:30"),
        ("14h30", "14:30"),
        ("à 9 heures", "09:00"),
        ("2 pm", "14:00"),
        ("at 2:30 p.m.", "14:30"),
        ("12 am", "00:00"),
        ("14:30", "14:30"),
        ("avant midi", "12:00"),
        ("around noon", "12:00"),
    ],
)
def test_a_time_of_day(text, time, language):
    assert values(text, "time", language) == [time]


@pytest.mark.parametrize("text", ["24h/24", "depuis 2 h", "sous 48 h", "25:00", "3 pages", "12 h d’attente", "1:1"])
def test_what_is_no_time_is_not_read_as_one(text, language):
    assert values(text, "time", language) == []
