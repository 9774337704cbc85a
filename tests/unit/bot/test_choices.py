"""Which of the offered choices was taken: by number, letter, ordinal or its own words."""

import pytest

from bot.choices import chosen

CHOICES = [
    {"title": "Voir ma dernière facture", "outcome": "do/latest_bill"},
    {"title": "Nombre d’utilisateurs", "outcome": "primus/user-limit"},
    {"title": "Parler à une personne", "outcome": "do/talk_to_agent"},
]
FIRST = [
    "1", "1.", "1)", "(1)", "#1", "# 1", "no 1", "no. 1", "numéro 1", "option 1", "choix 1", "choice a", "a", "A", "un", "one", "1er",
    "1st", "first", "the first", "the first one", "first please", "the first one please", "le premier", "Le premier svp", "la première",
    "la une", "L'option 1", "voir ma derniere facture", "VOIR MA DERNIÈRE FACTURE!", "Voir ma dernière facture.",
]  # fmt: skip
SECOND = [
    "2",
    "deux",
    "two",
    "b",
    "le 2e",
    "la deuxième",
    "la seconde",
    "the second one",
    "nombre d'utilisateurs",
    "2nd",
    "no2",
]
THIRD = [
    "3",
    "trois",
    "c",
    "le troisième",
    "third one please",
    "the third",
    "parler a une personne",
    "choix 3 s'il vous plaît",
]


@pytest.mark.parametrize("text", FIRST)
def test_the_first(text):
    assert chosen(text, CHOICES) == "do/latest_bill"


@pytest.mark.parametrize("text", SECOND)
def test_the_second(text):
    assert chosen(text, CHOICES) == "primus/user-limit"


@pytest.mark.parametrize("text", THIRD)
def test_the_third(text):
    assert chosen(text, CHOICES) == "do/talk_to_agent"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "4", "quatre", "d", "0", "12", "no", "non", "oui", "aucun", "les deux", "both", "lea", "la", "le", "1002003001",
        "1 et 2", "my bill", "one bill", "premier niveau",
    ],
)  # fmt: skip
def test_none_of_them(text):
    assert chosen(text, CHOICES) is None


def test_without_choices_nothing_is_chosen():
    assert chosen("1", []) is None


def test_a_title_that_is_a_number_word_wins_over_the_place():
    choices = [{"title": "Deux", "outcome": "x"}, {"title": "Un", "outcome": "y"}]
    assert chosen("deux", choices) == "x"
