"""What makes a message urgent by its words, in both languages; and what looks like it and is not."""

import pytest

from desk.signals import find_categories, find_signals, is_deadline
from desk.triage_data import read_rules

LEXICON = read_rules().lexicon


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Plus d’Internet depuis hier soir", "no_service"),
        ("ya pu de tonalité sur la ligne 2, pas de tonalite du tout", "no_service"),
        ("Nos lignes sont mortes", "no_service"),
        ("my internet is down again", "no_service"),
        ("we have no dial tone", "no_service"),
        ("vous m’avez coupé ce matin", "disconnected"),
        ("my service got disconnected this morning", "disconnected"),
        ("vous allez nous couper jeudi", "disconnection_threat"),
        ("I got a final notice", "disconnection_threat"),
        ("le 911 ne passe plus", "safety"),
        ("staff can't dial 911", "safety"),
        ("ça fait trois fois que j’écris", "repeated"),
        ("This is the third time I write", "repeated"),
        ("c’est la deuxième fois que j’appelle", "came_back"),
        ("on peut plus expédier un seul colis", "business_stopped"),
        ("we can't ship anything", "business_stopped"),
        ("ma mère est sur l’oxygène", "vulnerable"),
        ("she is on home oxygen", "vulnerable"),
        ("C’est inacceptable", "upset"),
        ("I am fed up", "upset"),
        ("gang de voleurs", "insult"),
        ("you are a bunch of crooks", "insult"),
        ("URGENT svp", "says_urgent"),
        ("l’affranchisseuse est en panne", "machine_down"),
        ("the meter won't print", "machine_down"),
        ("on a le NIP premier", "premier"),
        ("we have a premier PIN", "premier"),
        ("je vais aller au CRTC", "leaving"),
        ("I will call my lawyer", "leaving"),
        ("je veux parler à un superviseur", "asks_for_lead"),
        ("tout est réglé, merci", "settled"),
        ("everything is working now", "settled"),
    ],
)
def test_a_signal_is_found(text, name):
    assert name in find_signals(LEXICON, text)


@pytest.mark.parametrize(
    "text",
    [
        "Ce n’est pas urgent",
        "C'est pas urgent",
        "Rien d’urgent",
        "il n’y a aucune urgence",
        "this is not urgent",
        "Not an emergency, nothing urgent",
        "no rush at all",
        "quand vous aurez une minute, ça presse pas",
    ],
)
def test_what_is_said_not_to_be_urgent_is_the_contrary(text):
    found = find_signals(LEXICON, text)
    assert "no_hurry" in found
    assert not {"says_urgent", "hurry"} & set(found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Que se passe-t-il si vous allez couper le service?", "disconnection_threat"),
        ("What happens if my service got disconnected?", "disconnected"),
        ("The letter says “urgent action required”", "says_urgent"),
        ("La lettre dit « c’est inacceptable »", "upset"),
        ("En cas d’urgence, appelez-moi au bureau", "says_urgent"),
        ("Je ne suis pas fâché, juste curieux", "upset"),
        ("I'm not upset, just asking", "upset"),
        ("Veuillez agréer l’expression de mes sentiments distingués", "says_urgent"),
        ("Désolé de vous déranger encore une fois", "insult"),
        ("My address is 9110 King Street, suite 1911", "safety"),
    ],
)
def test_what_only_looks_like_a_signal_is_none(text, name):
    assert name not in find_signals(LEXICON, text)


def test_what_a_company_s_letter_announces_counts_even_in_quotes():
    assert "disconnection_threat" in find_signals(LEXICON, "La lettre dit « vous serez coupés : dernier avis »")


def test_a_plain_question_has_no_signal(language):
    text = {"fr": "Combien de personnes ont accès au service?", "en": "How many people can use the service?"}[language]
    assert find_signals(LEXICON, text) == {}


@pytest.mark.parametrize(
    ("text", "day", "last"),
    [
        ("I need it before Friday", "Friday", True),
        ("il me le faut avant vendredi", "vendredi", True),
        ("ça doit partir demain matin", "demain matin", True),
        ("they go out tomorrow", "tomorrow", True),
        ("d'ici le 3 décembre", "3 décembre", True),
        ("I paid by e-transfer on Thursday", "Thursday", False),
        ("j'ai payé jeudi", "jeudi", False),
        ("no dial tone since Friday", "Friday", False),
        ("Send it by noon. I called on Monday", "Monday", False),
    ],
)
def test_a_day_is_a_deadline_only_where_the_words_around_it_say_so(text, day, last):
    start = text.index(day)
    assert is_deadline(LEXICON, text, start, start + len(day)) is last


def test_the_words_of_a_matter_are_counted_once_each():
    assert len(find_categories(LEXICON, "ma facture, oui la facture, et le paiement")["billing"]) == 2
    assert find_categories(LEXICON, "bonjour") == {}


def test_a_long_text_of_nothing_takes_no_time_to_search():
    # A pattern that tried every way to read blanks would not end.
    assert find_signals(LEXICON, "perdu " * 4000 + "," * 4000 + " personne" * 1000) is not None
